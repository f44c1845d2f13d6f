"""The cohort at a glance: the rows, bars and counts that ``report.html`` and the terminal show."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from ncl_course.checking.verdict import Verdict
from ncl_course.checking.view import named
from ncl_course.language import text

BARS = 10

Record = dict[str, Any]


@dataclass(frozen=True)
class Cell:
    """One student's exercise: its points, how it looks, and what is said of it."""

    points: str
    level: str
    message: str


@dataclass(frozen=True)
class Row:
    """One submission in the table."""

    student: str
    lesson: str
    score: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Common:
    """A misconception, with how many students have it."""

    exercise: str
    title: str
    hint: str
    students: int


def number(value: float | None) -> str:
    """Points as people write them."""
    return "–" if value is None else f"{value:g}"


def graded(results: Record) -> list[Record]:
    """The submissions that have a score."""
    return [entry for entry in results["submissions"] if entry["status"] == "graded"]


def exercise_names(results: Record) -> list[str]:
    """The exercises of all lessons that were graded, in their order."""
    return list(dict.fromkeys(one["exercise"] for entry in results["submissions"] for one in entry["exercises"]))


def rows(results: Record) -> list[Row]:
    """The table student × exercise."""
    names = exercise_names(results)
    return [row(entry, names) for entry in graded(results)]


def row(entry: Record, names: list[str]) -> Row:
    """One submission's row."""
    by_name = {one["exercise"]: one for one in entry["exercises"]}
    cells = tuple(cell(by_name.get(name)) for name in names)
    return Row(entry["student"], entry["lesson"], f"{number(entry['score'])} / {number(entry['max_score'])}", cells)


def cell(exercise: Record | None) -> Cell:
    """One exercise's cell; four looks that differ in sign and colour."""
    if exercise is None:
        return Cell("", "absent", "")
    verdict = exercise["verdict"]
    level = {Verdict.PASSED: "all", Verdict.PARTIAL: "some", Verdict.MISSING: "missing"}.get(verdict, "none")
    said = f"{text(f'grading.verdict.{verdict}')}. {exercise['message']}"
    return Cell(number(exercise["score"]), level, said)


def marks(results: Record) -> list[int]:
    """How many submissions have 0–10 %, 10–20 %, … 90–100 % of their points."""
    counts = [0] * BARS
    for entry in graded(results):
        share = entry["score"] / entry["max_score"] if entry["max_score"] else 0.0
        counts[min(int(share * BARS + 1e-9), BARS - 1)] += 1
    return counts


def common(results: Record) -> list[Common]:
    """All misconceptions, the most common first."""
    counts: Counter[str] = Counter()
    for entry in graded(results):
        counts.update({name for one in entry["exercises"] for name in one["misconceptions"]})
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [common_one(name, count) for name, count in ordered]


def common_one(identity: str, students: int) -> Common:
    """One misconception by its id, in words."""
    exercise, _, name = identity.partition(".")
    words = named(exercise, name)
    return Common(exercise, words.title, words.hint, students)


def ungraded(results: Record) -> list[Record]:
    """The submissions without a score."""
    return [entry for entry in results["submissions"] if entry["status"] != "graded"]
