"""Compare the languages of a lesson: they need the same cells, the same headings and the same formulas."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import groupby

from ncl_course.authoring.source import Lesson, SourceCell
from ncl_course.language import COMPLETE, LANGUAGES

FORMULA = re.compile(r"(?<!\\)\$\$.+?(?<!\\)\$\$|(?<!\\)\$.+?(?<!\\)\$", re.DOTALL)
WORDS = re.compile(r"\\text(?:rm|bf)?\{[^}]*\}")
HEADING = re.compile(r"^(#+) ", re.MULTILINE)
DETAILS = re.compile(r"<details")


def formulas(text: str) -> list[str]:
    """Return the formulas of a prose cell, sorted, without the words and the spaces in them, which may differ."""
    return sorted(re.sub(r"\s+", "", WORDS.sub(r"\\text{}", found)) for found in FORMULA.findall(text))


def headings(text: str) -> list[str]:
    """Return the levels of a prose cell's headings."""
    return HEADING.findall(text)


def hints(text: str) -> list[str]:
    """Return the collapsible hints of a prose cell."""
    return DETAILS.findall(text)


ALIKE: tuple[tuple[str, Callable[[str], list[str]]], ...] = (
    ("headings", headings),
    ("formulas", formulas),
    ("hints", hints),
)


def differences(lesson: Lesson) -> list[str]:
    """Return the differences between a lesson's languages: missing twins, their order, headings, formulas, hints."""
    problems = []
    for _, group in groupby((cell for cell in lesson.cells if cell.kind == "markdown"), key=lambda cell: cell.id):
        problems += compare(lesson.name, list(group))
    return problems


def compare(lesson: str, cells: list[SourceCell]) -> list[str]:
    """Return the problems of the twins with one id, which should stand side by side."""
    where = f"{lesson}: {cells[0].id}"
    spoken = [cell.lang for cell in cells]
    wanted = [lang for lang in LANGUAGES if lang in COMPLETE or lang in spoken]
    if spoken != wanted:
        return [f"{where} is there in {', '.join(spoken)}; put its twins side by side: {', '.join(wanted)}"]
    first, *others = cells
    return [
        f"{where}: the {what} differ: {first.lang} {find(first.text)}, {other.lang} {find(other.text)}"
        for other in others
        for what, find in ALIKE
        if find(first.text) != find(other.text)
    ]
