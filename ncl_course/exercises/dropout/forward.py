"""The cases of dropout's training forward.

A layer's own random mask cannot be known before, so every training forward is followed by a reading of ``mask``, and
the oracle answers with it (``free``); whether the mask itself is one is judged by the rules in ``masks``. Each case is
named for what it catches; ``messages`` holds the sentence under ``case.NAME``.
"""

from __future__ import annotations

import numpy as np

from ncl_course.exercises.arrays import Array, distinct, normal
from ncl_course.exercises.dropout import masks
from ncl_course.exercises.dropout.steps import LAYOUTS, halves, made, seed, train
from ncl_course.exercises.exercise import Case
from ncl_course.protocol.script import Generator, Layout, Script, Tensor, call, get, new

DRAWN = (((10, 6, 8, 9), 0.85, 8), ((40, 30), 0.3, 4), ((24, 4, 5, 5), 0.5, 6))
"""Shape, keep_prob and number of forwards of the masks whose statistics are judged.

A keep_prob between two tenths shows who draws tenths, such as ``integers(0, 10) < 10 * p``.
"""


def forward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """A training forward of either layer."""

    def one(name: str, x: Array, keep_prob: float, layout: Layout = Layout.C) -> Case:
        return Case(name, (made(rng, keep_prob), *train(x, layout=layout)), free=True)

    x, y = halves(rng, 3, 8), halves(rng, 2, 3, 4, 5)
    return (
        one("dropout-one-sample", halves(rng, 1, 8), 0.5),
        one("dropout-keep-more", halves(rng, 2, 6), 0.8),
        one("dropout-keep-less", halves(rng, 3, 8), 0.3),
        one("dropout-vector", halves(rng, 12), 0.6),
        one("dropout-maps", y, 0.8),
        Case("dropout-keep-one", (new("drop", 1.0, Generator(seed(rng))), *keep_all(halves(rng, 3, 4)))),
        *(one(f"layout-{o.value}", halves(rng, 2, 3, 4, 5), 0.7, o) for o in LAYOUTS),
        one("float32", normal(rng, 4, 3, 5, 2, dtype=np.float32), 0.8),
        one("float64", normal(rng, 6, 11), 0.4),
        one("large-offset", 1000.0 + distinct(rng, 2, 9), 0.8),
        Case("two-forwards", (made(rng, 0.6), *train(x), *train(y), *train(-x)), free=True),
        Case("two-instances", two_instances(rng, x, y), free=True),
        Case("keywords", by_name(rng, x), free=True),
        Case("dropout-no-rng", (new("drop", 0.5), *train(halves(rng, 3, 8))), free=True),
        *mask_cases(rng),
        *(
            one("dropout-random", normal(rng, *rng.integers(1, 7, 4)), float(rng.integers(2, 10)) / 10)
            for _ in range(2)
        ),
    )


def mask_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """What a mask must be: fresh each time, from ``rng`` alone, kept at zeros too, and of independent neurons."""
    x = halves(rng, 4, 40)
    zeros = halves(rng, 8, 40) * rng.integers(0, 2, (8, 40))
    twice = (made(rng, 0.5), *train(x), *train(x, unlike_step=2, key="mask_repeated", name="mask-drawn-once"))
    return (
        Case("dropout-fresh", twice, free=True),
        Case("dropout-same-seed", same_seed(seed(rng), x), free=True),
        Case("dropout-other-seed", other_seed(seed(rng), x), free=True),
        Case(
            "dropout-zeros",
            (
                made(rng, 0.8),
                call("drop", "forward", Tensor(zeros), label="forward"),
                get("drop", "mask", label="mask", rule=masks.kept_where_zero(zeros == 0, 0.8)),
            ),
            free=True,
        ),
        *(Case("dropout-statistics", statistics(rng, *settings), free=True) for settings in DRAWN),
    )


def keep_all(x: Array) -> Script:
    """Under keep_prob = 1 the layer does nothing, and nothing is divided by zero."""
    return (
        call("drop", "forward", Tensor(x), label="forward", silent=True),
        get("drop", "mask", label="mask", rule=masks.all_kept(*x.shape)),
    )


def two_instances(rng: np.random.Generator, x: Array, y: Array) -> Script:
    """Two layers, each with a mask of its own, which the other's forward leaves alone."""
    kept = masks.same_as(3, "mask_changed", "shared-between-instances")
    return (
        made(rng, 0.5),
        made(rng, 0.8, "other"),
        *train(x),
        *train(y, "other"),
        get("drop", "mask", label="mask", rule=kept),
    )


def by_name(rng: np.random.Generator, x: Array) -> Script:
    """Arguments given by name; the layer called like a function."""
    rule = masks.is_mask(*x.shape)
    return (
        new("drop", keep_prob=0.75, rng=Generator(seed(rng))),
        call("drop", "__call__", Tensor(x), label="forward"),
        get("drop", "mask", label="mask", rule=rule),
    )


def same_seed(number: int, x: Array) -> Script:
    """Two layers whose generators have one seed draw the same mask, though others have drawn in between.

    A layer that draws from NumPy's global generator, or from one of its own, cannot do that.
    """
    rule = masks.same_as(4, "mask_other_rng", "mask-not-from-rng")
    return (
        new("drop", 0.5, Generator(number)),
        new("between", 0.5, Generator(number + 1)),
        new("again", 0.5, Generator(number)),
        call("drop", "forward", Tensor(x)),
        get("drop", "mask", label="mask", rule=masks.is_mask(*x.shape)),
        call("between", "forward", Tensor(x)),
        call("again", "forward", Tensor(x)),
        get("again", "mask", label="mask", rule=rule),
    )


def other_seed(number: int, x: Array) -> Script:
    """Two layers whose generators have different seeds draw different masks."""
    rule = masks.unlike(3, "mask_same_rng", "mask-not-from-rng")
    return (
        new("drop", 0.5, Generator(number)),
        new("other", 0.5, Generator(number + 1)),
        call("drop", "forward", Tensor(x)),
        get("drop", "mask", label="mask", rule=masks.is_mask(*x.shape)),
        call("other", "forward", Tensor(x)),
        get("other", "mask", label="mask", rule=rule),
    )


def statistics(rng: np.random.Generator, shape: tuple[int, ...], keep_prob: float, forwards: int) -> Script:
    """Several forwards of one large array; their masks are judged together, before any value is."""
    x = Tensor(normal(rng, *shape))
    readings = [2 + 2 * n for n in range(forwards)]
    rules = [masks.is_mask(*shape)] * (forwards - 1) + [masks.independent(shape, keep_prob, readings)]
    steps = [(call("drop", "forward", x), get("drop", "mask", label="mask", rule=rule)) for rule in rules]
    return (made(rng, keep_prob), *(step for pair in steps for step in pair))
