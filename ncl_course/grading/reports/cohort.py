"""A summary of the cohort for ``report.html`` and the terminal, lesson by lesson."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ncl_course.checking.verdict import Verdict
from ncl_course.checking.view import named
from ncl_course.grading.entry import Entry, ExerciseEntry
from ncl_course.grading.results import Results
from ncl_course.language import numeral, text

BARS = 10


@dataclass(frozen=True)
class Cell:
    """One student's exercise: its points, its look, and its words."""

    points: str
    level: str
    message: str


@dataclass(frozen=True)
class Row:
    """One submission in the heat map; ``mark`` is the final mark."""

    student: str
    score: str
    cells: tuple[Cell, ...]
    mark: str


@dataclass(frozen=True)
class Lesson:
    """One lesson's submissions: the distribution of the marks, and each student's row.

    ``marks`` are the numbers of submissions with 0–10 %, 10–20 %, … 90–100 % of the points.
    """

    name: str
    exercises: tuple[str, ...]
    marks: tuple[int, ...]
    mean: float
    median: float
    max_score: float
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Common:
    """A misconception, with the students who have it, and the number of notebooks that have its exercise."""

    exercise: str
    title: str
    hint: str
    students: tuple[str, ...]
    notebooks: int


def number(value: float | None) -> str:
    """Write points as people do, with the language's decimal mark."""
    return "–" if value is None else numeral(f"{value:g}")


def fixed(value: float | None, digits: int = 0) -> str:
    """Write a number with so many digits after the language's decimal mark; None is a dash."""
    return "–" if value is None else numeral(f"{value:.{digits}f}")


def exercise_names(entries: Iterable[Entry]) -> list[str]:
    """Return the exercises of some submissions, in their order."""
    return list(dict.fromkeys(one.exercise for entry in entries for one in entry.exercises))


def lessons(results: Results) -> list[Lesson]:
    """Return every lesson with a graded notebook."""
    by_name: dict[str, list[Entry]] = {}
    for entry in results.graded:
        by_name.setdefault(entry.lesson or "", []).append(entry)
    return [lesson(name, by_name[name]) for name in sorted(by_name)]


def lesson(name: str, entries: Sequence[Entry]) -> Lesson:
    """Return one lesson, with rows from the most points to the fewest, so that the map shows where points are lost."""
    names = exercise_names(entries)
    scores = [entry.mark or 0.0 for entry in entries]
    ordered = sorted(entries, key=lambda entry: (-(entry.mark or 0.0), entry.student))
    return Lesson(
        name=name,
        exercises=tuple(names),
        marks=tuple(marks(entries)),
        mean=statistics.fmean(scores),
        median=statistics.median(scores),
        max_score=max(entry.max_score or 0.0 for entry in entries),
        rows=tuple(row(entry, names) for entry in ordered),
    )


def row(entry: Entry, names: list[str]) -> Row:
    """Return one submission's row."""
    by_name = {one.exercise: one for one in entry.exercises}
    cells = tuple(cell(by_name.get(name)) for name in names)
    return Row(entry.student, number(entry.score), cells, number(entry.mark))


def cell(exercise: ExerciseEntry | None) -> Cell:
    """Return one exercise's cell; different looks have different signs and colours."""
    if exercise is None:
        return Cell("", "absent", "")
    said = f"{text(f'grading.verdict.{exercise.verdict}')}. {exercise.message}"
    return Cell(number(exercise.score), level(exercise.verdict), said)


def level(verdict: Verdict) -> str:
    """Return the look of a verdict."""
    looks = {
        Verdict.PASSED: "all",
        Verdict.PARTIAL: "some",
        Verdict.MISSING: "missing",
        Verdict.TIMEOUT: "ended",
        Verdict.KILLED: "ended",
    }
    return looks.get(verdict, "none")


def marks(entries: Iterable[Entry]) -> list[int]:
    """Count the submissions with 0–10 %, 10–20 %, … 90–100 % of their points."""
    counts = [0] * BARS
    for entry in entries:
        counts[min(max(int(share(entry) * BARS + 1e-9), 0), BARS - 1)] += 1
    return counts


def share(entry: Entry) -> float:
    """Return the share of the points; it may leave the range from 0 to 1 if the policy allows that."""
    return (entry.mark or 0.0) / entry.max_score if entry.max_score else 0.0


def common(results: Results) -> list[Common]:
    """Return all misconceptions, the most common first."""
    students: dict[str, dict[str, None]] = {}
    notebooks = Counter(one.exercise for entry in results.graded for one in entry.exercises)
    for entry in results.graded:
        for identity in {name for one in entry.exercises for name in one.misconceptions}:
            students.setdefault(identity, {})[entry.student] = None
    ordered = sorted(students.items(), key=lambda item: (-len(item[1]), item[0]))
    return [common_one(identity, tuple(whose), notebooks) for identity, whose in ordered]


def common_one(identity: str, students: tuple[str, ...], notebooks: Mapping[str, int]) -> Common:
    """Describe one misconception, given its id and the number of notebooks with each exercise."""
    exercise, _, name = identity.partition(".")
    words = named(exercise, name)
    return Common(exercise, words.title, words.hint, students, notebooks[exercise])
