"""Statistics of a cohort's exercises, part by part, and of its lessons. No side effects.

``discrimination`` is the point-biserial correlation of passing a part with the points of the rest of the notebook
(Lord and Novick, *Statistical Theories of Mental Test Scores*, 1968, with the item taken out of the total). A part near
0 or below it does not tell strong notebooks from weak ones, so it deserves a look.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ncl_course.checking.verdict import Verdict
from ncl_course.grading.entry import Entry
from ncl_course.grading.results import Results
from ncl_course.grading.term.form import Form

HEAD = ("lesson", "exercise", "part", "tried", "passed", "share", "mean", "discrimination", "seconds")


@dataclass(frozen=True)
class Item:
    """One part of an exercise in a cohort.

    Attributes:
        tried: the notebooks in which something is written for it.
        passed: the notebooks in which it passes.
        share: ``passed / tried``; None if nobody tried.
        mean: the mean share of its points, over all graded notebooks of the lesson.
        discrimination: the correlation of passing with the rest of the notebook; None if everybody is alike.
        seconds: the median processor seconds of the exercise; None if nothing measured them.
    """

    lesson: str
    exercise: str
    part: str
    tried: int
    passed: int
    share: float | None
    mean: float
    discrimination: float | None
    seconds: float | None


@dataclass(frozen=True)
class LessonLine:
    """A lesson beside the others: its notebooks, their share of the points, and its correlation with the one before."""

    lesson: str
    notebooks: int
    mean: float
    median: float
    full: int
    with_previous: float | None


def items(results: Results) -> list[Item]:
    """Return all parts, in the order of the lessons."""
    by_lesson: dict[str, list[Entry]] = {}
    for entry in results.graded:
        by_lesson.setdefault(entry.lesson or "", []).append(entry)
    return [item for lesson in sorted(by_lesson) for item in of_lesson(lesson, by_lesson[lesson])]


def of_lesson(lesson: str, entries: Sequence[Entry]) -> Iterable[Item]:
    """Yield the parts of one lesson."""
    seen: dict[tuple[str, str], list[tuple[bool, bool, float, float]]] = {}
    seconds: dict[str, list[float]] = {}
    for entry in entries:
        for exercise in entry.exercises:
            if exercise.cpu:
                seconds.setdefault(exercise.exercise, []).append(exercise.cpu)
            for part in exercise.parts:
                passed, tried = part.verdict is Verdict.PASSED, part.verdict is not Verdict.MISSING
                share = part.score / part.max_score if part.max_score else 0.0
                rest = (entry.score or 0.0) - part.score
                seen.setdefault((exercise.exercise, part.part), []).append((passed, tried, share, rest))
    for (name, part_name), rows in seen.items():
        all_tried = sum(one for _, one, _, _ in rows)
        all_passed = sum(one for one, _, _, _ in rows)
        yield Item(
            lesson=lesson,
            exercise=name,
            part=part_name,
            tried=all_tried,
            passed=all_passed,
            share=all_passed / all_tried if all_tried else None,
            mean=statistics.fmean(share for _, _, share, _ in rows),
            discrimination=correlation([float(one) for one, _, _, _ in rows], [rest for _, _, _, rest in rows]),
            seconds=statistics.median(seconds[name]) if name in seconds else None,
        )


def correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Return the correlation of two series; None if it does not exist, because one of them is constant."""
    if len(first) < 2 or len(set(first)) < 2 or len(set(second)) < 2:
        return None
    return statistics.correlation(first, second)


def items_csv(found: Iterable[Item], form: Form) -> str:
    """Return the table as text."""
    return form.text([HEAD, *([getattr(one, name) for name in HEAD] for one in found)])


def lesson_lines(results: Results) -> list[LessonLine]:
    """Return the lessons one beside the other."""
    shares: dict[str, dict[str, float]] = {}
    for entry in results.graded:
        if entry.lesson and entry.max_score:
            shares.setdefault(entry.lesson, {})[entry.student] = (entry.mark or 0.0) / entry.max_score
    lines, before = [], ""
    for lesson in sorted(shares):
        values = list(shares[lesson].values())
        both = sorted(shares[lesson].keys() & shares.get(before, {}).keys())
        pairs = [[shares[name][student] for student in both] for name in (before, lesson)] if both else [[], []]
        full = sum(value >= 1.0 for value in values)
        mean, median = statistics.fmean(values), statistics.median(values)
        lines.append(LessonLine(lesson, len(values), mean, median, full, correlation(*pairs)))
        before = lesson
    return lines
