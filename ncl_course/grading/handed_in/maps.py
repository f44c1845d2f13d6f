"""The course map among what students hand in: there is nothing to grade in it, so it is passed over."""

from __future__ import annotations

from collections.abc import Sequence

from ncl_course.grading.handed_in.collect import Submission
from ncl_course.submission.errors import UnreadableNotebookError
from ncl_course.submission.lesson import is_map, named_as_map
from ncl_course.submission.notebook import notebook_of


def without_maps(submissions: Sequence[Submission]) -> list[Submission]:
    """The submissions without course maps; that of a student who handed in nothing else stays, to be told of."""
    maps = {id(one) for one in submissions if is_course_map(one)}
    others = {one.student for one in submissions if id(one) not in maps}
    return [one for one in submissions if id(one) not in maps or one.student not in others]


def is_course_map(submission: Submission) -> bool:
    """Whether a submission is named as the map is, and holds no exercise; only then is it opened here."""
    if submission.refused or not named_as_map(submission.file):
        return False
    try:
        return is_map(notebook_of(submission.read()), submission.file)
    except UnreadableNotebookError:
        return True  # there was nothing in it to grade
