"""The notebooks in a student's folder, one for each lesson."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from ncl_course.submission.errors import UnreadableNotebookError
from ncl_course.submission.lesson import lesson_of
from ncl_course.submission.notebook import Notebook, read_notebook


@dataclass(frozen=True)
class OnDesk:
    """The notebook of a lesson, and the path of its file."""

    path: Path
    notebook: Notebook


def notebooks_in(folder: Path, lessons: Collection[str]) -> dict[str, OnDesk]:
    """Find each of those lessons' notebooks in a folder, ignoring files that cannot be read.

    If a lesson has two notebooks, the one with the lesson's own name counts, or else the one that was changed last.
    """
    paths = sorted(folder.glob("*.ipynb"), key=lambda path: (path.stem in lessons, path.lstat().st_mtime))
    found = {}
    for path in paths:
        try:
            notebook = read_notebook(path)
        except UnreadableNotebookError:
            continue
        lesson = lesson_of(notebook, path.name)
        if lesson in lessons:
            found[lesson] = OnDesk(path, notebook)
    return found
