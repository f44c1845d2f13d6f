"""The steps that make and use dropout's layers in cases, and the cases that training and test mode share.

Nobody can predict a layer's random mask, so every training forward is followed by a step that reads ``mask``, and the
oracle computes its answer with that mask: all cases are ``free``. The rules in ``masks`` judge the mask itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ncl_course.exercises.arrays import Array, distinct, normal
from ncl_course.exercises.dropout import masks
from ncl_course.exercises.exercise import Case
from ncl_course.exercises.trials import Trials, Use
from ncl_course.protocol.script import Generator, Layout, Rule, Script, Step, Tensor, call, get

MANY = 33, 1024
"""The shape of an input with more than 32,767 neurons: a position in it does not fit in int16."""


@dataclass(frozen=True)
class Drop(Use):
    """A dropout layer in training."""

    SAME_AT_TEST: ClassVar[bool] = False

    free: bool = True

    def forward(self, obj: str = "layer", layout: Layout = Layout.C, method: str = "forward") -> Script:
        """Return a judged forward and a judged reading of its mask, which must be a bool array of the shape of x."""
        return *super().forward(obj, layout, method), mask(masks.is_mask(*self.x.shape), obj)

    def run(self, obj: str = "layer", layout: Layout = Layout.C) -> Script:
        """Return a forward before a backward, and a reading of its mask; only a missing mask is a fault."""
        return call(obj, "forward", Tensor(self.x, layout)), mask(masks.there, obj)


class Tested(Drop):
    """A dropout layer in test mode: nothing is random, no mask is used, and every forward is judged."""

    def make(self, obj: str = "layer") -> Script:
        return *super().make(obj), call(obj, "eval")

    def forward(self, obj: str = "layer", layout: Layout = Layout.C, method: str = "forward") -> Script:
        return Use.forward(self, obj, layout, method)

    def run(self, obj: str = "layer", layout: Layout = Layout.C) -> Script:
        return self.forward(obj, layout)


def mask(rule: Rule, obj: str = "layer") -> Step:
    """Return the step that reads the mask and judges it by that rule."""
    return get(obj, "mask", label="mask", rule=rule)


def seed(rng: np.random.Generator) -> int:
    """Return a seed for a layer's own generator: a short number, since a panel shows it."""
    return int(rng.integers(10**6))


def drop(rng: np.random.Generator, x: Array, keep_prob: float, mode: type[Drop] = Drop) -> Drop:
    """Return a layer with its own generator; if it keeps everything, a warning (such as division by 0) is a fault."""
    return mode(x, (keep_prob, Generator(seed(rng))), silent=keep_prob == 1)


def halves(rng: np.random.Generator, *shape: int, dtype: type = np.float64) -> Array:
    """Return distinct numbers such as 2.5 and −0.5: easy to read, never 0, never whole."""
    return distinct(rng, *shape, dtype=dtype) + dtype(0.5)


def cases(trials: Trials, mode: type[Drop] = Drop) -> Iterator[Case]:
    """Yield the cases of any pass in a mode."""
    rng = trials.rng
    yield trials.one("dropout-keep-more", drop(rng, halves(rng, 3, 8), 0.8, mode))
    yield trials.one("dropout-keep-less", drop(rng, halves(rng, 3, 8), 0.3, mode))
    yield trials.one("one-axis", drop(rng, halves(rng, 24), 0.6, mode))
    yield trials.one("dropout-maps", drop(rng, halves(rng, 2, 3, 4, 5), 0.8, mode))
    yield from trials.large(drop(rng, halves(rng, 3, 8), 0.6, mode))
    for _ in range(2):
        x = normal(rng, *rng.integers(2, 7, 4))
        yield trials.one("random", drop(rng, x, float(rng.integers(2, 10)) / 10, mode))
    few, many = halves(rng, 2, 3, 4, 5), normal(rng, 6, 3, 2, 5)
    yield from trials.arrays(drop(rng, few, 0.7, mode), drop(rng, many, 0.4, mode))
    first, twin = (drop(rng, halves(rng, 4, 8), 0.6, mode) for _ in range(2))
    again, resized = first.on(halves(rng, 4, 8)), first.on(halves(rng, 3, 6))
    yield from trials.contract(first, again, resized, twin=twin, other=drop(rng, halves(rng, 4, 8), 0.8, mode))
