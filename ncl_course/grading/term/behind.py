"""Find students who may be falling behind: facts about their lessons, one reason each, and never a label. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ncl_course.checking.verdict import Verdict
from ncl_course.grading.entry import Entry
from ncl_course.grading.term.gradebook import Row, Term
from ncl_course.grading.term.history import Past
from ncl_course.language import text

IN_A_ROW = 2
"""Missing lessons in a row, up to the latest one, that are worth a question."""

DROP = 0.3
"""A fall of the share of the points, below the student's own mean of the lessons before, that is worth a question."""

RUNS, LOW = 3, 0.5
"""Runs without a better score, at less than that share of the points, that are worth a question."""


@dataclass(frozen=True)
class Behind:
    """A student, and the reasons in words."""

    student: str
    section: str
    reasons: tuple[str, ...]


def behind(term: Term, history: Sequence[Past] = ()) -> list[Behind]:
    """Return the students with a reason to ask how they are doing, those with more reasons first."""
    begun = [lesson for lesson in term.lessons if is_begun(term, lesson)]
    found = [Behind(row.student, row.person.section, tuple(reasons(row, begun, history))) for row in term.rows]
    return sorted((one for one in found if one.reasons), key=lambda one: (-len(one.reasons), one.student))


def is_begun(term: Term, lesson: str) -> bool:
    """Return whether half of the students have handed in a lesson: before that, nobody is behind."""
    return 2 * sum(lesson in row.marks for row in term.rows) >= len(term.rows)


def reasons(row: Row, lessons: Sequence[str], history: Sequence[Past]) -> Iterator[str]:
    """Yield the reasons for one student."""
    missing: list[str] = []
    for lesson in reversed(lessons):
        if lesson in row.marks:
            break
        missing.insert(0, lesson)
    if len(missing) >= min(IN_A_ROW, len(lessons)) and missing:
        yield text("grading.items.behind_missing", lessons=", ".join(missing))
    shares = [(lesson, share(row.marks[lesson])) for lesson in lessons if lesson in row.marks]
    if len(shares) > 1 and shares[-1][1] <= (before := statistics.fmean(one for _, one in shares[:-1])) - DROP:
        lesson, last = shares[-1]
        yield text("grading.items.behind_drop", lesson=lesson, now=f"{100 * last:.0f}", before=f"{100 * before:.0f}")
    last_entry = row.marks.get(shares[-1][0]) if shares else None
    if last_entry and last_entry.exercises and unwritten(last_entry) * 2 >= len(last_entry.exercises):
        count, most = unwritten(last_entry), len(last_entry.exercises)
        yield text("grading.items.behind_unwritten", lesson=last_entry.lesson, count=count, all=most)
    for lesson, reached in shares:
        runs = standstill(row.student, lesson, history)
        if reached < LOW and runs >= RUNS:
            yield text("grading.items.behind_runs", lesson=lesson, runs=runs, now=f"{100 * reached:.0f}")


def share(entry: Entry) -> float:
    """Return the share of a lesson's points; of a notebook that could not be graded it is taken to be whole."""
    return (entry.mark or 0.0) / entry.max_score if entry.mark is not None and entry.max_score else 1.0


def unwritten(entry: Entry) -> int:
    """Return the number of exercises in which nothing is written."""
    return sum(one.verdict is Verdict.MISSING for one in entry.exercises)


def standstill(student: str, lesson: str, history: Sequence[Past]) -> int:
    """Return the number of the latest runs, with this lesson of the student, in which its score has not risen."""
    marks = [run.scores[student][lesson][0] for run in history if lesson in run.scores.get(student, {})]
    count = 0
    while count < len(marks) and (count == 0 or marks[-count - 1] >= marks[-count]):
        count += 1
    return count
