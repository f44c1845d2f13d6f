"""Measure the cost of a warm check beyond the student's own code, and compare it with torch on the same cases.

A check is warm if torch is loaded and the right answers are computed: every check of a part except the first.
"""

from __future__ import annotations

import contextlib
import io
import statistics
import time
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.table import Table

from ncl_course import check
from ncl_course.checking.answers import notebook_answers
from ncl_course.errors import CheckFailed
from ncl_course.exercises import EXERCISES, Exercise
from ncl_course.protocol.play import play
from tests.answers import RIGHT, WRONG

ROUNDS = 9


def milliseconds(action: Callable[[], Any]) -> float:
    """Return the median of several rounds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        action()
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times)


def quiet_check(target: Any) -> None:
    """Run ``check`` without showing its panel."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(CheckFailed):
        check(target)


def played(exercise: Exercise, target: Any) -> Callable[[], None]:
    """Return a function that plays only the cases: the layer's own work, and the copies of its inputs and outputs."""
    scripts = [case.script for part in exercise.parts for case in notebook_answers(exercise, part.name).cases]

    def action() -> None:
        for script in scripts:
            play(target, script)

    return action


def row(exercise: Exercise, kind: str, target: Any) -> tuple[str, ...]:
    """Return one row of the table."""
    target.__name__ = exercise.name
    quiet_check(target)
    own, oracle = milliseconds(played(exercise, target)), milliseconds(played(exercise, exercise.oracle))
    whole = milliseconds(lambda: quiet_check(target))
    return exercise.name, kind, f"{own:.1f}", f"{whole:.1f}", f"{whole - own:.1f}", f"{whole / oracle:.1f}"


def run() -> None:
    """Print the table."""
    table = Table(title="A warm check of a whole exercise, ms (aim: under 50 beyond the student's own code)")
    for name in ("exercise", "answer", "student's own", "check", "beyond it", "check / torch's own"):
        table.add_column(name, justify="left" if name in ("exercise", "answer") else "right")
    for exercise in EXERCISES:
        table.add_row(*row(exercise, "right", RIGHT[exercise.name][-1]))
        for name, target in WRONG[exercise.name][:2]:
            table.add_row(*row(exercise, name, target))
    Console().print(table)
