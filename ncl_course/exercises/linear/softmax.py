"""The cases of ``Softmax`` and ``CrossEntropyLoss``: any number of axes, ±1000 in one batch, square batches."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from ncl_course.exercises.arrays import Array, normal, upstream
from ncl_course.exercises.exercise import Case
from ncl_course.protocol.script import Layout, Step, Tensor, call, new

FAR = np.array([[0.0, 1.0, 2.0], [-800.0, -801.0, -799.0]])
"""Rows so far apart that the batch's own maximum leaves nothing of the second one."""

HUGE = np.array([[1000.0, 999.0, -1000.0], [-1000.0, -1000.0, -1001.0], [3.0, 1.0, 2.0], [0.0, 1000.0, 0.0]])
"""±1000 in one batch."""

SHAPES = (
    ("one-vector", (3,)),
    ("two-classes", (1, 2)),
    ("fc-one-sample", (1, 4)),
    ("fc-two-samples", (2, 3)),
    ("fc-many-samples", (5, 3)),
    ("batch-equals-classes", (3, 3)),
    ("softmax-three-axes", (2, 3, 4)),
    ("softmax-three-axes", (3, 3, 3)),
    ("softmax-four-axes", (2, 1, 3, 2)),
    ("fc-one-class", (3, 1)),
)


def forward(x: Array, layout: Layout = Layout.C, *, silent: bool = False) -> tuple[Step, ...]:
    """Softmax of ``x``; judged."""
    return new("softmax"), call("softmax", "forward", Tensor(x, layout), label="forward", silent=silent)


def backward(x: Array, grad_out: Array, layout: Layout = Layout.C, *, silent: bool = False) -> tuple[Step, ...]:
    """Softmax of ``x`` and ``grad_out`` sent back; the gradient is judged by the scale of ``grad_out``."""
    scale = float(np.abs(grad_out).max())
    return (
        new("softmax"),
        call("softmax", "forward", Tensor(x, layout)),
        call("softmax", "backward", Tensor(grad_out, layout), label="backward", scale=scale, silent=silent),
    )


def logits(rng: np.random.Generator, *shape: int, dtype: type = np.float64) -> Array:
    """Logits in halves, from −2 to 2: no probability is too small to see."""
    return (rng.integers(-4, 5, shape) / 2).astype(dtype)


def forward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """The forward pass of ``Softmax``."""
    x, y = logits(rng, 2, 3), normal(rng, 4, 3)
    deep = np.stack([FAR, FAR - 300.0])
    return (
        *(Case(name, forward(normal(rng, *shape))) for name, shape in SHAPES),
        Case("equal-logits", forward(np.full((2, 4), 0.5))),
        Case("softmax-huge", forward(HUGE[:1], silent=True)),
        Case("softmax-huge-negative", forward(HUGE[1:2], silent=True)),
        Case("softmax-huge", forward(HUGE, silent=True)),
        Case("softmax-huge", forward(HUGE.astype(np.float32), silent=True)),
        Case("rows-far-apart", forward(FAR, silent=True)),
        Case("rows-far-apart", forward(deep, silent=True)),
        Case("large-offset", forward(1000.0 + normal(rng, 3, 4))),
        *(Case(f"layout-{o.value}", forward(normal(rng, 3, 4), o)) for o in Layout if o is not Layout.C),
        Case("float32", forward(normal(rng, 3, 5, dtype=np.float32))),
        Case("float64", forward(3 * normal(rng, 6, 4))),
        Case("call-linear", (new("softmax"), call("softmax", "__call__", Tensor(x), label="forward"))),
        Case(
            "two-forwards",
            (
                new("softmax"),
                call("softmax", "forward", Tensor(x), label="forward"),
                call("softmax", "forward", Tensor(-x), label="forward"),
                call("softmax", "forward", Tensor(y), label="forward"),
            ),
        ),
        Case("fc-test-mode-same", (new("softmax"), call("softmax", "eval"), *forward(y)[1:])),
        *(Case("fc-random-sizes", forward(normal(rng, *random_shape(rng)))) for _ in range(3)),
    )


