"""Write each student's page of feedback as ``nbgrader release_feedback`` takes it from the instructor's folder.

nbgrader returns a page for every notebook, ``STUDENT/ASSIGNMENT/NOTEBOOK.html``, and needs two files of the submission
beside it: its time, and the secret from which the page's name in the exchange is made. Only the student who handed in
the submission has the same secret, so that nobody finds another student's page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from ncl_course.files import write_atomically
from ncl_course.grading.handed_in.near import text_near
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.marks.timestamps import NBGRADER as TIME

SECRET = "submission_secret.txt"
NAME = "exchange"
"""The folder in the output folder, which nbgrader knows as ``c.CourseDirectory.feedback_directory``."""

READABLE = 0o644
"""The rights of a page: nbgrader copies them, and the student must be able to read the copy."""


def from_exchange(submission: Submission) -> bool:
    """Return whether a notebook lies in a folder ``STUDENT/ASSIGNMENT`` that ``nbgrader collect`` has made."""
    owner = submission.path.absolute().parent.parent.name
    there = not submission.inside and owner == submission.student
    return there and bool(text_near(submission, SECRET)) and bool(text_near(submission, TIME))


def write_exchange(pages: Mapping[str, Path], submissions: Iterable[Submission], out: Path) -> set[str]:
    """Write the folder, and return the students whose page is in it.

    Args:
        pages: each student's page.

    Raises:
        OSError: if it cannot be written, or if a page cannot be read.
    """
    found = set()
    for one in submissions:
        if one.student not in pages or not from_exchange(one):
            continue
        folder = out / NAME / one.student / one.path.absolute().parent.name
        for name in (TIME, SECRET):
            write_atomically(folder / name, text_near(one, name), durable=False)
        page = folder / f"{one.path.stem}.html"
        write_atomically(page, pages[one.student].read_bytes(), durable=False)
        page.chmod(READABLE)
        found.add(one.student)
    return found
