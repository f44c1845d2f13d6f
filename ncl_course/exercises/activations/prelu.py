"""The cases of ``PReLU``: one slope for all or one per channel, on inputs of 1 to 4 axes, and its gradient."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ncl_course.exercises.activations.arrays import AT_ZERO, HUGE, NEAR_ZERO, halves, quarters, some_zeros
from ncl_course.exercises.arrays import Array, normal
from ncl_course.exercises.exercise import Case
from ncl_course.exercises.rules import begins
from ncl_course.exercises.trials import Backward, Forward, Trials, Use
from ncl_course.protocol.script import get, new

SIZES = (
    ("one-slope", 1, (1, 3)),
    ("one-slope", 1, (4, 1)),
    ("one-slope", 1, (2, 3)),
    ("one-slope", 1, (2, 3, 2, 2)),
    ("slope-a-channel", 2, (1, 2, 1, 3)),
    ("slope-a-channel", 3, (2, 3, 4, 2)),
    ("slope-a-channel", 3, (2, 3, 4)),
    ("slope-a-feature", 3, (2, 3)),
    ("slope-a-feature", 2, (4, 2)),
    ("width-equals-channels", 3, (2, 3, 2, 3)),
    ("batch-equals-channels", 2, (2, 2, 3, 4)),
    ("height-equals-channels", 3, (2, 3, 3, 2)),
    ("all-sizes-equal", 2, (2, 2, 2, 2)),
)
"""The case's name, num_parameters and the input's shape."""


def prelu(x: Array, alpha: Array, *, silent: bool = False, free: bool = False) -> Use:
    """Return a layer with the given slopes."""
    return Use(x, (len(alpha),), {"alpha": alpha}, silent=silent, free=free)


def cases(trials: Trials) -> Iterator[Case]:
    """Yield the cases of either pass."""
    rng = trials.rng
    for name, C, shape in SIZES:
        yield trials.one(name, prelu(halves(rng, *shape), quarters(rng, C)))
    one, three = quarters(rng, 1), quarters(rng, 3)
    yield trials.one("slope-above-one", prelu(halves(rng, 2, 3, 1, 2), np.array([2.0, -0.5, 1.25])))
    yield trials.one("all-positive", prelu(np.abs(halves(rng, 2, 3)), three))
    yield trials.one("at-zero", prelu(some_zeros(rng, 2, 3, 2, 2), three, free=True))
    yield trials.one("at-zero", prelu(AT_ZERO[None].copy(), one, free=True))
    huge = np.stack([rng.permutation(HUGE), rng.permutation(HUGE)], axis=1)
    yield trials.one("thousands", prelu(huge, quarters(rng, 2), silent=True))
    yield from trials.large(prelu(halves(rng, 2, 2), quarters(rng, 2)))
    for _ in range(2):
        x = normal(rng, *(int(n) for n in rng.integers(2, 5, rng.integers(2, 5))))
        yield trials.one("random", prelu(x, quarters(rng, x.shape[1])))
    yield trials.one("float32", prelu(halves(rng, 2, 3, 4, 5, dtype=np.float32), one))
    yield from trials.arrays(prelu(normal(rng, 2, 3, 2, 4), three), prelu(normal(rng, 2, 3, 4, 5), three))
    yield from contract(trials, three, one)
    yield from contract(trials, one, three)
    for shape in ((300, 2), (2, 300), (1, 300, 2, 1), (1, 2, 1, 300)):
        yield trials.one("large-sizes", prelu(halves(rng, *shape), quarters(rng, shape[1])))


def contract(trials: Trials, alpha: Array, beside: Array) -> Iterator[Case]:
    """Yield several passes of a layer with these slopes, some of them with another layer beside it."""
    x, y, small = (halves(trials.rng, *shape) for shape in ((2, 3, 2, 2), (2, 3, 2, 2), (1, 3)))
    first, twin = prelu(x, alpha), prelu(y, quarters(trials.rng, len(alpha)))
    yield from trials.contract(first, first.on(y), first.on(small), twin=twin, other=prelu(y, beside))
    yield trials.rewritten(first, twin)


def forward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """Return the cases of the forward pass."""
    return (
        *cases(Forward(rng)),
        *(
            Case("slope-start", (new("layer", *C), get("layer", "params.alpha", "params.alpha", rule=rule)))
            for C, rule in (((), begins("alpha", 0.25, 1)), ((3,), begins("alpha", 0.25, 3)))
        ),
    )


def backward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """Return the cases of the backward pass."""
    trials = Backward(rng)
    return (*cases(trials), trials.one("near-zero", prelu(NEAR_ZERO[None].copy(), np.array([0.25]))))
