"""Make a cohort of lesson 01: right, wrong and unfinished notebooks in turn, with one check per exercise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.submissions.pooling import AVG, AVG_MISTAKES, MAX, MAX_MISTAKES, SETUP, SIZE, changed

LESSON = "01_pooling"
EXERCISES = ("pool_output_size", "MaxPool2d", "AvgPool2d")
STUB = "def pool_output_size(size, kernel_size, stride):\n    raise NotImplementedError()"
KINDS = (
    (SIZE, MAX, AVG),
    (SIZE, changed(MAX, MAX_MISTAKES["gradient-to-all-maxima"]), AVG),
    (SIZE, MAX, changed(AVG, AVG_MISTAKES["gradient-not-divided"])),
    (STUB, MAX, AVG),
)
"""The kinds of notebooks: three quarters of the exercises are right, as in a real cohort."""

Cell = dict[str, Any]


def notebook(kind: int, *, graded: bool) -> str:
    """Return a notebook; if ``graded``, its check cells have nbgrader's metadata and give points."""
    cells = [code(SETUP), *(code(source, solution=name) for name, source in zip(EXERCISES, KINDS[kind], strict=True))]
    checks = [code(f"from ncl_course import check\ncheck({name})", test=name) for name in EXERCISES] if graded else []
    metadata = {
        "ncl_course": {"lesson": LESSON, "language": "en"},
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    }
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": [*cells, *checks]})


def code(source: str, *, solution: str = "", test: str = "") -> Cell:
    """Return a code cell, with nbgrader's metadata if it is a solution or a test."""
    name = test or solution or "setup"
    marks = {"schema_version": 3, "grade_id": f"{'test' if test else 'cell'}-{name}", "task": False}
    marks |= {
        "grade": bool(test),
        "solution": bool(solution),
        "locked": not solution,
        **({"points": 3} if test else {}),
    }
    return {
        "cell_type": "code",
        "id": f"{'test' if test else 'cell'}-{name}".replace("_", "-"),
        "metadata": {"nbgrader": marks} if name != "setup" else {},
        "source": source,
        "execution_count": None,
        "outputs": [],
    }


def write_cohort(folder: Path, count: int, *, inside: str = "", graded: bool = False) -> Path:
    """Write the notebooks of that number of students: ``STUDENT/LESSON.ipynb``, or ``STUDENT/INSIDE/LESSON.ipynb``."""
    texts = [notebook(kind, graded=graded) for kind in range(len(KINDS))]
    for number in range(count):
        path = folder / f"student{number:05}" / inside / f"{LESSON}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(texts[number % len(texts)], encoding="utf-8")
    return folder
