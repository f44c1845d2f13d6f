"""The cases of ``PReLU``: one slope for all or one a channel, on inputs of 2 and 4 axes, and its gradient."""

from __future__ import annotations

import numpy as np

from ncl_course.exercises.activations.arrays import HUGE, LAYOUTS, NEAR_ZERO, halves, like, quarters
from ncl_course.exercises.arrays import Array, normal
from ncl_course.exercises.exercise import Case
from ncl_course.exercises.rules import begins
from ncl_course.protocol.script import Layout, Step, Tensor, call, get, new, put

SIZES = (
    ("one-slope", 1, (4,)),
    ("one-slope", 1, (2, 3)),
    ("one-slope", 1, (2, 3, 2, 2)),
    ("slope-a-channel", 2, (1, 2, 1, 3)),
    ("slope-a-channel", 3, (2, 3, 4, 2)),
    ("slope-a-feature", 3, (2, 3)),
    ("slope-a-feature", 2, (4, 2)),
    ("channels-equal-width", 3, (2, 3, 2, 3)),
    ("channels-equal-batch", 2, (2, 2, 3, 4)),
    ("channels-equal-height", 3, (2, 3, 3, 2)),
    ("all-sizes-equal", 2, (2, 2, 2, 2)),
)
"""The case, num_parameters, the input's shape."""


def layer(alpha: Array, name: str = "layer") -> tuple[Step, ...]:
    """A layer with given slopes."""
    return new(name, len(alpha)), put(name, "params.alpha", alpha)


def judged(x: Array, name: str = "layer", layout: Layout = Layout.C, silent: bool = False) -> Step:
    """A forward pass that is judged."""
    return call(name, "forward", Tensor(x, layout), label="forward", silent=silent)


def gradients(grad_out: Array, name: str = "layer", layout: Layout = Layout.C) -> tuple[Step, ...]:
    """A backward pass; dL/dx and dL/dalpha are judged."""
    return (
        call(name, "backward", Tensor(grad_out, layout), label="backward"),
        get(name, "grads.alpha", label="grads.alpha"),
    )


def run(x: Array, name: str = "layer", layout: Layout = Layout.C) -> Step:
    """A forward pass that is not judged."""
    return call(name, "forward", Tensor(x, layout))


def huge(rng: np.random.Generator) -> Array:
    """±1000 and ordinary numbers in two channels."""
    return np.stack([rng.permutation(HUGE), rng.permutation(HUGE)], axis=1)


def forward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """The forward pass."""
    x, y = halves(rng, 2, 3, 2, 2), halves(rng, 4, 3)
    one, three, alpha = quarters(rng, 1), quarters(rng, 3), "params.alpha"
    return (
        Case("one-slope", (*layer(one), judged(halves(rng, 3)))),
        Case("slope-start", (new("layer"), get("layer", alpha, alpha, rule=begins("alpha", 0.25, 1)))),
        Case("slope-start", (new("layer", 3), get("layer", alpha, alpha, rule=begins("alpha", 0.25, 3)))),
        *(Case(name, (*layer(quarters(rng, C)), judged(halves(rng, *shape)))) for name, C, shape in SIZES),
        Case("slope-above-one", (*layer(np.array([2.0, -0.5, 1.25])), judged(halves(rng, 2, 3, 1, 2)))),
        Case("slope-rewritten", (*layer(three), judged(y), put("layer", "params.alpha", three + 1), judged(y))),
        Case("exact-zeros", (*layer(three), judged(np.zeros((1, 3, 2, 2))))),
        Case("thousands", (*layer(quarters(rng, 2)), judged(huge(rng), silent=True))),
        *(Case(f"layout-{o.value}", (*layer(three), judged(normal(rng, 2, 3, 2, 4), layout=o))) for o in LAYOUTS),
        Case("float32", (*layer(three), judged(halves(rng, 2, 3, 4, 5, dtype=np.float32)))),
        Case("float64", (*layer(three), judged(normal(rng, 2, 3, 4, 5)))),
        Case("two-forwards", (*layer(three), judged(x), judged(-x), judged(y))),
        Case("two-instances", (*layer(three), *layer(one, "other"), judged(y, "other"), judged(x))),
        Case("same-when-testing", (*layer(three), call("layer", "eval"), judged(x))),
        *(Case("shape-drawn", random_case(rng)) for _ in range(2)),
        Case("slope-a-channel", (*layer(three), judged(halves(rng, 2, 3, 4)))),
    )


