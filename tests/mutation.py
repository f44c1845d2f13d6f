"""The mutation score: run the checks on every known wrong answer, with ``python -m tests.mutation [EXERCISE...]``.

A mutant is killed if the check fails it, and named if the first misconception that it gets is its own. All mutants
must be killed and named, or else the exit status is 1. No other test judges the wrong answers: together they take
minutes.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor

from rich.console import Console
from rich.progress import track
from rich.table import Table

from ncl_course.checking import render
from ncl_course.checking.answers import Answers
from ncl_course.checking.run import Here, judge
from ncl_course.checking.verdict import Verdict
from ncl_course.exercises import EXERCISES, find
from tests.answers import KIT, WRONG

SEED = 7
KILLED = {Verdict.FAILED, Verdict.PARTIAL, Verdict.ERROR}


Tried = tuple[list[str], list[str], int]
"""The mutants of one exercise that survive, those that get another name, and the number of all."""


def tried(name: str) -> Tried:
    """Judge every mutant of one exercise."""
    exercise = find(name)
    answers = [Answers(exercise, part.name, SEED) for part in exercise.parts]
    survivors, misnamed = [], []
    mutants = WRONG.get(name, ())
    for mutant, target in mutants:
        result = judge(exercise, Here(target, KIT), answers)
        if result.verdict not in KILLED:
            survivors.append(f"{mutant} ({result.verdict})")
        elif result.misconceptions[:1] != (f"{name}.{mutant}",):
            misnamed.append(f"{mutant} (got {', '.join(result.misconceptions) or 'no name'})")
        elif not render.plain(result):
            misnamed.append(f"{mutant} (its panel is empty)")
    return survivors, misnamed, len(mutants)


def main(names: list[str]) -> int:
    """Print the table for the given exercises, or for all, and say whether the aim is met; 2 for an unknown name."""
    exercises = [exercise.name for exercise in EXERCISES if not names or exercise.name in names]
    unknown = set(names) - set(exercises)
    if unknown:
        print(f"no exercise {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    longest_first = sorted(exercises, key=lambda name: len(WRONG.get(name, ())), reverse=True)
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        waiting = {name: pool.submit(tried, name) for name in longest_first}
        tries = track(exercises, "trying every wrong answer", console=Console(stderr=True), transient=True)
        return reported({name: waiting[name].result() for name in tries})


def reported(found: dict[str, Tried]) -> int:
    """Print the table, and return 0 if all mutants are killed and named, else 1."""
    table = Table("exercise", "killed", "named", "survivors and wrong names", title="Mutation score")
    total = killed = named = 0
    for exercise, (survivors, misnamed, count) in found.items():
        right = count - len(survivors) - len(misnamed)
        total, killed, named = total + count, killed + count - len(survivors), named + right
        details = [*(f"SURVIVES: {name}" for name in survivors), *misnamed]
        table.add_row(exercise, f"{count - len(survivors)}/{count}", f"{right}/{count}", "\n".join(details))
    table.add_section()
    table.add_row("all", f"{killed}/{total}", f"{named}/{total}", "")
    Console().print(table)
    return 0 if killed == named == total else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
