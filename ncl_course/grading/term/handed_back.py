"""Make the zip with which Moodle or Canvas returns the pages of feedback to a whole class.

The names follow each platform's own import, which matches by number and not by name:

- Moodle's "Upload multiple feedback files" splits a path at its first four underscores, as in the folders of its
  download: ``NAME_NUMBER_assignsubmission_file_/…``. The number is the participant's, and the name before it may hold
  no underscore. A file whose name begins with a point or a tilde is ignored.
- Canvas's re-upload takes the first two parts of a file's name that are whole numbers: the user's and that of a file
  which this user has handed in. A name whose last part begins with ``link`` is ignored.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Container, Mapping, Sequence
from pathlib import Path

from ncl_course.files import write_atomically
from ncl_course.grading.entry import Entry
from ncl_course.grading.handed_in.downloads import CANVAS, CANVAS_BLIND, MOODLE
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.results import Results

PAGE = "feedback.html"
DATE = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the zip, so that equal feedback makes an equal zip."""

CANVAS_NUMBERS = re.compile(r"(?P<user>\d+)_(?P<file>\d+)_")


Named = Entry | Submission
"""A notebook whose student a platform's download has named; a name inside a student's own folder or zip is none."""


def moodle_place(entry: Named) -> str:
    """Return the place of a student's page: in the folder that the download has for this student."""
    for part in entry.file.split("/"):
        if (found := MOODLE.match(part)) and found["number"] == entry.id:
            return participant_place(found["student"], found["number"])
    return ""


def canvas_place(entry: Named) -> str:
    """Return the place of a student's page: the numbers of the user and of a file from the download, and our name."""
    for part in entry.file.split("/"):
        found = None if CANVAS_BLIND.match(part) else CANVAS.match(part)
        numbers = CANVAS_NUMBERS.match(part, found.start("number")) if found else None
        if found and numbers and found["number"] == entry.id:
            student = re.sub(r"[\W\d_]+", "", found["student"]) or "student"
            return f"{student}_{numbers['user']}_{numbers['file']}_{PAGE}"
    return ""


PLACES = {"moodle": moodle_place, "canvas": canvas_place}


def participant_place(name: str, number: str) -> str:
    """Return the place of a page for Moodle's participant with that number."""
    said = name.replace("_", " ").strip(" .~") or "Participant"
    return f"{said}_{number}_assignsubmission_file_/{PAGE}"


def places(platform: str, results: Results, numbers: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the place in the zip for each student; students whom the platform did not name have none.

    Args:
        numbers: Moodle's numbers of students, as its worksheet says, for those whose partner handed in for them. Canvas
            returns only files that a student has handed in.
    """
    numbers = numbers or {}
    found: dict[str, str] = {}
    for entry in results.submissions:
        for one in (entry, *entry.also):
            place = PLACES[platform](one)
            if place and entry.student not in found:
                found[entry.student] = place
    if platform == "moodle":
        without = {entry.student for entry in results.submissions} - found.keys()
        found |= {name: participant_place(name, numbers[name]) for name in without & numbers.keys()}
    return found


def write_zip(platform: str, pages: Mapping[str, Path], found: Mapping[str, str], out: Path) -> Path:
    """Write the zip, and return its path.

    Args:
        pages: each student's page.
        found: each student's place in the zip.

    Raises:
        OSError: if it cannot be written, or if a page cannot be read.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for student in sorted(found.keys() & pages.keys(), key=lambda name: found[name]):
            made.writestr(zipfile.ZipInfo(found[student], DATE), pages[student].read_bytes(), zipfile.ZIP_DEFLATED)
    path = out / f"feedback-{platform}.zip"
    write_atomically(path, content.getvalue(), durable=False)
    return path


def without_place(results: Results, found: Container[str]) -> Sequence[str]:
    """Return the students whose page the platform cannot return."""
    return [student for student in results.students if student not in found]
