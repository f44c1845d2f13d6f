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
"""A submission is slow if it takes this many times the median."""


@dataclass(frozen=True)
class Trouble:
    """A submission and its events."""

    student: str
    file: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Slow:
    """A submission that took long."""

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
    """Return the slowest of the submissions that took several times the median."""
    entries = results.graded
    if not entries:
        return []
    median = statistics.median(entry.seconds for entry in entries)
    found = [Slow(e.student, e.file, e.seconds) for e in entries if e.seconds > CONSPICUOUS * median]
    return sorted(found, key=lambda one: (-one.seconds, one.student))[:SLOWEST]
