"""The cases of pooling: windows that overlap, leave gaps or do not fit, ties, and sizes alone.

Each case is named for what it catches; ``messages`` holds the sentence under ``case.NAME``.
"""

from __future__ import annotations

import numpy as np

from ncl_course.exercises.arrays import Array, distinct, few_values, in_eighths, normal, powers_of_two, upstream
from ncl_course.exercises.exercise import Case
from ncl_course.protocol.script import FUNCTION, Layout, Step, Tensor, apply, call, new

SLIDE = np.array([[1, 3, 2, 9], [7, 4, 1, 5], [8, 5, 2, 3], [4, 2, 1, 4]], dtype=np.float64).reshape(1, 1, 4, 4)
NEARLY_TIED = np.tile([[0, 1], [1 + 2.0**-30, 1 + 2.0**-29]], (1, 1, 2, 2))
"""Windows of 2 × 2 whose last number is the largest, by a billionth."""


def out_shape(x: Array, kernel_size: int, stride: int) -> tuple[int, int, int, int]:
    """The shape of the pooled ``x``, asked of the oracle: how to compute it is an exercise."""
    from ncl_course.oracles.pooling.right import pool_output_size

    N, C, H, W = x.shape
    return N, C, pool_output_size(H, kernel_size, stride), pool_output_size(W, kernel_size, stride)


def forward(x: Array, kernel_size: int, stride: int, layout: Layout = Layout.C) -> tuple[Step, ...]:
    """Pool ``x`` once; judged."""
    return new("pool", kernel_size, stride), call("pool", "forward", Tensor(x, layout), label="forward")


def backward(x: Array, grad_out: Array, kernel_size: int, stride: int, layout: Layout = Layout.C) -> tuple[Step, ...]:
    """Pool ``x`` once and send ``grad_out`` back; the gradient is judged."""
    return (
        new("pool", kernel_size, stride),
        call("pool", "forward", Tensor(x, layout)),
        call("pool", "backward", Tensor(grad_out, layout), label="backward"),
    )


def forward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """The forward pass of either layer."""
    x = distinct(rng, 2, 3, 4, 6)
    y = distinct(rng, 1, 3, 6, 4)
    layouts = [
        Case(f"layout-{layout.value}", forward(distinct(rng, 2, 2, 4, 5), 3, 1, layout))
        for layout in Layout
        if layout is not Layout.C
    ]
    return (
        Case("one-window", forward(distinct(rng, 1, 1, 2, 2), 2, 2)),
        Case("slide", forward(SLIDE, 2, 2)),
        Case("overlap", forward(distinct(rng, 1, 1, 4, 4), 3, 1)),
        Case("gaps", forward(distinct(rng, 1, 1, 5, 5), 2, 3)),
        Case("non-square", forward(distinct(rng, 1, 1, 2, 6), 2, 2)),
        Case("non-square", forward(distinct(rng, 1, 1, 5, 3), 3, 2)),
        Case("not-divisible", forward(distinct(rng, 1, 1, 5, 4), 2, 2)),
        Case("not-divisible", forward(distinct(rng, 1, 2, 7, 8), 3, 2)),
        Case("gaps", forward(distinct(rng, 1, 1, 7, 8), 2, 4)),
        Case("kernel-one", forward(distinct(rng, 1, 1, 3, 5), 1, 2)),
        Case("all-negative", forward(distinct(rng, 1, 1, 4, 4) - 100, 2, 2)),
        Case("channels", forward(distinct(rng, 1, 3, 2, 4), 2, 2)),
        Case("batch", forward(distinct(rng, 3, 1, 4, 2), 2, 2)),
        Case(
            "stride-none",
            (
                new("pool", 3, None),
                call("pool", "forward", Tensor(distinct(rng, 1, 1, 6, 6)), label="forward"),
            ),
        ),
        Case(
            "stride-omitted",
            (new("pool", 2), call("pool", "forward", Tensor(distinct(rng, 1, 1, 4, 6)), label="forward")),
        ),
        Case(
            "keywords",
            (
                new("pool", kernel_size=2, stride=1),
                call("pool", "__call__", Tensor(distinct(rng, 1, 1, 3, 4)), label="forward"),
            ),
        ),
        Case("large-offset", forward(1000.0 + distinct(rng, 1, 2, 4, 4), 2, 1)),
        *layouts,
        Case("float32", forward(normal(rng, 2, 3, 5, 4, dtype=np.float32), 2, 1)),
        Case("float64", forward(normal(rng, 2, 3, 4, 7), 3, 2)),
        Case(
            "two-forwards",
            (
                new("pool", 2, 2),
                call("pool", "forward", Tensor(x), label="forward"),
                call("pool", "forward", Tensor(x[:1] * 2), label="forward"),
                call("pool", "forward", Tensor(y), label="forward"),
            ),
        ),
        Case(
            "two-forwards",
            (
                new("pool", 2, 1),
                call("pool", "forward", Tensor(x), label="forward"),
                call("pool", "forward", Tensor(-x), label="forward"),
            ),
        ),
        Case(
            "two-instances",
            (
                new("pool", 2, 2),
                new("other", 3, 1),
                call("other", "forward", Tensor(y), label="forward"),
                call("pool", "forward", Tensor(x), label="forward"),
            ),
        ),
        Case(
            "test-mode",
            (new("pool", 2, 1), call("pool", "eval"), call("pool", "forward", Tensor(x), label="forward")),
        ),
        *(Case("random", forward(*random_sizes(rng))) for _ in range(3)),
        Case("far-below-zero", forward(-1e10 * (1 + np.arange(16.0)).reshape(1, 1, 4, 4), 2, 2)),
    )