def random_shape(rng: np.random.Generator) -> tuple[int, ...]:
    """Two to four axes of one to five."""
    return tuple(int(n) for n in rng.integers(1, 6, int(rng.integers(2, 5))))


def backward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """The backward pass of ``Softmax``: a product with the whole Jacobian."""

    def pair(name: str, x: Array, layout: Layout = Layout.C, *, silent: bool = False) -> Case:
        return Case(name, backward(x, upstream(rng, *x.shape, dtype=x.dtype.type), layout, silent=silent))

    x, y, small = normal(rng, 2, 3), normal(rng, 2, 3), normal(rng, 1, 3)
    g, h = upstream(rng, 2, 3), upstream(rng, 2, 3)
    first, second = (call("softmax", "forward", Tensor(values)) for values in (x, y))
    return (
        *(pair(name, normal(rng, *shape)) for name, shape in SHAPES),
        Case("upstream-constant", backward(x, np.full((2, 3), 4.0))),
        Case("upstream-one-hot", backward(x[:1], np.array([[0.0, 1.0, 0.0]]))),
        pair("softmax-huge", HUGE, silent=True),
        pair("rows-far-apart", FAR, silent=True),
        pair("large-offset", 1000.0 + normal(rng, 3, 4)),
        *(pair(f"layout-{o.value}", normal(rng, 3, 4), o) for o in Layout if o is not Layout.C),
        pair("float32", normal(rng, 3, 5, dtype=np.float32)),
        pair("float64", normal(rng, 6, 4)),
        Case(
            "latest-forward", (new("softmax"), first, second, call("softmax", "backward", Tensor(g), label="backward"))
        ),
        Case(
            "latest-forward-resized",
            (new("softmax"), first, *backward(small, upstream(rng, 1, 3))[1:]),
        ),
        Case(
            "backward-twice",
            (
                new("softmax"),
                first,
                call("softmax", "backward", Tensor(g), label="backward"),
                call("softmax", "backward", Tensor(h), label="backward"),
            ),
        ),
        Case(
            "probabilities-stay",
            (*forward(x), *(call("softmax", "backward", Tensor(values), label="backward") for values in (g, h))),
        ),
        Case(
            "two-instances",
            (
                new("softmax"),
                new("other"),
                first,
                call("other", "forward", Tensor(y)),
                call("softmax", "backward", Tensor(g), label="backward"),
                call("other", "backward", Tensor(h), label="backward"),
            ),
        ),
        Case(
            "fc-test-mode-same",
            (new("softmax"), call("softmax", "eval"), first, call("softmax", "train"), *backward(x, g)[2:]),
        ),
        *(pair("fc-random-sizes", normal(rng, *random_shape(rng))) for _ in range(3)),
        Case("latest-forward", (*backward(x, g), *backward(y, h)[1:])),
    )


# ---- CrossEntropyLoss ---------------------------------------------------------------------------------------------

LOSS_SIZES = (
    ("two-classes", 1, 2),
    ("fc-one-sample", 1, 3),
    ("fc-two-samples", 2, 3),
    ("fc-many-samples", 5, 3),
    ("many-classes", 2, 6),
    ("batch-equals-classes", 3, 3),
    ("batch-equals-classes", 4, 4),
)
KINDS = (np.int8, np.uint8, np.int16, np.int32, np.uint32, np.uint64)
"""Integer dtypes of labels beside int64."""


def some_labels(rng: np.random.Generator, N: int, C: int, dtype: DTypeLike = np.int64) -> Array:
    """A label for each sample: neighbours differ, and where N = C one label comes twice and one not at all."""
    labels = (rng.integers(C) + np.arange(N)) % C
    labels[-1] = labels[0] if N == C > 2 else labels[-1]
    return labels.astype(dtype)


