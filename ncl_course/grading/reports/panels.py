"""Make the panels of feedback: the submitted code on the notebook's own cases, as the student sees it there.

The grader's cases come from a secret seed and are only described; those of the notebook are public. So the parts
that failed are played again on the notebook's cases, and the panels reveal nothing new.
"""

from __future__ import annotations

from dataclasses import replace

from ncl_course.checking.result import ExerciseResult
from ncl_course.checking.verdict import Verdict
from ncl_course.checking.view import panel
from ncl_course.grading.entry import ExerciseEntry, Panel, clean

SHOWN = (Verdict.FAILED, Verdict.ERROR)
"""Verdicts with something to show; after any other, the process is gone or nothing is written."""


def with_panels(entry: ExerciseEntry, public: ExerciseResult | None) -> ExerciseEntry:
    """Return the entry, with a panel in each part that fails in the notebook too; ``public`` is the result there."""
    if public is None:
        return entry
    seen = dict(zip((part.part for part in public.parts), panels_of(public), strict=True))
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
