"""The cases of ``Maxout``: sizes that hide a missing transpose, two and three pieces, ties, random initial weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ncl_course.exercises.activations.arrays import LAYOUTS, halves, like, quarters
from ncl_course.exercises.arrays import Array, powers_of_two, upstream
from ncl_course.exercises.exercise import Case
from ncl_course.exercises.rules import random_weights, same_as, shaped, unlike
from ncl_course.protocol.script import Generator, Layout, Step, Tensor, call, get, new, put

SIZES = (
    ("two-pieces", 1, 2, 1, 2),
    ("two-pieces", 3, 2, 4, 2),
    ("three-pieces", 2, 4, 2, 3),
    ("three-pieces", 4, 1, 2, 3),
    ("maxout-in-equals-out", 2, 3, 3, 2),
    ("maxout-in-equals-out", 3, 2, 2, 3),
    ("pieces-equal-out", 3, 4, 2, 2),
    ("pieces-equal-out", 2, 2, 3, 3),
    ("samples-equal-pieces", 2, 3, 4, 2),
    ("maxout-all-equal", 2, 2, 2, 2),
)
"""The case, N, in_features, out_features, pieces."""


@dataclass(frozen=True)
class Trial:
    """An input (N, in) and parameters in which no two pieces are tied, nearly or exactly."""

    x: Array
    weight: Array
    bias: Array

    def made(self, name: str = "layer") -> tuple[Step, ...]:
        """The steps that make a layer with these parameters."""
        pieces, M, D = self.weight.shape
        weight, bias = put(name, "params.weight", self.weight), put(name, "params.bias", self.bias)
        return new(name, D, M, pieces, Generator(5)), weight, bias

    def upstream(self, rng: np.random.Generator) -> Array:
        """A gradient from above, (N, out)."""
        return upstream(rng, len(self.x), self.weight.shape[1], dtype=self.x.dtype.type)


def trial(rng: np.random.Generator, N: int, D: int, M: int, pieces: int, dtype: type = np.float64) -> Trial:
    """Draw until no two pieces come near each other: then the winners don't depend on rounding."""
    return untied(lambda: Trial(halves(rng, N, D, dtype=dtype), quarters(rng, pieces, M, D), quarters(rng, pieces, M)))


def again(rng: np.random.Generator, trial: Trial) -> Trial:
    """Another input for the same parameters."""
    return untied(lambda: replace(trial, x=halves(rng, *trial.x.shape)))


def untied(draw: Callable[[], Trial]) -> Trial:
    """The first of many drawn trials that is far from any tie."""
    for _ in range(1000):
        drawn = draw()
        if smallest_gap(drawn) > 0.1:
            return drawn
    raise AssertionError("these sizes always give ties")


def smallest_gap(trial: Trial) -> float:
    """How far the best piece is from the next where they are nearest, asked of the oracle."""
    from ncl_course.oracles.activations.right import Maxout

    pieces, M, D = trial.weight.shape
    oracle = Maxout(D, M, pieces)
    oracle.params.update(weight=trial.weight, bias=trial.bias)
    oracle.forward(trial.x)
    best = oracle.pieces(oracle.x).detach().topk(2, dim=1).values
    return float((best[:, 0] - best[:, 1]).min())


def judged(x: Array, name: str = "layer", layout: Layout = Layout.C) -> Step:
    """A forward pass that is judged."""
    return call(name, "forward", Tensor(x, layout), label="forward")


def run(x: Array, name: str = "layer", layout: Layout = Layout.C) -> Step:
    """A forward pass that is not judged."""
    return call(name, "forward", Tensor(x, layout))


def gradients(grad_out: Array, name: str = "layer", layout: Layout = Layout.C) -> tuple[Step, ...]:
    """A backward pass; dL/dx and both parameters' gradients are judged, in the order that the oracle relies on."""
    return (
        call(name, "backward", Tensor(grad_out, layout), label="backward"),
        get(name, "grads.weight", label="grads.weight"),
        get(name, "grads.bias", label="grads.bias"),
    )


def first_weights(rng: np.random.Generator) -> tuple[Case, ...]:
    """The parameters that a layer begins with: their shapes, and weights that are random by the generator given."""
    one, other = (Generator(int(seed)) for seed in rng.choice(1000, 2, replace=False))
    shapes = (
        new("layer", 3, 4, 2),
        get("layer", "params.weight", "params.weight", rule=random_weights(2, 4, 3)),
        get("layer", "params.bias", "params.bias", rule=shaped("bias", 2, 4)),
    )
    drawn = (
        new("layer", 3, 4, rng=one),
        new("same", 3, 4, rng=one),
        new("other", 3, 4, rng=other),
        get("layer", "params.weight", "params.weight", rule=random_weights(2, 4, 3)),
        get("same", "params.weight", "params.weight", rule=same_as(3)),
        get("other", "params.weight", "params.weight", rule=unlike(3)),
    )
    return Case("maxout-parameters", shapes), Case("maxout-rng", drawn)


