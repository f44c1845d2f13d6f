"""Make the panels of feedback: the submitted code on the notebook's own cases, as the student sees it there.

The grader's cases come from a secret seed and are only described; those of the notebook are public. So the parts
that failed are played again on the notebook's cases, and the panels reveal nothing new.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ncl_course.checking.answers import RightAnswers, notebook_answers
from ncl_course.checking.result import ExerciseResult
from ncl_course.checking.verdict import Verdict
from ncl_course.checking.view import panel
from ncl_course.exercises import Exercise
from ncl_course.grading.entry import ExerciseEntry, Panel, clean

Judge = Callable[[Callable[[], list[RightAnswers]]], ExerciseResult]
"""Judges the given parts, whose misconceptions are known already."""

SHOWN = (Verdict.FAILED, Verdict.ERROR)
"""Verdicts with something to show; after any other, the process is gone or nothing is written."""


def with_panels(entry: ExerciseEntry, exercise: Exercise, judge: Judge) -> ExerciseEntry:
    """Return the entry, with a panel in each part that fails in the notebook too."""
    wrong = [part.part for part in entry.parts if part.verdict in SHOWN]
    if not wrong:
        return entry
    result = judge(lambda: [notebook_answers(exercise, part) for part in wrong])
    seen = dict(zip((part.part for part in result.parts), panels_of(result), strict=True))
    return replace(entry, parts=tuple(replace(part, panel=seen.get(part.part)) for part in entry.parts))


def panels_of(result: ExerciseResult) -> list[Panel | None]:
    """Return the panel of each part; None if there is no difference to show."""
    views = panel(result)
    return [
        Panel(
            lead=view.lead,
            code=tuple(map(clean, view.code)),
            grids=view.grids,
            sentences=tuple(map(clean, view.sentences)),
            printed=clean(view.printed),
        )
        if part.difference is not None
        else None
        for view, part in zip(views, result.parts, strict=True)
    ]
