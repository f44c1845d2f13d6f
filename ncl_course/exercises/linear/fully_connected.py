"""The cases of ``Linear``: sizes that hide a missing transpose, random bias, gradients of weight and bias."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ncl_course.exercises.arrays import Array, distinct, in_eighths, normal, upstream
from ncl_course.exercises.exercise import Case
from ncl_course.exercises.rules import moved, random_weights, same_as, shaped, still, unlike
from ncl_course.protocol.script import Generator, Layout, Step, Tensor, call, get, new, put

SIZES = (
    ("one-output", 1, 2, 1),
    ("fc-one-sample", 1, 3, 2),
    ("linear-sizes-differ", 2, 3, 4),
    ("linear-sizes-differ", 4, 3, 2),
    ("linear-sizes-differ", 3, 4, 2),
    ("in-equals-out", 2, 3, 3),
    ("in-equals-out", 4, 2, 2),
    ("batch-equals-out", 3, 2, 3),
    ("batch-equals-in", 3, 3, 2),
    ("fc-all-equal", 3, 3, 3),
)
"""N, in_features, out_features: the name of the case says what is equal."""

COLUMNS = (("one-column", 3, 2, 1), ("one-column", 3, 1, 2))
"""The same, where several samples have an axis of length 1 beside them."""


def exact(rng: np.random.Generator, *shape: int) -> Array:
    """Multiples of 1/64, none of them 0: a float32 parameter holds them as well as a float64 one."""
    return rng.integers(1, 97, shape) * rng.choice([-1, 1], shape) / 64


def layer(rng: np.random.Generator, D: int, M: int, name: str = "layer") -> tuple[Step, ...]:
    """A layer with given weights and a given bias."""
    seed = Generator(int(rng.integers(1000)))
    return (
        new(name, D, M, seed),
        put(name, "params.weight", exact(rng, M, D)),
        put(name, "params.bias", exact(rng, M)),
    )


def judged(x: Array, name: str = "layer", layout: Layout = Layout.C) -> Step:
    """A forward pass that is judged."""
    return call(name, "forward", Tensor(x, layout), label="forward")


def gradients(grad_out: Array, name: str = "layer", layout: Layout = Layout.C) -> tuple[Step, ...]:
    """A backward pass; dL/dx and the gradients of both parameters are judged."""
    return (
        call(name, "backward", Tensor(grad_out, layout), label="backward"),
        get(name, "grads.weight", label="grads.weight"),
        get(name, "grads.bias", label="grads.bias"),
    )


def forward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """The forward pass."""
    x, y = distinct(rng, 2, 3), distinct(rng, 4, 3)
    draws = [int(n) for n in rng.choice(1000, 2, replace=False)]
    first, other = Generator(draws[0]), Generator(draws[1])
    weight = "params.weight"
    return (
        *(Case(name, (*layer(rng, D, M), judged(distinct(rng, N, D)))) for name, N, D, M in SIZES),
        Case("bias-alone", (*layer(rng, 3, 2), judged(np.zeros((2, 3))))),
        Case(
            "fc-fresh-weights",
            (
                new("layer", 4, 3, first),
                get("layer", weight, "params.weight", rule=random_weights(3, 4)),
                get("layer", "params.bias", "params.bias", rule=shaped("bias", 3)),
            ),
        ),
        Case(
            "fc-fresh-weights-without-rng",
            (
                new("layer", in_features=5, out_features=2),
                get("layer", weight, "params.weight", rule=random_weights(2, 5)),
                get("layer", "params.bias", "params.bias", rule=shaped("bias", 2)),
            ),
        ),
        Case(
            "rng-decides",
            (
                new("layer", 4, 3, first),
                new("same", 4, 3, first),
                new("other", 4, 3, other),
                get("layer", weight),
                get("same", weight, "params.weight", rule=same_as(3)),
                get("other", weight, "params.weight", rule=unlike(3)),
            ),
        ),
        Case(
            "fc-weights-overwritten",
            (
                new("layer", 3, 2, first),
                call("layer", "forward", Tensor(x)),
                put("layer", weight, exact(rng, 2, 3)),
                put("layer", "params.bias", exact(rng, 2)),
                replace(judged(x), rule=moved(1)),
            ),
        ),
        Case("fc-weights-overwritten-twice", (*layer(rng, 3, 2), judged(x), *layer(rng, 3, 2)[1:], judged(x))),
        Case("call-linear", (*layer(rng, 3, 2), call("layer", "__call__", Tensor(x), label="forward"))),
        Case("large-offset", (*layer(rng, 3, 2), judged(1000.0 + distinct(rng, 4, 3)))),
        *(
            Case(f"layout-{o.value}", (*layer(rng, 3, 4), judged(distinct(rng, 2, 3), layout=o)))
            for o in Layout
            if o is not Layout.C
        ),
        Case("float32", (*layer(rng, 5, 4), judged(normal(rng, 3, 5, dtype=np.float32)))),
        Case("float64", (*layer(rng, 6, 4), judged(normal(rng, 5, 6)))),
        Case("two-forwards", (*layer(rng, 3, 2), judged(x), judged(-x), judged(y))),
        Case("two-instances", (*layer(rng, 3, 2), *layer(rng, 3, 4, "other"), judged(x), judged(y, "other"))),
        Case("two-instances", (*layer(rng, 3, 2), *layer(rng, 3, 2, "other"), judged(x), judged(x, "other"))),
        Case("fc-test-mode-same", (*layer(rng, 3, 2), call("layer", "eval"), judged(x))),
        *(random_forward(rng) for _ in range(3)),
        *(Case(name, (*layer(rng, D, M), judged(distinct(rng, N, D)))) for name, N, D, M in COLUMNS),
    )


def random_forward(rng: np.random.Generator) -> Case:
    """Sizes of the generator's choice."""
    N, D, M = (int(n) for n in rng.integers(1, 8, 3))
    return Case("fc-random-sizes", (*layer(rng, D, M), judged(normal(rng, N, D))))


