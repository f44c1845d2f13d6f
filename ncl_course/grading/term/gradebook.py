"""One row a student for a whole term: the marks of the lessons, total, percentage, lateness. No side effects.

The percentage is the weighted mean of the lessons' shares of their points: ``100 · Σ w·mark/points / Σ w`` over the
lessons that this term has so far. A lesson that a student did not hand in counts 0. A student with a notebook that
could not be graded has no total: that notebook never becomes a silent 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ncl_course.grading.entry import Entry, round_points
from ncl_course.grading.results import Results
from ncl_course.grading.term.roster import NOBODY, Person, Roster


@dataclass(frozen=True)
class Row:
    """A student's term.

    Attributes:
        marks: the entry of each lesson that was handed in.
        total: the sum of the marks; None if a notebook could not be graded.
        max_total: the points of all lessons.
        percent: the weighted percentage; None as the total, or if no lesson weighs anything.
        late: the lessons that were handed in too late.
    """

    student: str
    person: Person
    id: str
    marks: Mapping[str, Entry]
    total: float | None
    max_total: float
    percent: float | None
    late: tuple[str, ...]


@dataclass(frozen=True)
class Term:
    """The rows of all students, and the lessons with their points and weights."""

    lessons: tuple[str, ...]
    points: Mapping[str, float]
    weights: Mapping[str, float]
    rows: tuple[Row, ...]


def term(results: Results, roster: Roster, weights: Mapping[str, float] | None = None) -> Term:
    """Return the term of a cohort: students with submissions, and those of the roster without any.

    Args:
        results: all results, with the marks of partners.
        weights: the policy's weights by lesson; None if all lessons weigh the same.
    """
    there = [entry for entry in results.submissions if entry.lesson]
    points = {entry.lesson: entry.max_score for entry in there if entry.lesson and entry.max_score}
    lessons = tuple(sorted({entry.lesson for entry in there if entry.lesson}))
    weighed = {lesson: (weights or {}).get(lesson, 0.0) if weights else 1.0 for lesson in lessons}
    by_student: dict[str, list[Entry]] = {}
    for entry in results.submissions:
        by_student.setdefault(entry.student, []).append(entry)
    full = {lesson: float(points.get(lesson) or 0.0) for lesson in lessons}
    rows = [row(student, entries, roster, full, weighed) for student, entries in by_student.items()]
    known = {one.person for one in rows} - {NOBODY}
    absent = [person for person in roster.people if person not in known]
    rows += [absent_row(person, full, weighed) for person in absent]
    return Term(lessons, full, weighed, tuple(sorted(rows, key=lambda one: one.student.casefold())))


def row(
    student: str, entries: Sequence[Entry], roster: Roster, points: Mapping[str, float], weights: Mapping[str, float]
) -> Row:
    """Return the row of a student with submissions."""
    person = roster.of_entry(entries[0])
    marks: dict[str, Entry] = {}
    for entry in entries:
        before = marks.get(entry.lesson or "")
        if entry.lesson and (before is None or rank(entry) > rank(before)):
            marks[entry.lesson] = entry
    late = tuple(lesson for lesson, entry in sorted(marks.items()) if is_late(entry))
    open_ones = [entry for entry in entries if entry.mark is None and marks.get(entry.lesson or "", entry) is entry]
    total = None if open_ones else round_points(sum(entry.mark or 0.0 for entry in marks.values()))
    percent = None if open_ones else percentage(marks, points, weights)
    number = person.id or next((entry.id for entry in entries if entry.id), "")
    return Row(student, person, number, marks, total, sum(points.values()), percent, late)


def rank(entry: Entry) -> tuple[bool, float]:
    """Return what decides which of two entries for a lesson counts: a graded one, then the higher mark."""
    return entry.mark is not None, entry.mark or 0.0


def absent_row(person: Person, points: Mapping[str, float], weights: Mapping[str, float]) -> Row:
    """Return the row of a student of the roster who has handed in nothing."""
    return Row(person.name, person, person.id, {}, 0.0, sum(points.values()), percentage({}, points, weights), ())


def percentage(marks: Mapping[str, Entry], points: Mapping[str, float], weights: Mapping[str, float]) -> float | None:
    """Return the weighted percentage; None if no lesson weighs anything."""
    whole = sum(weights[lesson] for lesson in weights if points[lesson])
    reached = sum(
        weights[lesson] * (entry.mark or 0.0) / points[lesson] for lesson, entry in marks.items() if points[lesson]
    )
    return 100.0 * reached / whole if whole else None


def is_late(entry: Entry) -> bool:
    """Return whether a submission came too late: after its due time and its grace, so that points are deducted."""
    return entry.late is not None and entry.late.hours > 0 and entry.late.factor < 1


def late_students(rows: Iterable[Row]) -> list[Row]:
    """Return the students with a late submission."""
    return [one for one in rows if one.late]
