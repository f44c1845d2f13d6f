"""The course map among what students hand in: there is nothing to grade in it, so it is passed over."""

from __future__ import annotations

from collections.abc import Sequence

from ncl_course.grading.handed_in.submission import Submission
from ncl_course.submission.lesson import named_as_map


def without_maps(submissions: Sequence[Submission]) -> list[Submission]:
    """The submissions without course maps; that of a student who handed in nothing else stays, to be told of."""
    maps = {one.place for one in submissions if is_course_map(one)}
    others = {one.student for one in submissions if one.place not in maps}
    return [one for one in submissions if one.place not in maps or one.student not in others]


def is_course_map(submission: Submission) -> bool:
    """Whether a submission is named as the map is, and holds no exercise; only then is it opened here."""
    if submission.refused or not named_as_map(submission.file):
        return False
    return submission.reading.is_map or bool(submission.reading.why)  # there was nothing in it to grade