def loss(x: Array, labels: Array, *, back: bool, silent: bool = False, layout: Layout = Layout.C) -> tuple[Step, ...]:
    """The loss of a batch or, where ``back``, its gradient; judged, the gradient by the scale of 1/N."""
    given = (Tensor(x, layout), Tensor(labels, layout))
    if not back:
        return new("loss"), call("loss", "forward", *given, label="forward", silent=silent)
    backward = call("loss", "backward", label="backward", scale=1 / len(x), silent=silent)
    return new("loss"), call("loss", "forward", *given), backward


def both_cases(rng: np.random.Generator, *, back: bool) -> tuple[Case, ...]:
    """Batches that are tried forward and backward alike."""

    def pair(name: str, x: Array, kind: DTypeLike = np.int64, layout: Layout = Layout.C) -> Case:
        return Case(name, loss(x, some_labels(rng, len(x), x.shape[1], kind), back=back, layout=layout))

    worst, best = np.array([2, 0, 2, 0]), np.array([0, 1, 0, 1])
    layouts = (Layout.FORTRAN, Layout.STRIDED, Layout.REVERSED, Layout.READ_ONLY)
    return (
        *(pair(name, logits(rng, N, C)) for name, N, C in LOSS_SIZES),
        Case("one-label", loss(logits(rng, 3, 4), np.full(3, 2), back=back)),
        pair("equal-logits", np.zeros((2, 4))),
        pair("sure-and-right", np.eye(3) * 8 - 3),
        pair("fc-one-class", normal(rng, 3, 1)),
        Case("loss-2000", loss(HUGE[:1], worst[:1], back=back, silent=True)),
        Case("softmax-huge-negative", loss(HUGE[1:2], worst[:1], back=back, silent=True)),
        Case("softmax-huge", loss(HUGE, worst, back=back, silent=True)),
        Case("softmax-huge", loss(HUGE, best, back=back, silent=True)),
        Case("softmax-huge", loss(HUGE.astype(np.float32), worst, back=back, silent=True)),
        Case("rows-far-apart", loss(FAR, np.array([1, 0]), back=back, silent=True)),
        pair("large-offset", 1000.0 + normal(rng, 3, 4)),
        *(pair("label-dtype", logits(rng, 3, 4), kind) for kind in KINDS),
        pair("label-dtype", logits(rng, 200, 3), np.int8),
        *(pair(f"layout-{o.value}", normal(rng, 3, 4), layout=o) for o in layouts),
        pair("float32", normal(rng, 4, 5, dtype=np.float32)),
        pair("float64", normal(rng, 6, 4)),
        *(pair("fc-random-sizes", normal(rng, *(int(n) for n in rng.integers(1, 8, 2)))) for _ in range(3)),
    )


def loss_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """The loss."""
    x, y = normal(rng, 2, 3), normal(rng, 4, 5)
    steps = [
        call("loss", "forward", Tensor(values), Tensor(some_labels(rng, len(values), values.shape[1])), label="forward")
        for values in (x, -x, y)
    ]
    return (*both_cases(rng, back=False), Case("two-forwards", (new("loss"), *steps)))


def loss_gradient_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """Its gradient, from ``backward()`` without arguments."""
    x, y, small = normal(rng, 3, 4), normal(rng, 3, 4), normal(rng, 2, 5)

    def forward(values: Array, name: str = "loss") -> Step:
        return call(name, "forward", Tensor(values), Tensor(some_labels(rng, len(values), values.shape[1])))

    back = call("loss", "backward", label="backward")
    return (
        *both_cases(rng, back=True),
        Case("latest-forward", (new("loss"), forward(x), forward(y), back)),
        Case("latest-forward-resized", (new("loss"), forward(x), forward(small), back)),
        Case("loss-backward-twice", (new("loss"), forward(x), back, back)),
        Case("loss-backward-twice", (new("loss"), forward(x), back, back, forward(y), back)),
        Case(
            "two-instances",
            (
                new("loss"),
                new("other"),
                forward(x),
                forward(small, "other"),
                back,
                call("other", "backward", label="backward"),
            ),
        ),
        Case(
            "two-instances",
            (
                new("loss"),
                new("other"),
                forward(x),
                forward(y, "other"),
                back,
                call("other", "backward", label="backward"),
            ),
        ),
    )
