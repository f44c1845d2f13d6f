"""What a student sees in the notebook, for feedback: the panel of the notebook's own cases, on the submitted code.

The grader's cases come from a secret seed and are only described; those of the notebook are everybody's. So the parts
that failed are played once more on the notebook's cases, and what is shown of them tells nothing new.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ncl_course.checking.answers import Answers, notebook_answers
from ncl_course.checking.result import ExerciseResult
from ncl_course.checking.verdict import Verdict
from ncl_course.checking.view import panel
from ncl_course.exercises import Exercise
from ncl_course.grading.entry import ExerciseEntry, Panel, clean

Judge = Callable[[Callable[[], list[Answers]]], ExerciseResult]
"""Judges the parts whose right answers it is given a way to make; their misconceptions are known already."""

SHOWN = (Verdict.FAILED, Verdict.ERROR)
"""Verdicts with something to show; after the others the process is gone, or nothing is written."""


def with_panels(entry: ExerciseEntry, exercise: Exercise, judge: Judge) -> ExerciseEntry:
    """The entry, with a panel in each part that fails in the notebook, too."""
    wrong = [part.part for part in entry.parts if part.verdict in SHOWN]
    if not wrong:
        return entry
    result = judge(lambda: [notebook_answers(exercise, part) for part in wrong])
    seen = dict(zip((part.part for part in result.parts), panels_of(result), strict=True))
    return replace(entry, parts=tuple(replace(part, panel=seen.get(part.part)) for part in entry.parts))


def panels_of(result: ExerciseResult) -> list[Panel | None]:
    """The panel of each part; None where there is no difference to show."""
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
