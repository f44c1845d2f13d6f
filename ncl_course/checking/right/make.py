"""Make the recordings: torch plays every case once, and again for each choice that a student's layer has."""

from __future__ import annotations

import inspect
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ncl_course.checking.compare import first_difference
from ncl_course.checking.right.by_torch import NOTEBOOK_SEED, Answers, play_beside
from ncl_course.checking.right.expected import Expected
from ncl_course.checking.right.file import FOLDER, RecordedPart, Recording, path_of, stored
from ncl_course.checking.right.recorded import cases_for
from ncl_course.exercises import EXERCISES, Case, Exercise
from ncl_course.exercises.consulted import consulting, digest_of_cases
from ncl_course.protocol.script import Numbers, Outcome, Tensor, Trace

FAR = 1e30
"""A slope's value that is beyond every bound."""

EVERY_PART = 2.0**23 - 1
"""A number with every bit of the parts of a map's gradient."""

LAST = "06_train_cnn"
"""The lesson without recordings: its check needs torch's networks anyway."""


def recorded_exercises(only: str = "") -> list[Exercise]:
    """Return the exercises that have a recording, of one lesson or of all."""
    return [one for one in EXERCISES if one.lesson != LAST and one.lesson.startswith(only)]


def differing(only: str = "", folder: Path = FOLDER) -> dict[str, Recording]:
    """Return new recordings of the exercises whose files are missing or differ from what torch computes now."""
    made = ((exercise, record(exercise)) for exercise in recorded_exercises(only))
    return {one.name: new for one, new in made if not agrees(one, stored(path_of(one.name, folder)), new)}


def record(exercise: Exercise) -> Recording:
    """Return the recorded answers of an exercise."""
    parts = {part.name: record_part(exercise, part.name) for part in exercise.parts}
    return Recording(tuple(inspect.signature(exercise.oracle).parameters), parts)


def record_part(exercise: Exercise, part: str) -> RecordedPart:
    """Return the recorded answers of one part."""
    with consulting() as consultation:
        answers = Answers(exercise, part, NOTEBOOK_SEED)
    expected = tuple(expected_of(answers, number) for number in range(len(answers.cases)))
    return RecordedPart(digest_of_cases(answers.cases), consultation.given, expected)


def expected_of(answers: Answers, number: int) -> Expected:
    """Return the recorded answer to one case."""
    case, right = answers.cases[number], compared(answers.cases[number], answers.right[number])
    oracle = answers.exercise.oracle
    follows = getattr(oracle, "follows", "") if case.free and getattr(oracle, "adapts", False) else ""
    if follows == "mask":
        return with_masks(answers, case, right)
    if follows == "slope":
        return with_bounds(answers, case, right)
    if follows == "maximum":
        return with_reach(answers, case, right)
    return Expected(right, open=bool(follows))


def compared(case: Case, trace: Trace) -> Trace:
    """Return a trace that holds only the values that are compared."""
    return tuple(
        Outcome(outcome.value if step.label and step.rule is None else None)
        for step, outcome in zip(case.script, trace, strict=True)
    )


def with_masks(answers: Answers, case: Case, right: Trace) -> Expected:
    """Return the results of masks that keep everything, and which result depends on which forward's mask."""
    shapes = {
        number: tensor.values.shape
        for number, step in enumerate(case.script)
        if step.kind == "call" and step.method in ("forward", "__call__")
        for tensor in step.args
        if isinstance(tensor, Tensor)
    }

    def played(dropped: int | None = None) -> Trace:
        """Play the case beside a student whose masks keep everything, except that of one forward."""
        fake = [Outcome() for _ in range(len(case.script) + 1)]
        for forward, shape in shapes.items():
            fake[forward + 1] = Outcome(np.full(shape, forward != dropped))
        return compared(case, play_beside(answers.exercise.oracle, case, tuple(fake)))

    full = played()
    masks = {
        step: forward
        for forward in shapes
        for step, outcome in enumerate(played(dropped=forward))
        if not equal(outcome.value, full[step].value)
    }
    return Expected(full, masks, drawn=not all(equal(a.value, b.value) for a, b in zip(full, right, strict=True)))


