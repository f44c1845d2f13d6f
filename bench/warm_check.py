"""Measure the cost of a warm check beyond the student's own code, and compare it with torch on the same cases.

A check is warm if torch is loaded and the right answers are computed: every check of a part except the first.
"""

from __future__ import annotations

import contextlib
import io
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from ncl_course import check
from ncl_course.checking.answers import Answers, every_answer, notebook_answers, second_answers
from ncl_course.checking.notebook import kit
from ncl_course.checking.run import Here, judge
from ncl_course.errors import CheckFailed
from ncl_course.exercises import EXERCISES, Exercise
from ncl_course.protocol.play import Kit, play
from ncl_course.protocol.script import Script
from tests.answers import RIGHT, WRONG

ROUNDS = 9


def milliseconds(action: Callable[[], Any]) -> float:
    """Return the median of several rounds, in milliseconds of the processor: other processes do not count."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        action()
        times.append(1e3 * (time.process_time() - start))
    return statistics.median(times)


def quiet_check(target: Any) -> None:
    """Run ``check`` without showing its panel."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(CheckFailed):
        check(target)


def played(scripts: Sequence[Script], target: Any, pieces: Kit) -> Callable[[], None]:
    """Return a function that plays only the scripts: the code's own work, and the copies of its inputs and outputs."""

    def action() -> None:
        for script in scripts:
            play(target, script, pieces)

    return action


def scripts_of(answers: Iterable[Answers]) -> list[Script]:
    """Return the scripts of all cases."""
    return [case.script for part in answers for case in part.cases]


def row(exercise: Exercise, kind: str, target: Any) -> tuple[str, ...]:
    """Return one row of the table.

    The student's own time is that of all their code that the check runs: in lesson 06 the layers of the network, and
    after a failure the cases of the second seed, on which the name must hold, too.
    """
    target.__name__ = exercise.name
    quiet_check(target)
    first = scripts_of(notebook_answers(exercise, part.name) for part in exercise.parts)
    parts = judge(exercise, Here(target, kit(exercise)), every_answer(exercise)).parts
    again = scripts_of(second_answers(exercise, part.part) for part in parts if part.misconceptions)
    own = milliseconds(played([*first, *again], target, kit(exercise)))
    oracle = milliseconds(played(first, exercise.oracle, exercise.kit))
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
