"""The cases of ``Linear``: sizes that hide a missing transpose, random bias, gradients of weight and bias."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ncl_course.exercises.arrays import Array, distinct, near_thousand, normal
from ncl_course.exercises.exercise import Case
from ncl_course.exercises.rules import moved
from ncl_course.exercises.trials import Backward, Forward, Trials, Use, first_parameters
from ncl_course.protocol.script import Generator

SIZES = (
    ("one-output", 1, 2, 1),
    ("one-sample", 1, 3, 2),
    ("all-sizes-differ", 2, 3, 4),
    ("all-sizes-differ", 4, 3, 2),
    ("all-sizes-differ", 3, 4, 2),
    ("in-equals-out", 2, 3, 3),
    ("in-equals-out", 4, 2, 2),
    ("batch-equals-out", 3, 2, 3),
    ("batch-equals-in", 3, 3, 2),
    ("all-sizes-equal", 3, 3, 3),
    ("one-column", 3, 2, 1),
    ("one-column", 3, 1, 2),
)
"""The case's name, which says which sizes are equal, and N, in_features, out_features."""


class Linear(Use):
    """A linear layer with a given weight and bias."""

    def out_shape(self) -> tuple[int, ...]:
        return len(self.x), len(self.params["bias"])


def linear(rng: np.random.Generator, x: Array, M: int) -> Linear:
    """Return a layer of random weights with M outputs, for an input (N, D)."""
    D = x.shape[1]
    params = {"weight": exact(rng, M, D), "bias": exact(rng, M)}
    return Linear(x, (D, M, Generator(int(rng.integers(1000)))), params)


def exact(rng: np.random.Generator, *shape: int) -> Array:
    """Return nonzero multiples of 1/64: float32 and float64 parameters both hold them exactly."""
    return rng.integers(1, 97, shape) * rng.choice([-1, 1], shape) / 64


def cases(trials: Trials) -> Iterator[Case]:
    """Yield the cases of either pass."""
    rng = trials.rng
    for name, N, D, M in SIZES:
        yield trials.one(name, linear(rng, distinct(rng, N, D), M))
    for N, D, M in rng.integers(1, 8, (3, 3)):
        yield trials.one("random", linear(rng, normal(rng, int(N), int(D)), int(M)))
    yield trials.one("large-offset", linear(rng, near_thousand(distinct(rng, 4, 3)), 2))
    yield from trials.large(linear(rng, distinct(rng, 2, 3), 2))
    yield from trials.arrays(linear(rng, distinct(rng, 3, 4), 2), linear(rng, normal(rng, 5, 4), 6))
    first, twin = (linear(rng, distinct(rng, 3, 4), 2) for _ in range(2))
    again, resized = (first.on(distinct(rng, N, 4)) for N in (3, 2))
    yield from trials.contract(first, again, resized, twin=twin, other=linear(rng, distinct(rng, 5, 3), 4))
    for N, D, M in ((300, 2, 3), (2, 300, 3), (2, 3, 300)):
        yield trials.one("large-sizes", linear(rng, distinct(rng, N, D), M))


def forward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """Return the cases of the forward pass and of a new layer's parameters."""
    trials = Forward(rng)
    return (
        *cases(trials),
        trials.one("bias-alone", linear(rng, np.zeros((2, 3)), 2)),
        *first_parameters(rng, 4, 3, weight=(3, 4), bias=(3,), constant_apart=False),
        trials.rewritten(*(linear(rng, distinct(rng, 2, 3), 2) for _ in range(2))),
        first_overwritten(linear(rng, distinct(rng, 2, 3), 2)),
    )


def first_overwritten(use: Linear) -> Case:
    """Return the case in which the layer's own initial weights are overwritten after use."""
    made, (forward,) = use.make()[0], use.forward()
    return Case("parameters-change", (made, *use.run(), *use.write(), replace(forward, rule=moved(1))))


def backward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """Return the cases of the backward pass."""
    return tuple(cases(Backward(rng)))
