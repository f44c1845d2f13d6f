"""Read a lesson: a percent script with its prose in every language and its code once.

A prose cell is ``# %% [markdown] id="why" lang="en"``, with a twin in each other complete language under the same id. A
code cell has an ``id`` and may have one of these: ``solves="MaxPool2d"`` (the student writes here),
``check="MaxPool2d.forward"`` (the locked cell that checks it), ``role="setup"`` (the build adds the line that chooses
the language), ``role="picture"`` (given, nothing to write), ``role="question"`` (a call of ``ask``) or ``role="own"``
(the student's own experiments, worth no points).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

import jupytext
from nbformat.warnings import DuplicateCellId

from ncl_course.errors import LessonError

ROLES = ("setup", "picture", "given", "question", "own")


@dataclass(frozen=True)
class SourceCell:
    """One cell of a lesson's source; ``lang`` is empty for code."""

    id: str
    kind: str
    text: str
    lang: str = ""
    solves: str = ""
    check: str = ""
    role: str = ""


@dataclass(frozen=True)
class Lesson:
    """A lesson's cells in order, and its name, which is the file name of its notebooks."""

    name: str
    cells: tuple[SourceCell, ...]

    def in_language(self, lang: str) -> tuple[SourceCell, ...]:
        """Return the cells of one language's notebook; prose without a twin in that language is in English."""
        said = {cell.id for cell in self.cells if cell.lang == lang}
        return tuple(cell for cell in self.cells if cell.lang in ("", lang if cell.id in said else "en"))


def read(path: Path) -> Lesson:
    """Read the lesson in a percent script.

    Raises:
        LessonError: if a cell has no id, has the id of another cell in its language, or has an unknown attribute or
            role.
    """
    with warnings.catch_warnings():
        # jupytext draws ids of 8 hexadecimal digits; two may be equal by chance, and ours replace them
        warnings.simplefilter("ignore", DuplicateCellId)
        notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    cells = tuple(source_cell(path.stem, number, cell) for number, cell in enumerate(notebook.cells, 1))
    seen: set[tuple[str, str]] = set()
    for cell in cells:
        if (cell.id, cell.lang) in seen:
            raise LessonError(f"{path.name}: the id {cell.id!r} occurs twice; give the second cell another one")
        seen.add((cell.id, cell.lang))
    return Lesson(path.stem, cells)


def source_cell(lesson: str, number: int, cell: dict) -> SourceCell:  # type: ignore[type-arg]
    """Return one cell, as read by jupytext."""
    about = {key: value for key, value in cell["metadata"].items() if key not in ("lines_to_next_cell", "cell_marker")}
    where = f"{lesson}: cell {number}"
    if "id" not in about:
        raise LessonError(f'{where} has no id; write # %% id="…" ({cell["source"][:40]!r})')
    if cell["cell_type"] == "markdown" and "lang" not in about:
        raise LessonError(f'{where} ({about["id"]}) is prose without a language; write lang="en" or lang="ru"')
    unknown = set(about) - {"id", "lang", "solves", "check", "role"}
    if unknown or about.get("role", "given") not in ROLES:
        raise LessonError(f"{where} ({about['id']}) has an unknown attribute or role: {about}")
    return SourceCell(kind=cell["cell_type"], text=cell["source"], **about)
