"""Lesson 05, weight standardization: the cases (lecture section 5, Qiao et al. 2019).

Weights are (K, M, p, q): K filters, each over M maps of p × q. Filters differ much in scale and level, so that
statistics over wrong axes show.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ncl_course.exercises.arrays import Array, distinct, near_thousand, normal, outlier
from ncl_course.exercises.consulted import consult
from ncl_course.exercises.exercise import Case
from ncl_course.exercises.trials import Backward, Trials, Use

EPS = 0.1

SIZES = (
    ("weights-filters", (3, 2, 1, 2)),
    ("weights-maps", (2, 4, 2, 3)),
    ("weights-maps", (4, 3, 2, 1)),
    ("weights-as-many-maps", (3, 3, 2, 4)),
    ("all-sizes-equal", (3, 3, 3, 3)),
    ("weights-dense", (3, 5, 1, 1)),
)
"""The case's name and K, M, p, q."""


class Weights(Use):
    """The weight standardization of the weights ``x`` with a given ε."""

    def scales(self, grad_out: Array) -> dict[str, float]:
        def compute() -> float:
            from ncl_course.oracles.normalization.groupnorm import WeightStandardization, natural_scale

            return natural_scale(WeightStandardization(*self.args, **self.kwargs), self.x, grad_out)

        return {"backward": consult(compute, "WeightStandardization", (self.args, self.kwargs), self.x, grad_out)}


def filters(rng: np.random.Generator, K: int, M: int, p: int, q: int) -> Array:
    """Return filters of very different scale and level, with slices of very different level."""
    scales = 2.0 ** rng.permutation(np.arange(K) - K // 2)
    levels = 2.0 * rng.permutation(np.arange(K) + 1) * rng.choice([-1, 1], K)
    slices = 3.0 * rng.permutation(np.arange(M))
    cells = rng.integers(-8, 9, (K, M, p, q)) + slices[:, None, None]
    return cells * scales[:, None, None, None] + levels[:, None, None, None]


def cases(trials: Trials) -> Iterator[Case]:
    """Yield the cases of either pass."""
    rng = trials.rng

    def one(name: str, weight: Array, eps: float = EPS) -> Case:
        return trials.one(name, Weights(weight, (eps,)))

    yield one("weights-two-numbers", distinct(rng, 1, 1, 1, 2))
    yield one("weights-one-filter", distinct(rng, 1, 1, 2, 2))
    for name, sizes in SIZES:
        yield one(name, filters(rng, *sizes))
    yield one("weights-tiny", normal(rng, 2, 3, 2, 2) / 1024, 1e-2)
    yield one("weights-tiny", normal(rng, 3, 2, 3, 2) / 256, 1e-5)
    yield one("weights-constant", np.full((2, 1, 2, 2), 0.5))
    yield one("weights-constant", np.concatenate([filters(rng, 2, 2, 2, 2), np.full((1, 2, 2, 2), 4.0)]))
    yield one("large-offset", near_thousand(distinct(rng, 2, 3, 2, 3)))
    yield from trials.large(Weights(filters(rng, 2, 1, 2, 2), (EPS,)), outlier(rng, 1, 1, 10, 40))
    for _ in range(3):
        K, M, p, q = (int(v) for v in rng.integers(1, 5, 4))
        yield one("random", filters(rng, K, M, p, q + 1))
    yield trials.one("omitted-eps", Weights(normal(rng, 2, 1, 2, 2) / 256))
    yield trials.one("keywords", Weights(filters(rng, 3, 2, 2, 3), kwargs={"eps": EPS}))
    yield from trials.arrays(Weights(filters(rng, 2, 3, 2, 4), (EPS,)), Weights(normal(rng, 5, 4, 3, 2), (EPS,)))
    first, again, resized = (
        Weights(filters(rng, *sizes), (EPS,)) for sizes in ((3, 2, 2, 3), (3, 2, 2, 3), (2, 1, 2, 2))
    )
    yield from trials.contract(first, again, resized, other=Weights(filters(rng, 3, 2, 2, 3), (0.5,)))
    for sizes in ((300, 1, 1, 2), (1, 300, 1, 1), (1, 1, 1, 300)):
        yield one("large-sizes", distinct(rng, *sizes))


def near_a_thousand(trials: Backward) -> Iterator[Case]:
    """Yield the case of a gradient near 1000."""
    yield trials.near_thousand(Weights(near_thousand(distinct(trials.rng, 2, 3, 2, 3))))
