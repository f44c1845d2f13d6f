"""The mutation score: every known wrong answer against the checks, ``python -m tests.mutation [EXERCISE...]``.

A mutant is killed when it does not get all points, and named when the first misconception it gets is its own. The
aim is that all are killed and nine in ten named; below that the exit status is 1.
"""

from __future__ import annotations

import sys

from rich.console import Console
from rich.progress import track
from rich.table import Table

from ncl_course.checking.answers import Answers
from ncl_course.checking.run import Here, judge
from ncl_course.checking.verdict import Verdict
from ncl_course.exercises import EXERCISES, Exercise
from tests.answers import KIT, WRONG

SEED = 7
AIM = 0.9


def tried(exercise: Exercise) -> tuple[list[str], list[str], int]:
    """The mutants of one exercise that survive, those that get another name, and how many there are."""
    answers = [Answers(exercise, part.name, SEED) for part in exercise.parts]
    survivors, misnamed = [], []
    mutants = WRONG.get(exercise.name, ())
    for name, target in mutants:
        result = judge(exercise, Here(target, KIT), answers)
        if result.verdict is Verdict.PASSED:
            survivors.append(name)
        elif result.misconceptions[:1] != (f"{exercise.name}.{name}",):
            misnamed.append(f"{name} (got {', '.join(result.misconceptions) or 'no name'})")
    return survivors, misnamed, len(mutants)


def main(names: list[str]) -> int:
    """Print the table, of the exercises named or of all, and say whether the aim is met; 2 for an unknown name."""
    exercises = [exercise for exercise in EXERCISES if not names or exercise.name in names]
    unknown = set(names) - {exercise.name for exercise in exercises}
    if unknown:
        print(f"no exercise {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    table = Table("exercise", "killed", "named", "survivors and wrong names", title="Mutation score")
    total = killed = named = 0
    for exercise in track(exercises, "trying every wrong answer", console=Console(stderr=True), transient=True):
        survivors, misnamed, count = tried(exercise)
        total, killed = total + count, killed + count - len(survivors)
        named += count - len(survivors) - len(misnamed)
        details = [*(f"SURVIVES: {name}" for name in survivors), *misnamed]
        right = count - len(survivors) - len(misnamed)
        table.add_row(exercise.name, f"{count - len(survivors)}/{count}", f"{right}/{count}", "\n".join(details))
    table.add_section()
    table.add_row("all", f"{killed}/{total}", f"{named}/{total}", "")
    Console().print(table)
    return 0 if killed == total and named >= AIM * total else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
