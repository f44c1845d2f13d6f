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
    """A lesson's notebook, and the file that holds it."""

    path: Path
    notebook: Notebook


def notebooks_in(folder: Path, lessons: Collection[str]) -> dict[str, OnDesk]:
    """The notebook of each of those lessons that a folder holds; what cannot be read is passed over.

    Of two notebooks of one lesson the one counts that has the lesson's own name, else the one changed last.
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
