"""An exercise that can be judged in the head: ``twice(x)`` for a few numbers, and four ways to get it wrong."""

from __future__ import annotations

import numpy as np

from ncl_course.exercises.exercise import Case, Exercise, Part
from ncl_course.oracles.altered import Misconception
from ncl_course.protocol.script import apply

NUMBERS = (1, 2, 3, -1, -2, -3)


def twice(x):
    return 2 * x


MISCONCEPTIONS = {
    "twice": (
        Misconception("absolute", lambda x: 2 * min(abs(x), 3)),
        Misconception("mirrored-below-zero", lambda x: 2 * abs(x)),
        Misconception("squared", lambda x: x**2),
        Misconception("capped", lambda x: min(2 * x, 4)),
        Misconception("impossible", lambda x: x / 0),
    )
}


def cases(_: np.random.Generator) -> tuple[Case, ...]:
    """One number a case."""
    return tuple(Case(f"of-{x}", (apply(x),)) for x in NUMBERS)


def larger(rng: np.random.Generator) -> tuple[Case, ...]:
    """The same and one more, which tells the first two mistakes from one another."""
    return (*cases(rng), Case("of-minus-four", (apply(-4),)))


PARTS = (Part("value", 1.0, cases), Part("again", 2.0, cases), Part("larger", 1.0, larger))


class Toy(Exercise):
    """An exercise whose answers stand in this file."""

    room = "toy"

    @property
    def oracle(self):
        return twice

    @property
    def misconceptions(self):
        return MISCONCEPTIONS["twice"]


TWICE = Toy("twice", "toy", PARTS)
