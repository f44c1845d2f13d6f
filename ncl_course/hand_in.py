"""Find a student's notebooks in a folder, and pack them for handing in: one zip, each notebook without its outputs."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ncl_course import lab
from ncl_course.desk import desk_folder
from ncl_course.errors import CourseError
from ncl_course.exercises import LESSONS
from ncl_course.language import LANGUAGES, text
from ncl_course.submission.desk import OnDesk, notebooks_in
from ncl_course.submission.errors import UnreadableNotebookError
from ncl_course.submission.lesson import lesson_in_name, lesson_of
from ncl_course.submission.notebook import read_bytes, read_notebook
from ncl_course.submission.saved import saved

ZIP = "hand_in.zip"
RENAMED = re.compile(r".+\.ipynb(?:\.txt|\.json|[ .]*\(\d{1,3}\))", re.IGNORECASE)
"""A notebook's name with what a browser adds behind it; Jupyter does not open such a file as a notebook."""

EARLIEST, LATEST = (1980, 1, 1, 0, 0, 0), (2107, 12, 31, 23, 59, 58)
"""The first and the last time that a zip can record."""


class HandInError(CourseError):
    """There is nothing to hand in; the message says which folder was searched and what to do."""


@dataclass(frozen=True)
class Work:
    """A student's work in a folder.

    Attributes:
        chosen: the notebook to hand in of each lesson that has one, by the lesson's name, in the course's order.
        left_out: further notebooks of the same lessons, each with its lesson.
        unreadable: notebooks that cannot be read, or whose names have lost their ending, each with the reason.
    """

    folder: Path
    chosen: dict[str, OnDesk]
    left_out: tuple[tuple[Path, str], ...]
    unreadable: tuple[tuple[Path, str], ...]

    @property
    def paths(self) -> list[Path]:
        """The files to hand in, in the course's order."""
        return [one.path for one in self.chosen.values()]

    @property
    def missing(self) -> list[str]:
        """The lessons without a notebook in the folder."""
        return [lesson for lesson in LESSONS if lesson not in self.chosen]


def survey(folder: Path) -> Work:
    """Find the notebooks to hand in.

    Raises:
        HandInError: if there is no such folder, or no notebook of a lesson in it.
    """
    if not folder.is_dir():
        raise HandInError(text("course.hand_in.no_folder", folder=folder))
    found = notebooks_in(folder, LESSONS)
    chosen = {lesson: found[lesson] for lesson in LESSONS if lesson in found}
    handed_in = {one.path for one in chosen.values()}
    left_out, unreadable = [], []
    for path in sorted(set(folder.glob("*.ipynb")) - handed_in):
        try:
            lesson = lesson_of(read_notebook(path), path.name)
        except UnreadableNotebookError as error:
            unreadable.append((path, str(error)))
            continue
        if lesson in chosen:
            left_out.append((path, lesson))
    renamed = sorted(path for path in folder.iterdir() if RENAMED.fullmatch(path.name))
    unreadable += [(path, text("course.hand_in.renamed")) for path in renamed]
    if not chosen and not unreadable:
        raise HandInError(text("course.hand_in.no_notebooks", folder=folder.resolve()))
    return Work(folder, chosen, tuple(left_out), tuple(unreadable))


def usual_folder() -> Path:
    """Return the folder to search if none is named.

    It is the current folder if it holds a lesson; otherwise the one of ``ncl-course lab`` whose lessons were saved
    last; and if there is none, the current folder.

    Raises:
        NoHomeError: if it is in the user's home, and the system knows none.
    """
    if last_saved(Path()):
        return Path()
    folders = [desk_folder(lab.ROOT, lang) for lang in LANGUAGES]
    saved_at = {folder: newest for folder in folders if (newest := last_saved(folder))}
    return max(saved_at, key=lambda folder: saved_at[folder], default=Path())


def last_saved(folder: Path) -> float:
    """Return when the newest file with a lesson's name was saved, in seconds since 1970; 0 if there is none."""
    return max((path.stat().st_mtime for path in folder.glob("*.ipynb") if lesson_in_name(path.stem)), default=0.0)


def packed(work: Work) -> bytes:
    """Return a zip of the notebooks, flat under their own names and without outputs.

    Raises:
        UnreadableNotebookError: if a notebook has become unreadable since it was found.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in work.paths:
            when = tuple(time.localtime(path.stat().st_mtime)[:6])
            entry = zipfile.ZipInfo(path.name, min(max(when, EARLIEST), LATEST))  # type: ignore[arg-type]
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o100644 << 16
            archive.writestr(entry, without_outputs(read_bytes(path)))
    return buffer.getvalue()


def without_outputs(raw: bytes) -> bytes:
    """Return a notebook's file without what running it has left: outputs, counts of executions, widgets' states."""
    tree, _ = saved(raw)
    sheets = tree.get("worksheets")
    places = [tree, *(sheets if isinstance(sheets, list) else [])]
    for place in (one for one in places if isinstance(one, dict)):
        cells = place.get("cells")
        for cell in cells if isinstance(cells, list) else []:
            empty(cell)
    if isinstance(tree.get("metadata"), dict):
        tree["metadata"].pop("widgets", None)
    return json.dumps(tree, indent=1).encode()


def empty(cell: Any) -> None:
    """Remove the outputs of a code cell, in the current format or an older one."""
    if not isinstance(cell, dict) or cell.get("cell_type") != "code":
        return
    cell["outputs"] = []
    cell.pop("prompt_number", None)
    if "execution_count" in cell:
        cell["execution_count"] = None
