"""Penalties for lateness: due times, grace, extensions and deductions, from the instructor's policy. No side effects.

A submission within its grace is on time. A later one is late by all that has passed since the due time, and each begun
hour or day counts whole. The deduction is a share of the points that were reached.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from ncl_course.grading.entry import Late

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Step:
    """A step: the percentage to deduct more than so many hours after the due time."""

    after_hours: float
    percent: float


@dataclass(frozen=True)
class Penalty:
    """The deduction for lateness: percent for each begun span of hours up to a maximum, or fixed steps."""

    grace_minutes: float = 0.0
    percent: float = 0.0
    span_hours: float = 24.0
    at_most: float = 100.0
    steps: tuple[Step, ...] = ()

    def off(self, delay: timedelta) -> float:
        """Return the percentage to deduct for a delay."""
        if delay <= timedelta(minutes=self.grace_minutes) or delay <= timedelta(0):
            return 0.0
        if self.steps:
            return max((step.percent for step in self.steps if delay > step.after_hours * HOUR), default=0.0)
        return min(self.percent * math.ceil(delay / (self.span_hours * HOUR)), self.at_most)


@dataclass(frozen=True)
class Deadline:
    """A lesson's due time, its penalty for lateness, and the source of the times of handing in."""

    due: datetime | None = None
    penalty: Penalty = Penalty()
    timestamps: str = ""


@dataclass(frozen=True)
class Extension:
    """A student's own due time: another time, or so many more days; for one lesson, or for all if it is empty."""

    student: str
    lesson: str = ""
    due: datetime | None = None
    days: float = 0.0


@dataclass(frozen=True)
class Policy:
    """The whole policy; lessons without a deadline have no late submissions.

    Attributes:
        below_zero: a mark may fall below 0.
        above_max: manual points may lift a mark above the lesson's maximum.
        zone: the timezone of times that name none.
        weights: what each lesson weighs in the percentage of the term; empty if all weigh the same.
    """

    deadlines: Mapping[str, Deadline] = field(default_factory=dict)
    extensions: tuple[Extension, ...] = ()
    below_zero: bool = False
    above_max: bool = False
    zone: ZoneInfo | None = None
    weights: Mapping[str, float] = field(default_factory=dict)

    def due(self, names: frozenset[str], lesson: str) -> datetime | None:
        """Return when a lesson is due for a student, who is known by several names: the latest time that applies."""
        own = self.deadlines.get(lesson, Deadline()).due
        theirs = [e for e in self.extensions if e.student in names and e.lesson in ("", lesson)]
        times = [own, *(e.due or (own + timedelta(days=e.days) if own else None) for e in theirs)]
        return max((time for time in times if time is not None), key=datetime.timestamp, default=None)

    def late(self, names: frozenset[str], lesson: str, submitted: datetime | None) -> Late | None:
        """Return how late a submission is; None if there is no due time, or if the time of handing in is unknown."""
        due = self.due(names, lesson)
        if due is None or submitted is None:
            return None
        delay = submitted.astimezone(UTC) - due.astimezone(UTC)  # two times of one zone would be compared by its clock
        off = self.deadlines.get(lesson, Deadline()).penalty.off(delay)
        hours = round(max(delay / HOUR, 0.0), 2)
        return Late(submitted, due, hours, round(1.0 - off / 100.0, 6))
