"""An exercise simple enough to judge by mental arithmetic: ``twice(x)`` for a few numbers, and four wrong ways."""

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
    """Return one case for each number."""
    return tuple(Case(f"of-{x}", (apply(x),)) for x in NUMBERS)


def larger(rng: np.random.Generator) -> tuple[Case, ...]:
    """Return the same cases and one more, which tells the first two mistakes apart."""
    return (*cases(rng), Case("of-minus-four", (apply(-4),)))


PARTS = (Part("value", 1.0, cases), Part("again", 2.0, cases), Part("larger", 1.0, larger))


class Toy(Exercise):
    """An exercise with its answers in this file."""

    room = "toy"

    @property
    def oracle(self):
        return twice

    @property
    def misconceptions(self):
        return MISCONCEPTIONS["twice"]


TWICE = Toy("twice", "toy", PARTS)
