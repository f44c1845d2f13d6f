"""The cases of activations that work on each number by itself: signs, zeros, ±1000, any shape, and ``alpha``."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ncl_course.exercises.activations.arrays import AT_ZERO, HUGE, LAYOUTS, NEAR_ZERO, halves, like, random_array
from ncl_course.exercises.arrays import Array, in_eighths, normal
from ncl_course.exercises.exercise import Case
from ncl_course.protocol.script import Layout, Script, Step, Tensor, call, new

Cases = Callable[[np.random.Generator], tuple[Case, ...]]


def forward(x: Array, *alpha: float, layout: Layout = Layout.C, silent: bool = False) -> Script:
    """Apply a layer once; judged."""
    return new("layer", *alpha), call("layer", "forward", Tensor(x, layout), label="forward", silent=silent)


def backward(
    x: Array, grad_out: Array, *alpha: float, layout: Layout = Layout.C, silent: bool = False
) -> tuple[Step, ...]:
    """Apply a layer once and send ``grad_out`` back; the gradient is judged, and where asked for its silence."""
    return (
        new("layer", *alpha),
        call("layer", "forward", Tensor(x, layout)),
        call("layer", "backward", Tensor(grad_out, layout), label="backward", silent=silent),
    )


def forward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """The forward pass of any function of single numbers."""
    x, y = halves(rng, 2, 3), halves(rng, 4, 2, 3)
    return (
        Case("both-signs", forward(halves(rng, 4))),
        Case("shape-one", forward(normal(rng, 7))),
        Case("shape-two", forward(normal(rng, 3, 2))),
        Case("shape-three", forward(normal(rng, 2, 4, 3))),
        Case("shape-four", forward(halves(rng, 2, 3, 2, 4))),
        Case("exact-zeros", forward(AT_ZERO.copy())),
        Case("all-below-zero", forward(-np.abs(halves(rng, 5)))),
        Case("thousands", forward(rng.permutation(HUGE), silent=True)),
        Case("thousands-float32", forward(rng.permutation(HUGE).astype(np.float32), silent=True)),
        Case("called", (new("layer"), call("layer", "__call__", Tensor(halves(rng, 3)), label="forward"))),
        *(Case(f"layout-{o.value}", forward(normal(rng, 2, 3, 2, 4), layout=o)) for o in LAYOUTS),
        Case("float32", forward(normal(rng, 2, 3, 5, 4, dtype=np.float32))),
        Case("float64", forward(3 * normal(rng, 5, 6))),
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
                call("other", "forward", Tensor(y), label="forward"),
                call("layer", "forward", Tensor(x), label="forward"),
            ),
        ),
        Case("same-when-testing", (new("layer"), call("layer", "eval"), *forward(x)[1:])),
        *(Case("shape-drawn", forward(random_array(rng))) for _ in range(2)),
    )


def backward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """The backward pass of any function of single numbers."""

    def pair(name: str, x: Array, layout: Layout = Layout.C, *, silent: bool = False, free: bool = False) -> Case:
        grad_out = in_eighths(like(rng, x)) if name == "float64" else like(rng, x)
        return Case(name, backward(x, grad_out, layout=layout, silent=silent), free)

    x, small = halves(rng, 2, 3), halves(rng, 4)
    y = np.copysign(halves(rng, 2, 3), -x)  # never on the side of x, so that one cannot stand for the other
    g, h, small_g = like(rng, x), like(rng, y), like(rng, small)
    return (
        pair("both-signs", halves(rng, 4)),
        Case("slope-from-above", backward(np.array([-1.5, -1.5, 2.5, 2.5]), np.array([3.0, -2.0, 5.0, -4.0]))),
        pair("shape-one", normal(rng, 7)),
        pair("shape-two", normal(rng, 3, 2)),
        pair("shape-three", normal(rng, 2, 4, 3)),
        pair("shape-four", halves(rng, 2, 3, 2, 4)),
        pair("at-zero", AT_ZERO.copy(), free=True),
        pair("at-zero", rng.integers(-1, 2, (2, 2, 3)).astype(np.float32), free=True),
        pair("all-below-zero", -np.abs(halves(rng, 5))),
        pair("thousands", rng.permutation(HUGE), silent=True),
        pair("thousands-float32", rng.permutation(HUGE).astype(np.float32), silent=True),
        *(pair(f"layout-{o.value}", normal(rng, 2, 3, 2, 4), o) for o in LAYOUTS),
        pair("float32", normal(rng, 2, 3, 5, 4, dtype=np.float32)),
        pair("float64", 3 * normal(rng, 5, 6)),
        Case("latest-forward", latest(x, y, h)),
        Case("latest-forward-resized", latest(x, small, small_g)),
        Case(
            "backward-twice",
            (*backward(x, g), call("layer", "backward", Tensor(h), label="backward")),
        ),
        Case("two-instances", beside(x, g, small, small_g)),
        Case("two-instances", beside(x, g, y, h)),
        Case(
            "same-when-testing",
            (
                new("layer"),
                call("layer", "eval"),
                call("layer", "forward", Tensor(x)),
                call("layer", "train"),
                call("layer", "backward", Tensor(g), label="backward"),
                call("layer", "forward", Tensor(y)),
                call("layer", "eval"),
                call("layer", "backward", Tensor(h), label="backward"),
            ),
        ),
        *(pair("shape-drawn", random_array(rng)) for _ in range(2)),
        pair("near-zero", NEAR_ZERO.copy()),
        Case("latest-forward", (*backward(x, g), *backward(y, h)[1:])),
    )


def latest(x: Array, y: Array, grad_out: Array) -> Script:
    """Two forwards and one backward, which belongs to the second."""
    return (
        new("layer"),
        call("layer", "forward", Tensor(x)),
        call("layer", "forward", Tensor(y)),
        call("layer", "backward", Tensor(grad_out), label="backward"),
    )


def beside(x: Array, g: Array, y: Array, h: Array) -> Script:
    """Two layers, both forward and then both backward."""
    return (
        new("layer"),
        new("other"),
        call("layer", "forward", Tensor(x)),
        call("other", "forward", Tensor(y)),
        call("layer", "backward", Tensor(g), label="backward"),
        call("other", "backward", Tensor(h), label="backward"),
    )


def with_alphas(plain: Cases, judged: Callable[..., Script], alphas: tuple[tuple[str, float], ...]) -> Cases:
    """The cases of any activation, and those of one with a number ``alpha``, by name."""

    def cases(rng: np.random.Generator) -> tuple[Case, ...]:
        def script(x: Array, *alpha: float, silent: bool = False) -> Script:
            grad_out = () if judged is forward else (like(rng, x),)
            return judged(x, *grad_out, *alpha, silent=silent)

        own = [
            case
            for name, alpha in alphas
            for case in (
                Case(name, script(halves(rng, 4), alpha)),
                Case(name, script(normal(rng, 2, 3, 4), alpha)),
                Case(name, script(rng.permutation(HUGE), alpha, silent=True)),
                Case(name, script(AT_ZERO.copy(), alpha), free=judged is backward),
            )
        ]
        made, *rest = script(halves(rng, 5))
        by_name = Step("new", made.obj, kwargs={"alpha": 0.75})
        first, *used = script(halves(rng, 4), 0.25)
        other = Case("two-alphas", (first, new("other", 2.0), *used))
        return (*plain(rng), *own, Case("alpha-by-name", (by_name, *rest)), other)

    return cases


LEAKY = (("alpha-small", 0.25), ("alpha-above-one", 2.0), ("alpha-zero", 0.0))
ELU = (("alpha-small", 0.25), ("alpha-above-one", 2.0), ("alpha-zero", 0.0))
