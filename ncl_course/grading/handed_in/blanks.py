"""The blank notebooks that come along in every repository of the course: nobody's work, so they are passed over.

A distribution keeps them in ``notebooks/LANG/``, and students write in ``work/``. ``MANIFEST.sha256`` in the same
repository says how each file was handed out; a notebook that differs from that by a byte is graded like any other.
"""

from __future__ import annotations

from collections.abc import Sequence

from ncl_course.grading.entry import clean
from ncl_course.grading.handed_in.found import MANIFEST
from ncl_course.grading.handed_in.near import text_near
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.sheets.told import listed
from ncl_course.language import text

FOLDER = "notebooks"


def without_blanks(submissions: Sequence[Submission]) -> tuple[list[Submission], str]:
    """The submissions without untouched blanks; and a line on those, which names who handed in nothing else."""
    blank = {one.place for one in submissions if is_blank(one)}
    kept = [one for one in submissions if one.place not in blank]
    if not blank:
        return kept, ""
    nobody = sorted({clean(one.student) for one in submissions} - {clean(one.student) for one in kept})
    line = text("grading.blank.left", count=len(blank), folder=FOLDER)
    return kept, f"{line} {text('grading.blank.nobody', names=listed(nobody))}" if nobody else line


def is_blank(submission: Submission) -> bool:
    """Whether a notebook lies in a repository of the course where it was put, as it was handed out."""
    place = submission.file.split("/")[-3:]
    if submission.refused or len(place) < 3 or place[0] != FOLDER:
        return False
    manifest = text_near(submission, MANIFEST, above=2).splitlines()
    return bool(manifest) and f"{submission.reading.sha256}  {'/'.join(place)}" in manifest
