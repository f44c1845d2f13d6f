"""A small file of text that lies near a notebook: beside it or in a folder above, on the disk or in the same zip."""

from __future__ import annotations

from ncl_course.grading.handed_in.archive import member_bytes
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.submission.errors import UnreadableNotebookError

LARGEST = 2**20


def text_near(submission: Submission, name: str, above: int = 0) -> str:
    """The text of a file so many folders above a notebook's own; empty where there is none. No link is followed."""
    try:
        if submission.inside:
            folder = submission.inside[-1].split("/")[: -1 - above]
            return member_bytes(submission.path, (*submission.inside[:-1], "/".join((*folder, name)))).decode()
        path = submission.path.parents[above] / name
        if path.is_symlink() or not path.is_file():
            return ""
        with path.open(encoding="utf-8") as file:
            return file.read(LARGEST)
    except (UnreadableNotebookError, OSError, UnicodeDecodeError, IndexError):
        return ""
