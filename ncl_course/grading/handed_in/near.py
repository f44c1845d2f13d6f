"""Read a small text file near a notebook: beside it or in a folder above, on the disk or in the same zip."""

from __future__ import annotations

import re
from pathlib import Path

from ncl_course.grading.handed_in.archive import Inside, member_bytes
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.submission.errors import UnreadableNotebookError

LARGEST = 2**20


def text_near(submission: Submission, name: str, above: int = 0) -> str:
    """Return the text of a file so many folders above a notebook's own; empty if there is none. No link is followed.

    A zip counts as a folder, so that the file may be beside a student's own zip.
    """
    try:
        path, inside = place_near(submission.path, submission.inside, name, above)
        if inside:
            return member_bytes(path, inside)[:LARGEST].decode()
        if path.is_symlink() or not path.is_file():
            return ""
        with path.open(encoding="utf-8") as file:
            return file.read(LARGEST)
    except (UnreadableNotebookError, OSError, UnicodeDecodeError, IndexError):
        return ""


def place_near(path: Path, inside: Inside, name: str, above: int) -> tuple[Path, Inside]:
    """Return the path of a file so many folders above another one, and its place in a zip.

    Raises:
        IndexError: if there are not so many folders.
    """
    if not inside:
        return path.parents[above] / name, ()
    *zips, last = inside
    folders = re.split(r"[/\\]", last)[:-1]
    if above > len(folders):
        return place_near(path, tuple(zips), name, above - len(folders) - 1)
    return path, (*zips, "/".join((*folders[: len(folders) - above], name)))
