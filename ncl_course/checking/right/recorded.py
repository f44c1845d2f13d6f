"""The answers for a notebook's check from a recording; torch is loaded only if one of them does not agree."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from ncl_course.checking.compare import Difference, first_difference
from ncl_course.checking.right.by_torch import NOTEBOOK_SEED, Answers, generator
from ncl_course.checking.right.expected import Expected
from ncl_course.checking.right.file import FOLDER, RecordedPart, path_of, stored
from ncl_course.errors import NoTorchError
from ncl_course.exercises import Case, Exercise
from ncl_course.exercises.consulted import StaleError, consulting, digest_of_cases
from ncl_course.protocol.script import Trace

recording = cache(stored)
"""Return what a file holds, which is read once in this process."""


@dataclass
class RecordedAnswers:
    """The cases of one part of one exercise under the notebook's seed, with the recorded right answers."""

    exercise: Exercise
    part: str
    cases: tuple[Case, ...]
    expected: tuple[Expected, ...]
    by_torch: Callable[[Exercise, str], Answers]

    @cached_property
    def live(self) -> Answers | None:
        """The same answers computed by torch, or None if it is not installed."""
        try:
            return self.by_torch(self.exercise, self.part)
        except NoTorchError:
            return None

    def failing(self, traces: Sequence[Trace]) -> dict[int, Difference]:
        """Return the differences of a student's answers to all cases, by the case's number.

        Where an answer differs from the recorded one, torch decides; without torch, the recording does.
        """
        differences = {number: self.difference(number, trace) for number, trace in enumerate(traces)}
        found = {number: difference for number, difference in differences.items() if difference is not None}
        return self.live.failing(traces) if found and self.live is not None else found

    def difference(self, number: int, trace: Trace) -> Difference | None:
        """Return the first difference between an answer to a case and the recorded one, or None."""
        case, expected = self.cases[number], self.expected[number]
        found = None if expected.drawn else first_difference(case, expected.trace, trace)
        if expected.drawn or (found is not None and case.free):
            return first_difference(case, expected.beside(trace), trace)
        return found

    def undecided(self, number: int) -> bool:
        """Return whether another answer to a case than the recorded one may be right, and torch is not there to say."""
        return self.expected[number].open and self.live is None


def recorded_answers(
    exercise: Exercise, part: str, by_torch: Callable[[Exercise, str], Answers], folder: Path = FOLDER
) -> RecordedAnswers | None:
    """Return the recorded answers to a part, or None if there are none for its present cases."""
    recorded = recording(path_of(exercise.name, folder)).parts.get(part)
    cases = cases_for(exercise, part, recorded) if recorded else None
    return RecordedAnswers(exercise, part, cases, recorded.expected, by_torch) if recorded and cases else None


def cases_for(exercise: Exercise, part: str, recorded: RecordedPart) -> tuple[Case, ...] | None:
    """Return the cases of a part, written without torch, or None if the recording belongs to other cases."""
    try:
        with consulting(recorded.known):
            cases = exercise.part(part).cases(generator(NOTEBOOK_SEED, exercise.name, part))
    except StaleError:
        return None
    same = digest_of_cases(cases) == recorded.digest and len(cases) == len(recorded.expected)
    return cases if same else None


def argument_names(exercise: Exercise) -> tuple[str, ...]:
    """Return the names of the arguments of an exercise's constructor or function, in order."""
    known = recording(path_of(exercise.name)).arguments
    return known or tuple(inspect.signature(exercise.oracle).parameters)
