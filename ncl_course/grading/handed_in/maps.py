"""Leave out course maps that students hand in: there is nothing to grade in them."""

from __future__ import annotations

from collections.abc import Sequence

from ncl_course.grading.handed_in.submission import Submission
from ncl_course.submission.lesson import named_as_map


def without_maps(submissions: Sequence[Submission]) -> list[Submission]:
    """Return the submissions without course maps. The map stays if its student handed in nothing else."""
    maps = {one.place for one in submissions if is_course_map(one)}
    others = {one.student for one in submissions if one.place not in maps}
    return [one for one in submissions if one.place not in maps or one.student not in others]


def is_course_map(submission: Submission) -> bool:
    """Return whether a submission is named like the map and holds no exercise. Other files are not opened."""
    if submission.refused or not named_as_map(submission.file):
        return False
    return submission.reading.is_map or bool(submission.reading.why)  # there was nothing in it to grade
