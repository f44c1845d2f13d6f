"""The mutation score: run the checks on every known wrong answer, with ``python -m tests.mutation [EXERCISE...]``.

A mutant is killed if it does not get all points, and named if the first misconception that it gets is its own. All
mutants must be killed and nine in ten named, or else the exit status is 1.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor

from rich.console import Console
from rich.progress import track
from rich.table import Table

from ncl_course.checking.answers import Answers
from ncl_course.checking.run import Here, judge
from ncl_course.checking.verdict import Verdict
from ncl_course.exercises import EXERCISES, find
from tests.answers import KIT, WRONG

SEED = 7
AIM = 0.9


def tried(name: str) -> tuple[list[str], list[str], int]:
    """Return the mutants of one exercise that survive, those that get another name, and the number of all."""
    exercise = find(name)
    answers = [Answers(exercise, part.name, SEED) for part in exercise.parts]
    survivors, misnamed = [], []
    mutants = WRONG.get(name, ())
    for mutant, target in mutants:
        result = judge(exercise, Here(target, KIT), answers)
        if result.verdict is Verdict.PASSED:
            survivors.append(mutant)
        elif result.misconceptions[:1] != (f"{name}.{mutant}",):
            misnamed.append(f"{mutant} (got {', '.join(result.misconceptions) or 'no name'})")
    return survivors, misnamed, len(mutants)


def main(names: list[str]) -> int:
    """Print the table for the given exercises, or for all, and say whether the aim is met; 2 for an unknown name."""
    exercises = [exercise.name for exercise in EXERCISES if not names or exercise.name in names]
    unknown = set(names) - set(exercises)
    if unknown:
        print(f"no exercise {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    table = Table("exercise", "killed", "named", "survivors and wrong names", title="Mutation score")
    total = killed = named = 0
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        tries = track(
            zip(exercises, pool.map(tried, exercises), strict=True),
            "trying every wrong answer",
            total=len(exercises),
            console=Console(stderr=True),
            transient=True,
        )
        for exercise, (survivors, misnamed, count) in tries:
            right = count - len(survivors) - len(misnamed)
            total, killed, named = total + count, killed + count - len(survivors), named + right
            details = [*(f"SURVIVES: {name}" for name in survivors), *misnamed]
            table.add_row(exercise, f"{count - len(survivors)}/{count}", f"{right}/{count}", "\n".join(details))
    table.add_section()
    table.add_row("all", f"{killed}/{total}", f"{named}/{total}", "")
    Console().print(table)
    return 0 if killed == total and named >= AIM * total else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
