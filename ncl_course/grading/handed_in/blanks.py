"""Leave out the blank notebooks that are in every repository of the course: they are nobody's work.

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
    """Return the submissions without unchanged blanks, and a line about these that names students with nothing else."""
    blank = {one.place for one in submissions if is_blank(one)}
    kept = [one for one in submissions if one.place not in blank]
    if not blank:
        return kept, ""
    nobody = sorted({clean(one.student) for one in submissions} - {clean(one.student) for one in kept})
    line = text("grading.blank.left", count=len(blank), folder=FOLDER)
    return kept, f"{line} {text('grading.blank.nobody', names=listed(nobody))}" if nobody else line


def is_blank(submission: Submission) -> bool:
    """Return whether a notebook is unchanged and in its original place in a repository of the course."""
    place = submission.file.split("/")[-3:]
    if submission.refused or len(place) < 3 or place[0] != FOLDER:
        return False
    manifest = text_near(submission, MANIFEST, above=2).splitlines()
    return bool(manifest) and f"{submission.reading.sha256}  {'/'.join(place)}" in manifest
