"""Assemble a notebook from a lesson's cells: stable ids, nbgrader's metadata, one line for the language."""

from __future__ import annotations

import ast
import re
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from ncl_course.authoring import nbgrader
from ncl_course.authoring.source import Lesson, SourceCell
from ncl_course.authoring.variant import regions, strip
from ncl_course.errors import LessonError
from ncl_course.exercises import EXERCISES, find


def assemble(lesson: Lesson, lang: str, *, key: bool) -> NotebookNode:
    """Return a lesson's notebook in one language: the instructor's key, or the student's version without answers."""
    notebook = new_notebook(
        cells=[notebook_cell(lesson, cell, lang, key=key) for cell in lesson.in_language(lang)],
        metadata={
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "ncl_course": {"language": lang, "lesson": lesson.name},
        },
    )
    nbformat.validate(notebook)
    return notebook


def notebook_cell(lesson: Lesson, cell: SourceCell, lang: str, *, key: bool) -> NotebookNode:
    """Return one cell of a notebook."""
    if cell.kind == "markdown":
        made = new_markdown_cell(cell.text)
    else:
        made = new_code_cell(cell.text if key else strip(cell.text))
    if cell.role == "setup":
        made.source = in_language(made.source, lang)
    made.id = cell.id
    made.metadata = nbformat.from_dict(metadata(lesson, cell))
    if not key:
        nbgrader.release(made)
    return made


def in_language(source: str, lang: str) -> str:
    """Return a setup cell with the line that chooses the language, between the imports and everything else."""
    imports = [node for node in ast.parse(source).body if isinstance(node, ast.Import | ast.ImportFrom)]
    lines, last = source.splitlines(), max((node.end_lineno or 0 for node in imports), default=0)
    rest = "\n".join(lines[last:]).strip("\n")
    return "\n".join(lines[:last]) + f'\n\nlanguage("{lang}")' + (f"\n{rest}" if rest else "")


def metadata(lesson: Lesson, cell: SourceCell) -> dict[str, Any]:
    """Return a cell's metadata for other tools.

    Raises:
        LessonError: if the student should write in the cell but it has no solution region; nbgrader would clear all of
            it.
    """
    about: dict[str, Any] = {"ncl_course": {"role": cell.role}} if cell.role else {}
    solved = bool(regions(cell.text))
    if cell.solves and not solved:
        raise LessonError(f"{lesson.name}: the cell {cell.id!r} solves {cell.solves}, but it marks no solution")
    if cell.check:
        about["nbgrader"] = nbgrader.marks(cell.id, points=points_of(lesson, cell.check))
    elif solved:
        about["nbgrader"] = nbgrader.marks(cell.id, points=None)
    if cell.check or solved or needs_students_code(lesson, cell):
        about["tags"] = ["raises-exception"]
    return about


def needs_students_code(lesson: Lesson, cell: SourceCell) -> bool:
    """Return whether a code cell is written by the student or uses what the student wrote; an error is possible there.

    Jupyter's "Run All" stops at an error in a cell without the tag ``raises-exception``.
    """
    names = "|".join(exercise.name for exercise in EXERCISES if exercise.lesson == lesson.name)
    uses = bool(names) and re.search(rf"\b(?:{names})\b", cell.text) is not None
    return cell.kind != "markdown" and (cell.role == "own" or uses)


def points_of(lesson: Lesson, check: str) -> float:
    """Return the points of a part, given as ``MaxPool2d.forward``.

    Raises:
        LessonError: if there is no such exercise or part.
    """
    name, _, part = check.partition(".")
    exercise = find(name)
    if exercise is None or exercise.lesson != lesson.name:
        raise LessonError(f"{lesson.name}: a cell checks {check}, but the lesson has no exercise {name!r}")
    return exercise.part(part).points


def to_text(notebook: NotebookNode) -> str:
    """Return a notebook as the text of its file: always the same text for the same notebook."""
    return nbformat.writes(notebook) + "\n"
