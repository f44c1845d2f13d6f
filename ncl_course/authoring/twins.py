"""Compare the languages of a lesson: they need the same cells, the same headings and the same formulas."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import groupby

from ncl_course.authoring.source import Lesson, SourceCell
from ncl_course.language import COMPLETE, LANGUAGES

FORMULA = re.compile(r"(?<!\\)\$\$.+?(?<!\\)\$\$|(?<!\\)\$.+?(?<!\\)\$", re.DOTALL)
WORDS = re.compile(r"\\text(?:rm|bf)?\{[^}]*\}")
DECIMAL_POINT = re.compile(r"\d\.\d")
COMMA_LANGUAGES = ("ru",)
"""The languages that write a decimal comma, in formulas as in prose; TeX spells it ``0{,}5``."""

HEADING = re.compile(r"^(#+) ", re.MULTILINE)
DETAILS = re.compile(r"<details")


def formulas(text: str) -> list[str]:
    """Return the formulas of a prose cell, sorted, without what may differ: words, spaces and the decimal mark.

    Where the decimal mark is a comma, semicolons stand between the numbers of a list.
    """
    return sorted(plain(found) for found in FORMULA.findall(text))


def plain(formula: str) -> str:
    """Return a formula without words and spaces, with decimal points, and with commas between numbers."""
    spaceless = re.sub(r"\s+", "", WORDS.sub(r"\\text{}", formula)).replace("{,}", ".")
    return re.sub(r"(?<=\d);", ",", spaceless)


def decimal_points(text: str) -> list[str]:
    """Return the formulas of a prose cell that write a number with a decimal point."""
    return [found for found in FORMULA.findall(text) if DECIMAL_POINT.search(found)]


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
    pointed = [
        f"{where}: a decimal point in {cell.lang} {points}; write 0{{,}}5"
        for cell in cells
        if cell.lang in COMMA_LANGUAGES and (points := decimal_points(cell.text))
    ]
    return pointed + [
        f"{where}: the {what} differ: {first.lang} {find(first.text)}, {other.lang} {find(other.text)}"
        for other in others
        for what, find in ALIKE
        if find(first.text) != find(other.text)
    ]
