"""How dropout's layers are made and used in cases, and the cases that training and test mode have in common.

A layer's own random mask cannot be known before, so every training forward is followed by a reading of ``mask``, and
the oracle answers with it: all cases are ``free``. Whether the mask itself is one is judged by the rules in ``masks``.
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


@dataclass(frozen=True)
class Drop(Use):
    """A layer in training."""

    SAME_AT_TEST: ClassVar[bool] = False

    free: bool = True

    def forward(self, obj: str = "layer", layout: Layout = Layout.C, method: str = "forward") -> Script:
        """A judged forward, and its mask, which must be one."""
        return *super().forward(obj, layout, method), mask(masks.is_mask(*self.x.shape), obj)

    def run(self, obj: str = "layer", layout: Layout = Layout.C) -> Script:
        """A forward before a backward; its mask must be there, and that is all that is asked of it."""
        return call(obj, "forward", Tensor(self.x, layout)), mask(masks.there, obj)


class Tested(Drop):
    """A layer in test mode, in which nothing is random and no mask is used; every forward is judged."""

    def make(self, obj: str = "layer") -> Script:
        return *super().make(obj), call(obj, "eval")

    def forward(self, obj: str = "layer", layout: Layout = Layout.C, method: str = "forward") -> Script:
        return Use.forward(self, obj, layout, method)

    def run(self, obj: str = "layer", layout: Layout = Layout.C) -> Script:
        return self.forward(obj, layout)


def mask(rule: Rule, obj: str = "layer") -> Step:
    """The mask is read, and must keep that rule."""
    return get(obj, "mask", label="mask", rule=rule)


def seed(rng: np.random.Generator) -> int:
    """A seed for a layer's own generator: short, since a panel shows it."""
    return int(rng.integers(10**6))


def drop(rng: np.random.Generator, x: Array, keep_prob: float, mode: type[Drop] = Drop) -> Drop:
    """A layer with a generator of its own; where it keeps all, nothing is divided by 0."""
    return mode(x, (keep_prob, Generator(seed(rng))), silent=keep_prob == 1)


def halves(rng: np.random.Generator, *shape: int, dtype: type = np.float64) -> Array:
    """Different numbers such as 2.5 and −0.5: easy to read, never 0, never whole."""
    return distinct(rng, *shape, dtype=dtype) + dtype(0.5)


def cases(trials: Trials, mode: type[Drop] = Drop) -> Iterator[Case]:
    """The cases of any pass in a mode."""
    rng = trials.rng
    yield trials.one("dropout-keep-more", drop(rng, halves(rng, 3, 8), 0.8, mode))
    yield trials.one("dropout-keep-less", drop(rng, halves(rng, 3, 8), 0.3, mode))
    yield trials.one("one-axis", drop(rng, halves(rng, 24), 0.6, mode))
    yield trials.one("dropout-maps", drop(rng, halves(rng, 2, 3, 4, 5), 0.8, mode))
    for _ in range(2):
        x = normal(rng, *rng.integers(2, 7, 4))
        yield trials.one("random", drop(rng, x, float(rng.integers(2, 10)) / 10, mode))
    few, many = halves(rng, 2, 3, 4, 5), normal(rng, 6, 3, 2, 5)
    yield from trials.arrays(drop(rng, few, 0.7, mode), drop(rng, many, 0.4, mode))
    first, twin = (drop(rng, halves(rng, 4, 8), 0.6, mode) for _ in range(2))
    again, resized = first.on(halves(rng, 4, 8)), first.on(halves(rng, 3, 6))
    yield from trials.contract(first, again, resized, twin=twin, other=drop(rng, halves(rng, 5, 9), 0.8, mode))