def with_bounds(answers: Answers, case: Case, right: Trace) -> Expected:
    """Return the right answer, and its smallest and largest values where a student's slope is free."""

    def played(far: float) -> Trace:
        fake = tuple(replace(one, value=np.full(np.shape(one.value), far)) for one in right)
        return compared(case, play_beside(answers.exercise.oracle, case, fake))

    ends = zip(played(-FAR), played(FAR), strict=True)
    free = {step: (a.value, b.value) for step, (a, b) in enumerate(ends) if not equal(a.value, b.value)}
    return Expected(right, bounds=free)


def with_reach(answers: Answers, case: Case, right: Trace) -> Expected:
    """Return the right answer, and for each cell of dx the sum of all gradients that it may get.

    The oracle is asked cell by cell: a student's dx that has every part in one cell gets there what is valid.
    """
    (number,) = (number for number, step in enumerate(case.script) if step.label == "backward")
    reach = np.zeros_like(right[number].value)
    for row, column in np.ndindex(reach.shape[2:]):
        wish = np.zeros(reach.shape)
        wish[:, :, row, column] = EVERY_PART
        fake = (*right[:number], Outcome(wish), *right[number + 1 :])
        given = play_beside(answers.exercise.oracle, case, fake)[number].value
        reach[:, :, row, column] = given[:, :, row, column]
    return Expected(right, reach={number: reach})


def equal(one: Any, other: Any) -> bool:
    """Return whether two values are the same number or arrays of the same numbers, or neither is one."""
    return bool(np.array_equal(one, other))


def agrees(exercise: Exercise, old: Recording, new: Recording) -> bool:
    """Return whether an old recording belongs to the same cases as a new one, and holds the same answers."""
    if old.arguments != new.arguments or old.parts.keys() != new.parts.keys():
        return False
    return all(same_part(exercise, name, old.parts[name], new.parts[name]) for name in new.parts)


def same_part(exercise: Exercise, part: str, old: RecordedPart, new: RecordedPart) -> bool:
    """Return whether two recordings of a part belong to its present cases and agree.

    Their numbers may differ by a hundredth of the check's tolerance, because other machines round in another way.
    """
    cases = cases_for(exercise, part, old)
    if cases is None or old.digest != new.digest or not np.allclose(*numbers_of(old, new), rtol=1e-9, atol=0):
        return False
    return all(map(same_answer, cases, old.expected, new.expected))


def numbers_of(old: RecordedPart, new: RecordedPart) -> tuple[list[float], list[float]]:
    """Return the numbers that the cases took from an oracle, of both recordings; NaN for those that are in one."""
    keys = sorted(old.known.keys() | new.known.keys())
    return [old.known.get(key, np.nan) for key in keys], [new.known.get(key, np.nan) for key in keys]


def same_answer(case: Case, old: Expected, new: Expected) -> bool:
    """Return whether two recorded answers to a case agree."""
    if shape_of(old) != shape_of(new):
        return False
    bare = replace(case, script=tuple(replace(s, label="" if s.rule else s.label, rule=None) for s in case.script))
    ends = [(with_ends(old, end), with_ends(new, end)) for end in (0, 1)]
    return all(
        first_difference(bare, one, tuple(map(magnified, one, other))) is None
        for one, other in ((old.trace, new.trace), *ends)
    )


def shape_of(one: Expected) -> tuple[Any, ...]:
    """Return the rules of a recorded answer, and the numbers in them that every machine computes alike."""
    return (
        one.masks,
        one.drawn,
        one.open,
        sorted(one.bounds),
        {step: most.tolist() for step, most in one.reach.items()},
    )


def with_ends(one: Expected, end: int) -> Trace:
    """Return the trace with the smallest right values (``end`` 0) or the largest (1) where a slope is free."""
    trace = list(one.trace)
    for step, both in one.bounds.items():
        trace[step] = replace(trace[step], value=both[end])
    return tuple(trace)


def magnified(old: Outcome, new: Outcome) -> Outcome:
    """Return the new value, a hundred times as far from the old one as it is."""
    one, other = (value.values if isinstance(value, Numbers) else value for value in (old.value, new.value))
    comparable = isinstance(other, np.ndarray | np.floating | float) and np.shape(one) == np.shape(other)
    if not comparable or np.asarray(one).dtype.kind != "f":
        return new
    far = np.asarray(one + 100 * (other - one), np.asarray(other).dtype)
    return Outcome(Numbers(far) if isinstance(new.value, Numbers) else far if far.ndim else far[()])
