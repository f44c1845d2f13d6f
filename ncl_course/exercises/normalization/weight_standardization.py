"""Lesson 05, weight standardization: the cases (lecture section 5, Qiao et al. 2019).

Weights are (K, M, p, q): K filters, each over M maps of p × q. Filters differ much in scale and level, so that
statistics over any other axes show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from ncl_course.exercises.arrays import Array, distinct, normal, upstream
from ncl_course.exercises.exercise import Case
from ncl_course.protocol.script import Layout, Script, Step, Tensor, call, new

EPS = 0.1
Write = Callable[..., Case]


def filters(rng: np.random.Generator, K: int, M: int, p: int, q: int) -> Array:
    """Filters of very different scale and level, and so are their slices."""
    scales = 2.0 ** rng.permutation(np.arange(K) - K // 2)
    levels = 2.0 * rng.permutation(np.arange(K) + 1) * rng.choice([-1, 1], K)
    slices = 3.0 * rng.permutation(np.arange(M))
    cells = rng.integers(-8, 9, (K, M, p, q)) + slices[:, None, None]
    return cells * scales[:, None, None, None] + levels[:, None, None, None]


def judged(weight: Array, layout: Layout = Layout.C, obj: str = "ws") -> Step:
    """One forward pass, judged."""
    return call(obj, "forward", Tensor(weight, layout), label="forward")


def forward(name: str, weight: Array, eps: float = EPS, *, layout: Layout = Layout.C) -> Case:
    """Standardize ``weight`` once; judged."""
    return Case(name, (new("ws", eps), judged(weight, layout)))


def sent_back(weight: Array, grad_out: Array, eps: float = EPS, layout: Layout = Layout.C, obj: str = "ws") -> Script:
    """Send ``grad_out`` back through a layer that has standardized ``weight``; judged."""
    from ncl_course.oracles.normalization.groupnorm import WeightStandardization, natural_scale

    scale = natural_scale(WeightStandardization(eps), weight, grad_out)
    return (call(obj, "backward", Tensor(grad_out, layout), label="backward", scale=scale),)


def sizes(rng: np.random.Generator, write: Write) -> Iterator[Case]:
    """One pass of either direction over weights of every kind that hides or shows a mistake."""
    yield write("weights-two-numbers", distinct(rng, 1, 1, 1, 2))
    yield write("weights-one-filter", distinct(rng, 1, 1, 2, 2))
    yield write("weights-filters", filters(rng, 3, 2, 1, 2))
    yield write("weights-maps", filters(rng, 2, 4, 2, 3))
    yield write("weights-maps", filters(rng, 4, 3, 2, 1))
    yield write("weights-as-many-maps", filters(rng, 3, 3, 2, 4))
    yield write("weights-all-sizes-equal", filters(rng, 3, 3, 3, 3))
    yield write("weights-dense", filters(rng, 3, 5, 1, 1))
    yield write("weights-tiny", normal(rng, 2, 3, 2, 2) / 1024, 1e-2)
    yield write("weights-tiny", normal(rng, 3, 2, 3, 2) / 256, 1e-5)
    yield write("weights-constant", np.full((2, 1, 2, 2), 0.5))
    yield write("weights-constant", np.concatenate([filters(rng, 2, 2, 2, 2), np.full((1, 2, 2, 2), 4.0)]))
    yield write("large-offset", 1000 + distinct(rng, 2, 3, 2, 3))
    yield write("float32", normal(rng, 4, 3, 3, 2, dtype=np.float32))
    yield write("float64", normal(rng, 5, 4, 3, 2))
    for layout in Layout:
        if layout is not Layout.C:
            yield write(f"layout-{layout.value}", filters(rng, 2, 3, 2, 4), layout=layout)
    for _ in range(3):
        K, M, p, q = (int(v) for v in rng.integers(1, 5, 4))
        yield write("weights-random", filters(rng, K, M, p, q + 1))


def forward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """The forward pass."""
    weight, other = filters(rng, 3, 2, 2, 3), filters(rng, 2, 4, 1, 3)
    called = call("ws", "__call__", Tensor(weight), label="forward")
    omitted = judged(normal(rng, 2, 1, 2, 2) / 256)
    return (
        *sizes(rng, forward),
        Case("keywords", (new("ws", eps=EPS), called)),
        Case("weights-omitted-eps", (new("ws"), omitted)),
        Case("two-forwards", (new("ws", EPS), judged(weight), judged(other), judged(weight))),
        Case("two-forwards", (new("ws", EPS), judged(weight), judged(filters(rng, *weight.shape)))),
        Case("two-instances", (new("ws", EPS), new("other", 0.5), judged(other, obj="other"), judged(weight))),
        Case("weights-test-mode", (new("ws", EPS), call("ws", "eval"), judged(weight))),
    )


def backward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """The backward pass."""

    def write(name: str, weight: Array, eps: float = EPS, *, layout: Layout = Layout.C) -> Case:
        back = sent_back(weight, upstream(rng, *weight.shape, dtype=weight.dtype.type), eps, layout)
        return Case(name, (new("ws", eps), call("ws", "forward", Tensor(weight, layout)), *back))

    a, b, small = filters(rng, 3, 2, 2, 3), filters(rng, 3, 2, 2, 3), filters(rng, 2, 1, 2, 2)
    g, h, small_g = (upstream(rng, *weight.shape) for weight in (a, b, small))
    made, first, second = new("ws", EPS), call("ws", "forward", Tensor(a)), call("ws", "forward", Tensor(b))
    third = call("ws", "forward", Tensor(small)), *sent_back(small, small_g)
    beside = call("other", "forward", Tensor(b)), *sent_back(a, g), *sent_back(b, h, 0.5, obj="other")
    return (
        *sizes(rng, write),
        Case("latest-forward", (made, first, second, *sent_back(b, h))),
        Case("latest-forward-resized", (made, first, *third)),
        Case("backward-twice", (made, first, *sent_back(a, g), *sent_back(a, h))),
        Case("latest-forward", (made, first, *sent_back(a, g), second, *sent_back(b, h))),
        Case("two-instances", (made, new("other", 0.5), first, *beside)),
        Case(
            "two-instances",
            (made, new("other", EPS), first, beside[0], *sent_back(a, g), *sent_back(b, h, obj="other")),
        ),
        Case("weights-test-mode", (made, call("ws", "eval"), first, call("ws", "train"), *sent_back(a, g))),
    )
