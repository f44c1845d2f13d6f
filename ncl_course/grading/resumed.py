"""Going on where an earlier run stopped: whether it may, and which of its files are not there any more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ncl_course.grading.entry import clean
from ncl_course.grading.errors import GradebookError
from ncl_course.grading.handed_in.collect import Submission
from ncl_course.language import text

About = dict[str, Any]
Record = dict[str, Any]
Key = tuple[str, str]

DECIDE = ("ncl-course", "numpy", "torch")
"""Packages whose version may decide on a score."""


def demand_same(recorded: About, now: About, seed: int | None) -> None:
    """Refuse to go on with another seed (None: the recorded one), other limits, or other versions.

    Raises:
        GradebookError: something differs; the message says what, and what to do.
    """
    if seed not in (None, recorded["seed"]):
        raise GradebookError(text("grading.problem.resume_seed", recorded=recorded["seed"], given=seed))
    limits: Any = recorded.get("limits", now["limits"])
    if limits != now["limits"]:
        raise GradebookError(text("grading.problem.resume_limits", **limits))
    then = recorded.get("versions", {})
    changed = [name for name in DECIDE if then.get(name, now["versions"][name]) != now["versions"][name]]
    if changed:
        was, given = (", ".join(f"{name} {of[name]}" for name in changed) for of in (then, now["versions"]))
        raise GradebookError(text("grading.problem.resume_versions", recorded=was, given=given))


def gone(records: Mapping[Key, Record], submissions: Iterable[Submission]) -> list[str]:
    """The files of earlier parts of the run that are not handed in any more, for students and lessons that still are.

    What an earlier part graded of other lessons alone may well lie elsewhere, and is not meant.
    """
    here = {(clean(one.student), clean(one.file)) for one in submissions}
    lessons = {record["lesson"] for place, record in records.items() if place in here}
    students = {student for student, _ in here}
    return [
        record["file"]
        for place, record in records.items()
        if place not in here and record["lesson"] in lessons | {None} and (record["lesson"] or place[0] in students)
    ]
