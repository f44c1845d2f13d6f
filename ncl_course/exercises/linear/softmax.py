"""The cases of ``Softmax``: any number of axes, ±1000 in one batch, square batches."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ncl_course.exercises.arrays import Array, normal
from ncl_course.exercises.exercise import Case
from ncl_course.exercises.trials import Backward, Forward, Trials, Use

FAR = np.array([[0.0, 1.0, 2.0], [-800.0, -801.0, -799.0]])
"""Two rows so far apart that, after the maximum of the whole batch is subtracted, the second row underflows to 0."""

HUGE = np.array([[1000.0, 999.0, -1000.0], [-1000.0, -1000.0, -1001.0], [3.0, 1.0, 2.0], [0.0, 1000.0, 0.0]])
"""Numbers around ±1000 in one batch."""

WIDE = np.array(
    [[2000.0, -2000, -2000, -2000], [-2000, -2000, 2000, -2000], [-2000, 0, 0, 2000], [2000, 2000, 2000, -2000]]
)
"""Rows in which every shift but the row's own maximum overflows exp or leaves nothing of the row: its mean, its median,
its first or last number, its minimum, the middle between its ends."""

SHAPES = (
    ("one-vector", (3,)),
    ("two-classes", (1, 2)),
    ("one-sample", (1, 4)),
    ("two-samples", (2, 3)),
    ("many-samples", (5, 3)),
    ("batch-equals-classes", (3, 3)),
    ("three-axes", (2, 3, 4)),
    ("three-axes", (3, 3, 3)),
    ("four-axes", (2, 1, 3, 2)),
    ("one-class", (3, 1)),
)


class Softmax(Use):
    """A softmax layer; its gradient is judged on the scale of the upstream gradient."""

    def scales(self, grad_out: Array) -> dict[str, float]:
        return {"backward": float(np.abs(grad_out).max())}


def cases(trials: Trials) -> Iterator[Case]:
    """Yield the cases of either pass."""
    rng = trials.rng
    for name, shape in SHAPES:
        yield trials.one(name, Softmax(normal(rng, *shape)))
    yield trials.one("equal-logits", Softmax(np.full((2, 4), 0.5)))
    yield trials.one("softmax-huge", Softmax(HUGE[:1], silent=True))
    yield trials.one("softmax-huge-negative", Softmax(HUGE[1:2], silent=True))
    yield trials.one("softmax-huge", Softmax(HUGE, silent=True))
    yield trials.one("softmax-huge", Softmax(HUGE.astype(np.float32), silent=True))
    yield trials.one("softmax-wide", Softmax(WIDE, silent=True))
    yield trials.one("rows-far-apart", Softmax(FAR, silent=True))
    yield trials.one("rows-far-apart", Softmax(np.stack([FAR, FAR - 300.0]), silent=True))
    yield trials.one("large-offset", Softmax(1000.0 + normal(rng, 3, 4)))
    yield from trials.large(Softmax(normal(rng, 2, 3), silent=True))
    for _ in range(3):
        yield trials.one("random", Softmax(normal(rng, *rng.integers(1, 6, int(rng.integers(2, 5))))))
    yield from trials.arrays(Softmax(normal(rng, 3, 4)), Softmax(3 * normal(rng, 6, 4)))
    first, again, resized = (Softmax(normal(rng, N, 3)) for N in (2, 2, 4))
    yield from trials.contract(first, again, resized)
    yield trials.one("large-sizes", Softmax(normal(rng, 2, 300)))
    yield trials.one("large-sizes", Softmax(normal(rng, 300, 2)))


def forward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """Return the cases of the forward pass."""
    return tuple(cases(Forward(rng)))


def backward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """Return the cases of the backward pass: a product with the whole Jacobian."""
    trials = Backward(rng)
    use = Softmax(normal(rng, 2, 3))
    judged = *use.forward(), *use.backward(use.upstream(rng)), *use.backward(use.upstream(rng))
    return (
        *cases(trials),
        trials.one("upstream-constant", use, grad_out=np.full((2, 3), 4.0)),
        trials.one("upstream-one-hot", use.on(normal(rng, 1, 3)), grad_out=np.array([[0.0, 1.0, 0.0]])),
        Case("probabilities-stay", (*use.make(), *judged)),
    )