def forward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """The forward pass."""
    t, u = trial(rng, 2, 3, 2, 2), trial(rng, 4, 3, 2, 2)
    laid = [(layout, trial(rng, 3, 2, 4, 2)) for layout in LAYOUTS]
    f, d = trial(rng, 3, 4, 2, 3, np.float32), trial(rng, 3, 4, 2, 3)
    below = Trial(np.abs(halves(rng, 2, 3)), -np.abs(quarters(rng, 2, 2, 3)), -np.abs(quarters(rng, 2, 2)))
    second = put("layer", "params.weight", u.weight), put("layer", "params.bias", u.bias)
    return (
        *(Case(n, (*s.made(), judged(s.x))) for n, N, D, M, pieces in SIZES for s in [trial(rng, N, D, M, pieces)]),
        *first_weights(rng),
        Case("all-pieces-negative", (*below.made(), judged(below.x))),
        Case("maxout-rewritten", (*t.made(), judged(t.x), *second, judged(t.x))),
        *(Case(f"layout-{layout.value}", (*s.made(), judged(s.x, layout=layout))) for layout, s in laid),
        Case("float32", (*f.made(), judged(f.x))),
        Case("float64", (*d.made(), judged(d.x + rng.normal(0, 1, d.x.shape)))),
        Case("two-forwards", (*t.made(), judged(t.x), judged(-t.x), judged(u.x))),
        Case("two-instances", (*t.made(), *u.made("other"), judged(u.x, "other"), judged(t.x))),
        Case("same-when-testing", (*t.made(), call("layer", "eval"), judged(t.x))),
        *(Case("maxout-random", (*s.made(), judged(s.x))) for s in [trial(rng, *random_sizes(rng)) for _ in range(2)]),
    )


def random_sizes(rng: np.random.Generator) -> tuple[int, int, int, int]:
    """N, in, out and pieces."""
    N, D, M = (int(n) for n in rng.integers(1, 5, 3))
    return N, D, M, int(rng.integers(2, 4))


def backward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """The backward pass."""

    def pair(name: str, s: Trial, layout: Layout = Layout.C) -> Case:
        return Case(name, (*s.made(), run(s.x, layout=layout), *gradients(s.upstream(rng), layout=layout)))

    t, u = trial(rng, 2, 3, 2, 2), trial(rng, 2, 3, 2, 2)
    small = trial(rng, 1, 3, 2, 2)
    g, h = t.upstream(rng), u.upstream(rng)
    longer = Trial(np.concatenate([t.x, small.x]), t.weight, t.bias)
    return (
        *(pair(name, trial(rng, N, D, M, pieces)) for name, N, D, M, pieces in SIZES),
        *ties(rng),
        *(pair(f"layout-{layout.value}", broadcastable(rng, layout), layout) for layout in LAYOUTS),
        pair("float32", trial(rng, 3, 4, 2, 3, np.float32)),
        pair("float64", trial(rng, 3, 4, 2, 3)),
        Case("latest-forward", (*latest(u, t.x), *gradients(h))),
        Case("latest-forward-resized", (*latest(small, longer.x), *gradients(small.upstream(rng)))),
        Case("backward-twice", (*t.made(), run(t.x), *gradients(g), *gradients(like(rng, g)))),
        *(
            Case(
                "two-instances",
                (
                    *(*a.made(), *b.made("other"), run(a.x), run(b.x, "other")),
                    *(*gradients(g), *gradients(h, "other"), *gradients(g)[1:]),
                ),
            )
            for a, b in ((t, u), (t, again(rng, t)), (u, again(rng, u)))
        ),
        Case("same-when-testing", (*t.made(), call("layer", "eval"), run(t.x), call("layer", "train"), *gradients(g))),
        *(pair("maxout-random", trial(rng, *random_sizes(rng))) for _ in range(2)),
        Case("same-when-testing", (*t.made(), run(t.x), call("layer", "eval"), *gradients(g))),
        Case("latest-forward", (*t.made(), run(t.x), *gradients(g), run(again(rng, t).x), *gradients(h))),
    )


def latest(trial: Trial, before: Array) -> tuple[Step, ...]:
    """A layer that has seen ``before``, and then the trial's own input."""
    return *trial.made(), run(before), run(trial.x)


def broadcastable(rng: np.random.Generator, layout: Layout) -> Trial:
    """A trial for a memory layout; where it repeats the first sample, that stays free of ties."""
    return trial(rng, 3, 2, 4, 2) if layout is not Layout.BROADCAST else trial(rng, 2, 2, 3, 2)


def ties(rng: np.random.Generator) -> tuple[Case, ...]:
    """Pieces that are equal somewhere: any shares that add up to 1 are right.

    The rows of x are independent and no more than in_features + 1, so that the parameters' gradients tell the shares.
    """
    x = np.array([[2.0, -1.0], [1.0, 3.0]])
    twice = np.repeat(quarters(rng, 1, 3, 2), 2, axis=0)
    equal = Trial(x, twice, np.repeat(quarters(rng, 1, 3), 2, axis=0))
    zero = Trial(x, np.zeros((3, 2, 2)), np.zeros((3, 2)))
    some = Trial(x[:1], np.array([[[1.0, 0.0]], [[0.0, -2.0]]]), np.zeros((2, 1)))
    grads = [powers_of_two(rng, 1, 1, len(s.x), s.weight.shape[1])[0, 0] for s in (some, equal, zero)]
    single = equal.x.astype(np.float32), grads[1].astype(np.float32)
    return (
        Case("tied-pieces", (*some.made(), run(some.x), *gradients(grads[0])), free=True),
        Case("tied-pieces", (*equal.made(), run(equal.x), *gradients(grads[1])), free=True),
        Case("tied-pieces-zero", (*zero.made(), run(zero.x), *gradients(grads[2])), free=True),
        Case("tied-pieces", (*equal.made(), run(single[0]), *gradients(single[1])), free=True),
    )