def random_sizes(rng: np.random.Generator) -> tuple[Array, int, int]:
    """An input of random shape with a window and a stride that it can take."""
    kernel_size, stride = (int(v) for v in rng.integers(1, 5, 2))
    N, C = rng.integers(1, 4, 2)
    H, W = rng.integers(kernel_size, kernel_size + 6, 2)
    return normal(rng, int(N), int(C), int(H), int(W)), kernel_size, max(1, min(stride, int(H), int(W)))


def backward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """The backward pass of either layer."""

    def pair(name: str, x: Array, kernel_size: int, stride: int, layout: Layout = Layout.C) -> Case:
        grad_out = upstream(rng, *out_shape(x, kernel_size, stride), dtype=x.dtype.type)
        given = in_eighths(grad_out) if name == "float64" else grad_out
        return Case(name, backward(x, given, kernel_size, stride, layout))

    x, y = distinct(rng, 2, 2, 4, 6), distinct(rng, 2, 2, 4, 6)
    g, h = upstream(rng, 2, 2, 2, 3), upstream(rng, 2, 2, 2, 3)
    small, small_g = distinct(rng, 1, 2, 4, 4), upstream(rng, 1, 2, 2, 2)
    tall, tall_g = distinct(rng, 1, 3, 5, 4), upstream(rng, 1, 3, 3, 2)
    return (
        pair("one-window", distinct(rng, 1, 1, 2, 2), 2, 2),
        pair("slide", SLIDE, 2, 2),
        pair("overlap", distinct(rng, 1, 1, 4, 4), 3, 1),
        pair("overlap", peak(rng, 5, 5), 3, 1),
        pair("overlap", distinct(rng, 2, 2, 5, 6), 3, 2),
        pair("gaps", distinct(rng, 1, 1, 5, 5), 2, 3),
        pair("non-square", distinct(rng, 1, 1, 2, 6), 2, 2),
        pair("non-square", distinct(rng, 1, 1, 5, 3), 3, 2),
        pair("not-divisible", distinct(rng, 1, 1, 5, 4), 2, 2),
        pair("not-divisible", distinct(rng, 1, 2, 7, 8), 3, 2),
        pair("gaps", distinct(rng, 1, 1, 7, 8), 2, 4),
        pair("kernel-one", distinct(rng, 1, 1, 3, 5), 1, 2),
        pair("all-negative", distinct(rng, 1, 1, 4, 4) - 100, 2, 2),
        pair("channels", distinct(rng, 1, 3, 2, 4), 2, 2),
        pair("batch", distinct(rng, 3, 1, 4, 2), 2, 2),
        *ties(rng),
        *(pair(f"layout-{o.value}", distinct(rng, 2, 2, 4, 5), 3, 1, o) for o in Layout if o is not Layout.C),
        pair("float32", normal(rng, 2, 3, 5, 4, dtype=np.float32), 2, 1),
        pair("float64", normal(rng, 2, 3, 4, 7), 3, 2),
        Case(
            "latest-forward",
            (
                new("pool", 2, 2),
                call("pool", "forward", Tensor(x)),
                call("pool", "forward", Tensor(y)),
                call("pool", "backward", Tensor(g), label="backward"),
            ),
        ),
        Case(
            "latest-forward-resized",
            (
                new("pool", 2, 2),
                call("pool", "forward", Tensor(x)),
                call("pool", "forward", Tensor(small)),
                call("pool", "backward", Tensor(small_g), label="backward"),
            ),
        ),
        Case(
            "backward-twice",
            (
                new("pool", 2, 2),
                call("pool", "forward", Tensor(x)),
                call("pool", "backward", Tensor(g), label="backward"),
                call("pool", "backward", Tensor(h), label="backward"),
            ),
        ),
        Case(
            "two-instances",
            (
                new("pool", 2, 2),
                new("other", 3, 1),
                call("pool", "forward", Tensor(x)),
                call("other", "forward", Tensor(tall)),
                call("pool", "backward", Tensor(g), label="backward"),
                call("other", "backward", Tensor(tall_g), label="backward"),
            ),
        ),
        Case(
            "two-instances",
            (
                new("pool", 2, 2),
                new("other", 2, 2),
                call("pool", "forward", Tensor(x)),
                call("other", "forward", Tensor(y)),
                call("pool", "backward", Tensor(g), label="backward"),
                call("other", "backward", Tensor(h), label="backward"),
            ),
        ),
        Case(
            "test-mode",
            (
                new("pool", 2, 2),
                call("pool", "eval"),
                call("pool", "forward", Tensor(x)),
                call("pool", "train"),
                call("pool", "backward", Tensor(g), label="backward"),
                call("pool", "forward", Tensor(y)),
                call("pool", "eval"),
                call("pool", "backward", Tensor(h), label="backward"),
            ),
        ),
        *(pair("random", *random_sizes(rng)) for _ in range(3)),
        pair("nearly-tied", NEARLY_TIED.copy(), 2, 2),
        Case(
            "latest-forward",
            (
                new("pool", 2, 2),
                call("pool", "forward", Tensor(x)),
                call("pool", "backward", Tensor(g), label="backward"),
                call("pool", "forward", Tensor(distinct(rng, 2, 2, 5, 7))),
                call("pool", "backward", Tensor(h), label="backward"),
            ),
        ),
    )