def random_case(rng: np.random.Generator, *, back: bool = False) -> tuple[Step, ...]:
    """A random shape of 2 to 4 axes with a slope a channel."""
    x = normal(rng, *(int(n) for n in rng.integers(2, 5, rng.integers(2, 5))))
    made = layer(quarters(rng, x.shape[1]))
    return (*made, run(x), *gradients(like(rng, x))) if back else (*made, judged(x))


def backward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """The backward pass."""

    def pair(name: str, alpha: Array, x: Array, layout: Layout = Layout.C, *, free: bool = False) -> Case:
        return Case(name, (*layer(alpha), run(x, layout=layout), *gradients(like(rng, x), layout=layout)), free)

    x, y, small = halves(rng, 2, 3, 2, 2), halves(rng, 2, 3, 2, 2), halves(rng, 1, 3)
    one, three = quarters(rng, 1), quarters(rng, 3)
    g, h, small_g = like(rng, x), like(rng, y), like(rng, small)
    zeros = rng.integers(-1, 2, (2, 3, 2, 2)).astype(np.float64)
    kept = get("layer", "grads.alpha", label="grads.alpha")
    return (
        pair("one-slope", one, halves(rng, 3)),
        *(pair(name, quarters(rng, C), halves(rng, *shape)) for name, C, shape in SIZES),
        pair("slope-above-one", np.array([2.0, -0.5, 1.25]), halves(rng, 2, 3, 1, 2)),
        pair("all-above-zero", three, np.abs(halves(rng, 2, 3))),
        pair("at-zero", three, zeros, free=True),
        pair("at-zero", one, np.array([-2.0, 0.0, 3.0, 0.0]), free=True),
        pair("thousands", quarters(rng, 2), huge(rng)),
        *(pair(f"layout-{o.value}", three, normal(rng, 2, 3, 2, 4), o) for o in LAYOUTS),
        pair("float32", three, halves(rng, 2, 3, 4, 5, dtype=np.float32)),
        pair("float32", one, halves(rng, 2, 3, 4, 5, dtype=np.float32)),
        pair("float64", three, normal(rng, 2, 3, 4, 5)),
        Case("latest-forward", (*layer(three), run(x), run(y), *gradients(h))),
        Case("latest-forward", (*layer(one), run(x), run(y), *gradients(h))),
        Case("latest-forward-resized", (*layer(three), run(x), run(small), *gradients(small_g))),
        Case("backward-twice", (*layer(three), run(x), *gradients(g), *gradients(h))),
        Case(
            "slope-rewritten", (*layer(three), run(x), put("layer", "params.alpha", three + 1), run(x), *gradients(g))
        ),
        *(
            Case(
                "two-instances",
                (*layer(a), *layer(b, "other"), run(x), run(y, "other"), *gradients(g), *gradients(h, "other"), kept),
            )
            for a, b in ((three, one), (three, three), (one, one))
        ),
        Case(
            "same-when-testing", (*layer(three), call("layer", "eval"), run(x), call("layer", "train"), *gradients(g))
        ),
        *(Case("shape-drawn", random_case(rng, back=True)) for _ in range(2)),
        Case("same-when-testing", (*layer(three), run(x), call("layer", "eval"), *gradients(g))),
        pair("near-zero", one, NEAR_ZERO.copy()),
        pair("slope-a-channel", three, halves(rng, 2, 3, 4)),
        Case("latest-forward", (*layer(three), run(x), *gradients(g), run(y), *gradients(h))),
    )
