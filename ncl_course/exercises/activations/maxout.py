"""The cases of ``Maxout``: sizes that hide a missing transpose, two and three pieces, ties, random initial weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from ncl_course.exercises.activations.arrays import halves, quarters
from ncl_course.exercises.arrays import Array, distinct, normal, powers_of_two
from ncl_course.exercises.consulted import consult
from ncl_course.exercises.exercise import Case
from ncl_course.exercises.trials import Backward, Forward, Trials, Use, first_parameters
from ncl_course.protocol.script import Generator

SIZES = (
    ("two-pieces", 1, 2, 1, 2),
    ("two-pieces", 3, 2, 4, 2),
    ("three-pieces", 2, 4, 2, 3),
    ("three-pieces", 4, 1, 2, 3),
    ("in-equals-out", 2, 3, 3, 2),
    ("in-equals-out", 3, 2, 2, 3),
    ("pieces-equal-out", 3, 4, 2, 2),
    ("pieces-equal-out", 2, 2, 3, 3),
    ("samples-equal-pieces", 2, 3, 4, 2),
    ("all-sizes-equal", 2, 2, 2, 2),
)
"""The case's name, N, in_features, out_features and the number of pieces."""


class Maxout(Use):
    """A Maxout layer with given weights and biases, for an input (N, in)."""

    def out_shape(self) -> tuple[int, ...]:
        _, M, _ = self.params["weight"].shape
        return len(self.x), M


def maxout(x: Array, weight: Array, bias: Array, *, free: bool = False) -> Maxout:
    """Return a layer with weight (pieces, out, in) and bias (pieces, out)."""
    pieces, M, D = weight.shape
    return Maxout(x, (D, M, pieces, Generator(5)), {"weight": weight, "bias": bias}, free=free)


def drawn(rng: np.random.Generator, N: int, D: int, M: int, pieces: int) -> Maxout:
    """Return a layer and an input of these sizes with random numbers, without ties or near ties between pieces."""
    return untied(lambda: maxout(halves(rng, N, D), quarters(rng, pieces, M, D), quarters(rng, pieces, M)))


def untied(draw: Callable[[], Maxout]) -> Maxout:
    """Return the first of many draws that is far from any tie, so that rounding does not decide which piece wins."""
    for _ in range(1000):
        use = draw()
        if smallest_gap(use) > 0.1:
            return use
    raise AssertionError("every draw of these sizes has a tie")


def smallest_gap(use: Maxout) -> float:
    """Return the smallest difference between the largest and the second largest piece, computed by the oracle."""

    def compute() -> float:
        from ncl_course.oracles.activations.right import Maxout as Oracle

        oracle = Oracle(*use.args[:3])
        oracle.params.update(use.params)
        oracle.forward(use.x)
        best = oracle.pieces(oracle.x).detach().topk(2, dim=1).values
        return float((best[:, 0] - best[:, 1]).min())

    return consult(compute, "gap", use.x, *use.params.values())


def cases(trials: Trials) -> Iterator[Case]:
    """Yield the cases of either pass."""
    rng = trials.rng
    for name, *sizes in SIZES:
        yield trials.one(name, drawn(rng, *sizes))
    yield trials.one("all-pieces-negative", untied(lambda: all_negative(rng)))
    for _ in range(2):
        N, D, M = (int(n) for n in rng.integers(1, 5, 3))
        yield trials.one("random", drawn(rng, N, D, M, int(rng.integers(2, 4))))
    many = untied(lambda: drawn(rng, 3, 4, 2, 3).on(normal(rng, 3, 4)))
    yield from trials.arrays(drawn(rng, 3, 2, 4, 2), many)
    first, twin, other = drawn(rng, 2, 3, 2, 2), drawn(rng, 2, 3, 2, 2), drawn(rng, 4, 2, 3, 3)
    again, resized = untied(lambda: first.on(halves(rng, 2, 3))), untied(lambda: first.on(halves(rng, 1, 3)))
    yield from trials.contract(first, again, resized, twin=twin, other=other)
    for N, D, M, pieces in ((300, 1, 1, 2), (1, 300, 1, 2), (1, 1, 300, 2)):
        yield trials.one("large-sizes", apart(rng, N, D, M, pieces))
    yield trials.one("many-pieces", apart(rng, 11, 1, 10, 300))  # 33,000 results: a position does not fit in int16
    yield trials.one("large-offset", untied(lambda: cancelling(rng)))
    yield from trials.large(untied(lambda: maxout(halves(rng, 2, 2), quarters(rng, 2, 2, 2), np.ones((2, 2)))))


def apart(rng: np.random.Generator, N: int, D: int, M: int, pieces: int) -> Maxout:
    """Return a layer whose biases are further apart than its weights can bring its pieces together."""
    x, weight = halves(rng, N, D), quarters(rng, pieces, M, D)
    return maxout(x, weight, 32.0 * D * distinct(rng, pieces, M))


def cancelling(rng: np.random.Generator) -> Maxout:
    """Return a layer whose results are small differences of numbers near 1000, which float32 would round."""
    weight = np.array([[[1.0, -1], [1, 0]], [[-1, 1], [0, 1]]])
    return maxout(1000.0 + normal(rng, 3, 2), weight, np.array([[0.5, -1000], [-0.5, -1000]]))


def all_negative(rng: np.random.Generator) -> Maxout:
    """Return a layer and an input with which every piece is negative."""
    return maxout(np.abs(halves(rng, 2, 3)), -np.abs(quarters(rng, 2, 2, 3)), -np.abs(quarters(rng, 2, 2)))


def forward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """Return the cases of the forward pass."""
    trials = Forward(rng)
    rewritten = trials.rewritten(drawn(rng, 2, 3, 2, 2), drawn(rng, 2, 3, 2, 2))
    return (*cases(trials), rewritten, *first_parameters(rng, 3, 4, weight=(2, 4, 3), bias=(2, 4), constant_apart=True))


def backward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """Return the cases of the backward pass."""
    trials = Backward(rng)
    return (*cases(trials), *ties(trials))


def ties(trials: Backward) -> Iterator[Case]:
    """Yield cases with pieces that are equal at some places: any shares that add up to 1 are right.

    The rows of x are linearly independent, and there are at most in_features + 1 of them, so the gradients of the
    parameters determine the shares.
    """
    rng = trials.rng
    x = np.array([[2.0, -1.0], [1.0, 3.0]])
    some = maxout(x[:1], np.array([[[1.0, 0.0]], [[0.0, -2.0]]]), np.zeros((2, 1)), free=True)
    twice = np.repeat(quarters(rng, 1, 3, 2), 2, axis=0), np.repeat(quarters(rng, 1, 3), 2, axis=0)
    equal, zero = maxout(x, *twice, free=True), maxout(x, np.zeros((3, 2, 2)), np.zeros((3, 2)), free=True)
    single = equal.on(x.astype(np.float32))
    uses = ("tied-pieces", some), ("tied-pieces", equal), ("tied-pieces-zero", zero), ("tied-pieces", single)
    for name, use in uses:
        grad_out = powers_of_two(rng, 1, 1, *use.out_shape(), dtype=use.x.dtype.type)[0, 0]
        yield trials.one(name, use, grad_out=grad_out)
