"""The cases of elementwise activations: signs, zeros, ±1000, any shape, and ``alpha``."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ncl_course.exercises.activations.arrays import AT_ZERO, HUGE, NEAR_ZERO, halves, random_array, some_zeros
from ncl_course.exercises.arrays import normal
from ncl_course.exercises.exercise import Case
from ncl_course.exercises.trials import Backward, Trials, Use

ALPHAS = (("alpha-small", 0.25), ("alpha-above-one", 2.0), ("alpha-zero", 0.0))


def cases(trials: Trials, *alphas: float) -> Iterator[Case]:
    """Yield the cases of either pass; the layer uses the first of two alphas, and a layer beside it uses the other."""
    rng = trials.rng
    yield trials.one("both-signs", Use(halves(rng, 4)))
    yield trials.one("one-axis", Use(normal(rng, 7)))
    yield trials.one("two-axes", Use(normal(rng, 3, 2)))
    yield trials.one("three-axes", Use(normal(rng, 2, 4, 3)))
    yield trials.one("four-axes", Use(halves(rng, 2, 3, 2, 4)))
    yield trials.one("at-zero", Use(AT_ZERO.copy(), free=True))
    yield trials.one("all-negative", Use(-np.abs(halves(rng, 5))))
    yield trials.one("thousands", Use(rng.permutation(HUGE), silent=True))
    yield trials.one("thousands-float32", Use(rng.permutation(HUGE).astype(np.float32), silent=True))
    yield from trials.large(Use(halves(rng, 4)))
    for _ in range(2):
        yield trials.one("random", Use(random_array(rng)))
    yield from trials.arrays(Use(normal(rng, 2, 3, 2, 4)), Use(3 * normal(rng, 2, 3, 5, 4)))
    first, resized = Use(halves(rng, 2, 3), alphas[:1]), halves(rng, 4)
    # the signs are opposite to those of x, so that one input cannot stand in for the other
    again = first.on(np.copysign(halves(rng, 2, 3), -first.x))
    yield from trials.contract(first, again, first.on(resized), other=Use(halves(rng, 2, 3), alphas[1:]))
    yield trials.one("large-sizes", Use(normal(rng, 2, 300)))
    yield trials.one("large-sizes", Use(normal(rng, 300, 1)))


def cases_with_alpha(trials: Trials) -> Iterator[Case]:
    """Yield the cases of either pass of a function with a parameter ``alpha``."""
    rng = trials.rng
    yield from cases(trials, 0.25, 2.0)
    for name, alpha in ALPHAS:
        yield trials.one(name, Use(halves(rng, 4), (alpha,)))
        yield trials.one(name, Use(normal(rng, 2, 3, 4), (alpha,)))
        yield trials.one(name, Use(rng.permutation(HUGE), (alpha,), silent=True))
        yield trials.one(name, Use(AT_ZERO.copy(), (alpha,), free=True))
    yield trials.one("keywords", Use(halves(rng, 5), kwargs={"alpha": 0.75}))


def near_zero(trials: Backward) -> Iterator[Case]:
    """Yield the cases of the backward pass that depend on signs: the signs of both factors, inputs at 0 and near 0."""
    signs = Use(np.array([-1.5, -1.5, 2.5, 2.5]))
    yield trials.one("slope-from-above", signs, grad_out=np.array([3.0, -2.0, 5.0, -4.0]))
    yield trials.one("at-zero", Use(some_zeros(trials.rng, 2, 2, 3, dtype=np.float32), free=True))
    yield trials.one("near-zero", Use(NEAR_ZERO.copy()))
