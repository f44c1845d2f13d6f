"""The right answers for a check in a notebook: recorded ones if they belong to the present cases, or else torch's."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Protocol

from ncl_course.checking.compare import Difference
from ncl_course.checking.right.by_torch import NOTEBOOK_SEED, SECOND_SEED, Answers, generator, play_beside
from ncl_course.checking.right.recorded import recorded_answers
from ncl_course.exercises import Case, Exercise
from ncl_course.protocol.script import Trace

__all__ = ["Answers", "RightAnswers", "every_answer", "generator", "notebook_answers", "play_beside", "second_answers"]


class RightAnswers(Protocol):
    """The right answers to the cases of one part of one exercise, recorded or computed by torch."""

    @property
    def exercise(self) -> Exercise:
        """The exercise."""

    @property
    def part(self) -> str:
        """The name of the part."""

    @property
    def cases(self) -> tuple[Case, ...]:
        """The cases."""

    @property
    def live(self) -> Answers | None:
        """The same answers computed by torch, with those of the known mistakes; None if torch is not installed."""

    def failing(self, traces: Sequence[Trace]) -> dict[int, Difference]:
        """Return the differences of a student's answers to all cases, by the case's number."""

    def undecided(self, number: int) -> bool:
        """Return whether a case that fails by these answers needs torch, because another answer may be right."""


def every_answer(exercise: Exercise) -> list[RightAnswers]:
    """Return the right answers to all parts of an exercise, for a notebook."""
    return [notebook_answers(exercise, part.name) for part in exercise.parts]


@cache
def second_answers(exercise: Exercise, part: str) -> Answers:
    """Return the right answers on a second seed, on which a name must hold, too."""
    return Answers(exercise, part, SECOND_SEED)


@cache
def notebook_answers(exercise: Exercise, part: str) -> RightAnswers:
    """Return the right answers for a notebook: recorded ones, or torch's, which are computed on the first call."""
    return recorded_answers(exercise, part, by_torch) or by_torch(exercise, part)


@cache
def by_torch(exercise: Exercise, part: str) -> Answers:
    """Return torch's right answers for a notebook."""
    return Answers(exercise, part, NOTEBOOK_SEED)
