"""Explain a policy in words: when each lesson is due, and what share of the points remains after a delay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from ncl_course.grading.marks.policy import Deadline, Policy
from ncl_course.grading.marks.policy_file import SOURCES
from ncl_course.grading.reports.cohort import number
from ncl_course.language import text

DELAYS = {"hour": timedelta(hours=1), "days": timedelta(days=2), "week": timedelta(weeks=1)}


def told(policy: Policy) -> Iterator[str]:
    """Return a line about each lesson with a due time."""
    due = {lesson: deadline for lesson, deadline in sorted(policy.deadlines.items()) if deadline.due}
    for lesson, deadline in due.items():
        yield line(lesson, deadline)
    if not due and not any(extension.due for extension in policy.extensions):
        yield text("marks.policy.nothing_due")


def line(lesson: str, deadline: Deadline) -> str:
    """Describe one lesson: its due time, the source of times, and the factors after an hour, two days and a week."""
    assert deadline.due is not None
    when = deadline.due.isoformat(" ", "minutes")
    if not deadline.timestamps:
        return text("marks.policy.no_times", lesson=lesson, due=when)
    source = deadline.timestamps if deadline.timestamps in SOURCES else Path(deadline.timestamps).name
    left = {name: number(1.0 - deadline.penalty.off(delay) / 100.0) for name, delay in DELAYS.items()}
    return text("marks.policy.due", lesson=lesson, due=when, source=source, **left)