def backward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """The backward pass."""

    def pair(name: str, N: int, D: int, M: int, dtype: type = np.float64, layout: Layout = Layout.C) -> Case:
        x = distinct(rng, N, D, dtype=dtype) if name != "float64" else normal(rng, N, D)
        grad_out = upstream(rng, N, M, dtype=dtype)
        back = gradients(in_eighths(grad_out) if name == "float64" else grad_out, layout=layout)
        return Case(name, (*layer(rng, D, M), call("layer", "forward", Tensor(x, layout)), *back))

    x, y, z = distinct(rng, 3, 4), distinct(rng, 3, 4), distinct(rng, 2, 4)
    g, h, k = upstream(rng, 3, 2), upstream(rng, 3, 2), upstream(rng, 2, 2)
    fx, fy, fz = (call("layer", "forward", Tensor(values)) for values in (x, y, z))
    return (
        *(pair(*sizes) for sizes in SIZES),
        pair("float32", 4, 5, 3, dtype=np.float32),
        pair("float64", 5, 4, 6),
        *(pair(f"layout-{o.value}", 3, 4, 2, layout=o) for o in Layout if o is not Layout.C),
        Case("latest-forward", (*layer(rng, 4, 2), fx, fy, *gradients(g))),
        Case("latest-forward-resized", (*layer(rng, 4, 2), fx, fz, *gradients(k))),
        Case("backward-twice", (*layer(rng, 4, 2), fx, *gradients(g), *gradients(h))),
        Case("fc-grads-anew", (*layer(rng, 4, 2), fx, *gradients(g), fy, *gradients(h))),
        Case(
            "two-instances",
            (
                *layer(rng, 4, 2),
                *layer(rng, 4, 2, "other"),
                fx,
                call("other", "forward", Tensor(y)),
                *gradients(g),
                *gradients(h, "other"),
                *gradients(g)[1:],
            ),
        ),
        Case(
            "fc-weights-stay",
            (
                *layer(rng, 4, 2),
                get("layer", "params.weight"),
                get("layer", "params.bias"),
                fx,
                call("layer", "backward", Tensor(g), label="backward"),
                get("layer", "params.weight", "params.weight", rule=still(3)),
                get("layer", "params.bias", "params.bias", rule=still(4)),
            ),
        ),
        Case(
            "fc-test-mode-same", (*layer(rng, 4, 2), call("layer", "eval"), fx, call("layer", "train"), *gradients(g))
        ),
        *(pair("fc-random-sizes", int(N), int(D), int(M)) for N, D, M in rng.integers(1, 8, (3, 3))),
        *(pair(*sizes) for sizes in COLUMNS),
        Case("fc-test-mode-same", (*layer(rng, 4, 2), fx, call("layer", "eval"), *gradients(g))),
    )
