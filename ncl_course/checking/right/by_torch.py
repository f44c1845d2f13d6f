"""The right answers to an exercise's cases, computed by torch once per seed and kept."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ncl_course.checking.compare import Difference, first_difference
from ncl_course.exercises import Case, Exercise
from ncl_course.protocol.play import Stage, play
from ncl_course.protocol.script import Trace

NOTEBOOK_SEED, SECOND_SEED = 0, 1
"""The seed for checks in a notebook. Cases derive from the exercise's name and this number, so a check repeats.
The second seed is for the names of mistakes alone."""


@dataclass
class Answers:
    """The cases of one part of one exercise, the right answer to each, and the answers of each misconception.

    The misconceptions' answers are computed only if a case fails.
    """

    exercise: Exercise
    part: str
    seed: int
    cases: tuple[Case, ...] = field(init=False)
    right: tuple[Trace, ...] = field(init=False)
    wrong: dict[tuple[int, int], Trace] = field(init=False, default_factory=dict)
    shown: dict[tuple[int, int], Difference | None] = field(init=False, default_factory=dict)
    elsewise: dict[tuple[Callable[..., Any], int], Trace] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        from ncl_course.oracles.settings import own_settings

        with own_settings():
            self.cases = self.exercise.part(self.part).cases(generator(self.seed, self.exercise.name, self.part))
        self.right = tuple(self.played(self.exercise.oracle, number) for number in range(len(self.cases)))

    def played(self, oracle: Callable[..., Any], number: int) -> Trace:
        """Play one case, given by its number, on an oracle."""
        from ncl_course.oracles.settings import own_settings

        with own_settings():
            return play(oracle, self.cases[number].script, self.exercise.kit)

    def adapted(self, number: int, student: Trace) -> Trace:
        """Return the right answer to a case that is nearest to the student's, if several answers are right."""
        oracle, case = self.exercise.oracle, self.cases[number]
        if not (case.free and getattr(oracle, "adapts", False)):
            return self.right[number]
        return play_beside(oracle, case, student)

    def altered(self, misconception: int, number: int) -> Trace:
        """Return a misconception's answer to a case, both given by their numbers."""
        key = (misconception, number)
        if key not in self.wrong:
            self.wrong[key] = self.played(self.exercise.misconceptions[misconception].altered, number)
        return self.wrong[key]

    def altered_beside(self, misconception: int, number: int, student: Trace) -> Trace:
        """Return a misconception's answer to a case, computed with the student's own random choices if it uses them."""
        made, case = self.exercise.misconceptions[misconception], self.cases[number]
        if not (case.free and made.beside):
            return self.altered(misconception, number)
        return play_beside(made.altered, case, student)

    def difference(self, number: int, trace: Trace) -> Difference | None:
        """Return the first difference between an answer to a case and the right answer, or None."""
        found = first_difference(self.cases[number], self.right[number], trace)
        if found is None or self.is_right_otherwise(number, trace):
            return None
        if not self.cases[number].free:
            return found
        return first_difference(self.cases[number], self.adapted(number, trace), trace)

    def is_right_otherwise(self, number: int, trace: Trace) -> bool:
        """Return whether an answer to a case is one of the oracle's ``others``: of the few that are right as well."""
        others = getattr(self.exercise.oracle, "others", ())
        return any(first_difference(self.cases[number], self.other(one, number), trace) is None for one in others)

    def other(self, oracle: Callable[..., Any], number: int) -> Trace:
        """Return another right answer to a case, computed once."""
        if (oracle, number) not in self.elsewise:
            self.elsewise[oracle, number] = self.played(oracle, number)
        return self.elsewise[oracle, number]

    @property
    def live(self) -> Answers:
        """These answers, which torch has computed."""
        return self

    def failing(self, traces: Sequence[Trace]) -> dict[int, Difference]:
        """Return the differences of a student's answers to all cases, by the case's number."""
        from ncl_course.oracles.settings import own_settings

        wrong = [n for n, trace in enumerate(traces) if first_difference(self.cases[n], self.right[n], trace)]
        if not wrong:
            return {}
        with own_settings():  # once, and not anew for each step of an oracle that is played beside a student's answer
            found = {n: self.difference(n, traces[n]) for n in wrong}
        return {n: difference for n, difference in found.items() if difference is not None}

    def undecided(self, number: int) -> bool:  # noqa: ARG002 - a recording has such cases
        """Return False: torch decides every case."""
        return False

    def altered_difference(self, misconception: int, number: int) -> Difference | None:
        """Return the first difference between a misconception's own answer to a case and the right answer, or None."""
        key = (misconception, number)
        if key not in self.shown:
            self.shown[key] = self.difference(number, self.altered(misconception, number))
        return self.shown[key]

    def shows(self, misconception: int, number: int) -> bool:
        """Return whether a misconception's own answer to a case is wrong."""
        return self.altered_difference(misconception, number) is not None


def generator(seed: int, *names: str) -> np.random.Generator:
    """Return a separate generator for a part of an exercise under one seed."""
    return np.random.default_rng([seed, zlib.crc32(".".join(names).encode())])


def play_beside(oracle: Callable[..., Any], case: Case, student: Trace) -> Trace:
    """Play a case on an oracle that sees, at each step, what the student returned."""
    from ncl_course.oracles.settings import own_settings

    stage = Stage(oracle)
    outcomes = []
    for number, step in enumerate(case.script):
        for layer in stage.objects.values():
            layer.student, layer.step = student, number
        with own_settings():
            outcomes.append(stage.play(step))
        if outcomes[-1].raised is not None:
            break
    return tuple(outcomes)