def peak(rng: np.random.Generator, H: int, W: int) -> Array:
    """A map whose middle cell is the maximum of every window that holds it: it must receive from each."""
    x = distinct(rng, 1, 1, H, W)
    x[0, 0, H // 2, W // 2] = 99
    return x


def ties(rng: np.random.Generator) -> tuple[Case, ...]:
    """Windows whose maximum stands in several cells: one of them gets the gradient, whichever."""
    flat = np.full((1, 1, 2, 2), 3.0)
    x32, g32 = few_values(rng, 2, 1, 4, 6, dtype=np.float32), powers_of_two(rng, 2, 1, 2, 3, dtype=np.float32)
    scripts = (
        ("ties", backward(flat, powers_of_two(rng, 1, 1, 1, 1) * 4, 2, 2)),
        ("ties", backward(few_values(rng, 1, 1, 4, 4), powers_of_two(rng, 1, 1, 2, 2), 2, 2)),
        ("ties-zeros", backward(np.zeros((1, 2, 4, 4)), powers_of_two(rng, 1, 2, 2, 2), 2, 2)),
        ("ties-overlap", backward(few_values(rng, 2, 2, 5, 6), powers_of_two(rng, 2, 2, 3, 4), 3, 1)),
        ("ties-float32", backward(x32, g32, 2, 2)),
    )
    return tuple(Case(name, script, free=True) for name, script in scripts)


SIZES = {
    "size-fits": ((4, 2, 2), (6, 3, 3), (224, 2, 2)),
    "size-rest": ((5, 2, 2), (8, 3, 2), (10, 4, 4)),
    "size-overlap": ((5, 3, 1), (7, 3, 2), (227, 3, 2), (11, 5, 3)),
    "size-gaps": ((5, 2, 3), (6, 2, 4), (32, 1, 3), (14, 4, 5), (10, 2, 3)),
    "size-one-window": ((3, 3, 1), (1, 1, 1), (7, 7, 7)),
}


def size_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """Sizes that divide, that don't, that overlap, that leave gaps, and a window as large as the input."""
    fixed = [Case(name, (apply(*numbers),)) for name, some in SIZES.items() for numbers in some]
    drawn = []
    for _ in range(6):
        kernel_size, stride = (int(v) for v in rng.integers(1, 8, 2))
        size = int(rng.integers(max(kernel_size, stride), 60))
        drawn.append(Case("random", (apply(size, kernel_size, stride),)))
    by_name = Step("call", FUNCTION, kwargs={"size": 9, "kernel_size": 3, "stride": 2}, label="value")
    return (*fixed, *drawn, Case("keywords", (by_name,)))
