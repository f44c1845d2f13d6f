"""The cases of ``Flatten``, ``GlobalAvgPool2d`` and ``parameter_count``: from maps to vectors, and what that costs."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from ncl_course.exercises.arrays import Array, distinct, in_eighths, normal, upstream
from ncl_course.exercises.exercise import Case
from ncl_course.protocol.script import FUNCTION, Layers, Layout, Step, Tensor, apply, call, new

Gradient = Callable[[np.random.Generator, Array], Array]
NOT_C = tuple(layout for layout in Layout if layout is not Layout.C)


def forward(x: Array, layout: Layout = Layout.C) -> tuple[Step, ...]:
    """Send ``x`` through a new layer; judged."""
    return new("layer"), call("layer", "forward", Tensor(x, layout), label="forward")


def backward(x: Array, grad_out: Array, layout: Layout = Layout.C) -> tuple[Step, ...]:
    """Send ``x`` through and ``grad_out`` back; the gradient is judged."""
    return (
        new("layer"),
        call("layer", "forward", Tensor(x, layout)),
        call("layer", "backward", Tensor(grad_out, layout), label="backward"),
    )


def maps(rng: np.random.Generator) -> tuple[tuple[str, Array], ...]:
    """Inputs (N, C, H, W): all sizes different, and those equal that hide a wrong axis."""
    return (
        ("fc-one-map", distinct(rng, 1, 1, 2, 2)),
        ("fc-one-sample", distinct(rng, 1, 2, 2, 3)),
        ("batch-linear", distinct(rng, 2, 1, 2, 3)),
        ("fc-all-sizes-differ", distinct(rng, 2, 3, 4, 5)),
        ("fc-all-sizes-differ", distinct(rng, 5, 2, 3, 4)),
        ("fc-sizes-equal", distinct(rng, 2, 2, 2, 2)),
        ("fc-sizes-equal", distinct(rng, 3, 3, 2, 4)),
        ("fc-one-pixel", distinct(rng, 3, 4, 1, 1)),
        ("non-square", distinct(rng, 1, 2, 1, 3)),
        ("large-offset", 1000.0 + distinct(rng, 2, 2, 2, 3)),
        ("float32", normal(rng, 3, 2, 4, 3, dtype=np.float32)),
        ("float64", normal(rng, 2, 4, 3, 5)),
        *(("fc-random-sizes", normal(rng, *(int(n) for n in rng.integers(1, 5, 4)))) for _ in range(3)),
    )


def map_forward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """The forward pass of a layer that takes feature maps to vectors: ``Flatten``, ``GlobalAvgPool2d``."""
    x, y = distinct(rng, 2, 2, 3, 4), distinct(rng, 3, 2, 4, 2)
    return (
        *(Case(name, forward(values)) for name, values in maps(rng)),
        *(Case(f"layout-{layout.value}", forward(distinct(rng, 2, 2, 3, 4), layout)) for layout in NOT_C),
        Case("call-linear", (new("layer"), call("layer", "__call__", Tensor(x), label="forward"))),
        Case(
            "two-forwards",
            (
                new("layer"),
                call("layer", "forward", Tensor(x), label="forward"),
                call("layer", "forward", Tensor(-x), label="forward"),
                call("layer", "forward", Tensor(y), label="forward"),
            ),
        ),
        Case(
            "two-instances",
            (
                new("layer"),
                new("other"),
                call("layer", "forward", Tensor(x), label="forward"),
                call("other", "forward", Tensor(-x), label="forward"),
            ),
        ),
        Case(
            "fc-test-mode-same",
            (new("layer"), call("layer", "eval"), call("layer", "forward", Tensor(x), label="forward")),
        ),
    )


def flat_upstream(rng: np.random.Generator, x: Array) -> Array:
    """A gradient for a flattened ``x``."""
    return upstream(rng, len(x), x[0].size, dtype=x.dtype.type)


def mean_upstream(rng: np.random.Generator, x: Array) -> Array:
    """A gradient for the means of the maps of ``x``."""
    return upstream(rng, *x.shape[:2], dtype=x.dtype.type)


def flatten_backward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """The gradient goes back into the shape that came in."""
    return map_backward_cases(rng, flat_upstream)


def mean_backward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """Each cell of a map gets its share."""
    return map_backward_cases(rng, mean_upstream)


def map_backward_cases(rng: np.random.Generator, gradient: Gradient) -> tuple[Case, ...]:
    """The backward pass of a layer that takes feature maps to vectors."""
    x, y = distinct(rng, 2, 2, 3, 4), distinct(rng, 2, 2, 4, 3)
    small = distinct(rng, 1, 2, 3, 4)
    g, h = gradient(rng, x), gradient(rng, x)
    return (
        *(Case(name, backward(values, gradient(rng, values))) for name, values in maps(rng)),
        Case("float64", backward(x / 2, in_eighths(g))),
        Case("latest-forward", (*backward(x, g), *backward(y, gradient(rng, y))[1:])),
        *(Case(f"layout-{o.value}", backward(x, gradient(rng, x), o)) for o in NOT_C),
        Case(
            "latest-forward",
            (
                new("layer"),
                call("layer", "forward", Tensor(y)),
                call("layer", "forward", Tensor(x)),
                call("layer", "backward", Tensor(g), label="backward"),
            ),
        ),
        Case(
            "latest-forward-resized",
            (
                new("layer"),
                call("layer", "forward", Tensor(x)),
                call("layer", "forward", Tensor(small)),
                call("layer", "backward", Tensor(gradient(rng, small)), label="backward"),
            ),
        ),
        Case(
            "backward-twice",
            (
                new("layer"),
                call("layer", "forward", Tensor(x)),
                call("layer", "backward", Tensor(g), label="backward"),
                call("layer", "backward", Tensor(h), label="backward"),
            ),
        ),
        Case(
            "two-instances",
            (
                new("layer"),
                new("other"),
                call("layer", "forward", Tensor(x)),
                call("other", "forward", Tensor(y)),
                call("layer", "backward", Tensor(g), label="backward"),
                call("other", "backward", Tensor(h), label="backward"),
            ),
        ),
    )


NETWORKS: dict[str, tuple[dict[str, tuple[int, ...]], ...]] = {
    "count-one-layer": ({"weight": (3, 4), "bias": (3,)},),
    "count-one-array": ({"weight": (2, 5)},),
    "count-four-axes": ({"weight": (4, 3, 5, 5), "bias": (4,)},),
    "count-no-parameters": ({}, {}),
    "count-nothing": (),
    "count-mixed": ({"weight": (2, 3), "bias": (2,)}, {}, {"weight": (5, 2), "bias": (5,)}),
    "count-other-names": ({"gamma": (6,), "beta": (6,)}, {"alpha": (1,)}),
    "count-any-name": ({"table": (3, 4)}, {"weight": (2, 3), "scale": (5,)}),
    "count-three-axes": ({"weight": (2, 3, 4), "bias": (2, 3)},),
    "count-a-network": (
        {"weight": (8, 3, 3, 3), "bias": (8,)},
        {"gamma": (8,), "beta": (8,)},
        {},
        {},
        {"weight": (10, 128), "bias": (10,)},
    ),
}


def count_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """Layers with several parameters, with one and with none."""
    fixed = [Case(name, (apply(Layers(shapes)),)) for name, shapes in NETWORKS.items()]
    drawn = []
    for _ in range(4):
        sizes = [int(n) for n in rng.integers(2, 30, 4)]
        layers = [{"weight": (b, a), "bias": (b,)} for a, b in pairwise(sizes)]
        drawn.append(Case("count-random", (apply(Layers(({}, *layers, {}))),)))
    by_name = Step("call", FUNCTION, kwargs={"layers": Layers(({"weight": (2, 3)},))}, label="value")
    return (*fixed, *drawn, Case("keywords", (by_name,)))
