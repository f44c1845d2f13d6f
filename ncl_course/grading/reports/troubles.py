"""Find submissions that need a person's attention: not graded, ended by force, much slower than the others."""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from ncl_course.checking.verdict import Verdict
from ncl_course.grading.entry import Entry
from ncl_course.grading.results import Results
from ncl_course.language import text

SLOWEST = 10
CONSPICUOUS = 3.0
"""A submission is slow if it takes this many times the median of its lesson."""

MATTERS = 10.0
"""A submission that takes fewer processor seconds is never slow: this is what one exercise may take by default."""


@dataclass(frozen=True)
class Trouble:
    """A submission and its events."""

    student: str
    file: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Slow:
    """A submission whose processes took much processor time."""

    student: str
    file: str
    seconds: float


def ended(results: Results) -> list[Trouble]:
    """Return the submissions in which an exercise took too long or ended its process."""
    found = [(entry, tuple(lines_of(entry))) for entry in results.graded]
    return [Trouble(entry.student, entry.file, lines) for entry, lines in found if lines]


def lines_of(entry: Entry) -> list[str]:
    """Return the events in the exercises of one submission."""
    return [
        f"{one.exercise}: {text(f'grading.verdict.{part.verdict}')}. {part.note}".strip()
        for one in entry.exercises
        for part in one.parts
        if part.verdict in (Verdict.TIMEOUT, Verdict.KILLED)
    ]


def slow(results: Results) -> list[Slow]:
    """Return the slowest of the submissions that took ``MATTERS`` and several times the median of their lesson.

    The time is the processor time of the notebook's own processes. By the clock, the first submissions of a run would
    wait for torch to load, and each for the others.
    """
    lessons: dict[str | None, list[Entry]] = {}
    for entry in results.graded:
        if entry.cpu:
            lessons.setdefault(entry.lesson, []).append(entry)
    found: list[Slow] = []
    for entries in lessons.values():
        usual = statistics.median(entry.cpu for entry in entries)
        bound = max(CONSPICUOUS * usual, MATTERS)
        found += [Slow(one.student, one.file, one.cpu) for one in entries if one.cpu > bound]
    return sorted(found, key=lambda one: (-one.seconds, one.student))[:SLOWEST]
