"""What a student sees in the notebook, for feedback: the panel of the notebook's own cases, on the submitted code.

The grader's cases come from a secret seed and are only described; those of the notebook are everybody's. So the parts
that failed are played once more on the notebook's cases, and what is shown of them tells nothing new.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from ncl_course.checking.answers import Answers, notebook_answers
from ncl_course.checking.result import ExerciseResult
from ncl_course.checking.verdict import Verdict
from ncl_course.checking.view import Grid, panel
from ncl_course.exercises import Exercise
from ncl_course.grading.entry import clean

Record = dict[str, Any]
Judge = Callable[[Callable[[], list[Answers]]], ExerciseResult]
"""Judges the parts whose right answers it is given a way to make; their misconceptions are known already."""

SHOWN = (Verdict.FAILED, Verdict.ERROR)
"""Verdicts of which there is something to see; after the others the process is gone, or nothing is written."""


def with_panels(record: Record, exercise: Exercise, judge: Judge) -> Record:
    """The record, with a ``panel`` in each part that fails in the notebook, too."""
    wrong = [part["part"] for part in record["parts"] if part["verdict"] in SHOWN]
    if not wrong:
        return record
    result = judge(lambda: [notebook_answers(exercise, part) for part in wrong])
    seen = dict(zip((part.part for part in result.parts), panels_of(result), strict=True))
    parts = [{**part, "panel": seen[part["part"]]} if seen.get(part["part"]) else part for part in record["parts"]]
    return {**record, "parts": parts}


def panels_of(result: ExerciseResult) -> list[Record | None]:
    """The panel of each part as plain data; None where there is no difference to show."""
    views = panel(result)
    return [
        {
            "lead": view.lead,
            "code": [clean(line) for line in view.code],
            "grids": [plain_grid(grid) for grid in view.grids],
            "sentences": [clean(sentence) for sentence in view.sentences],
            "printed": clean(view.printed),
        }
        if part.difference is not None
        else None
        for view, part in zip(views, result.parts, strict=True)
    ]


def plain_grid(grid: Grid) -> Record:
    """A small map of numbers as plain data."""
    return {**asdict(grid), "cells": [list(row) for row in grid.cells], "marked": sorted(map(list, grid.marked))}
