"""Lesson 04: the cases of dropout's test mode, in which nothing is random and no mask is used."""

from __future__ import annotations

import numpy as np

from ncl_course.exercises.arrays import Array, normal, upstream
from ncl_course.exercises.dropout.steps import LAYOUTS, back, halves, made, unjudged
from ncl_course.exercises.exercise import Case
from ncl_course.protocol.script import Layout, Script, Step, Tensor, call


def test_mode_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """Forward and backward of either layer after ``eval()``."""

    def free(name: str, keep_prob: float, *script: Step) -> Case:
        return Case(name, (made(rng, keep_prob), *script), free=True)

    def one(name: str, x: Array, keep_prob: float, layout: Layout = Layout.C) -> Case:
        g = upstream(rng, *x.shape, dtype=x.dtype.type)
        return free(name, keep_prob, call("drop", "eval"), seen(x, layout=layout), back(g, layout=layout))

    x, y = halves(rng, 4, 8), halves(rng, 4, 8)
    g, h = upstream(rng, 4, 8), upstream(rng, 4, 8)
    trained = call("drop", "forward", Tensor(y))
    return (
        one("dropout-test-first", halves(rng, 3, 8), 0.8),
        one("dropout-keep-less", halves(rng, 3, 8), 0.3),
        one("dropout-vector", halves(rng, 24), 0.6),
        one("dropout-maps", halves(rng, 2, 3, 4, 5), 0.8),
        one("dropout-keep-one", halves(rng, 3, 6), 1.0),
        *(one(f"layout-{o.value}", halves(rng, 2, 3, 4, 5), 0.7, o) for o in LAYOUTS),
        one("float32", normal(rng, 4, 3, 5, 2, dtype=np.float32), 0.8),
        one("float64", normal(rng, 6, 11), 0.4),
        free("dropout-test-twice", 0.6, call("drop", "eval"), seen(x), seen(x)),
        free("dropout-test-after-training", 0.6, trained, call("drop", "eval"), seen(x), back(g)),
        free("dropout-test-after-training", 0.3, trained, call("drop", "eval"), seen(normal(rng, 5, 3)), seen(x)),
        free("dropout-switched-back", 0.6, call("drop", "eval"), seen(x), call("drop", "train"), back(g)),
        free("dropout-switched-back", 0.6, trained, call("drop", "eval"), seen(x), call("drop", "train"), back(g)),
        free("backward-twice", 0.6, call("drop", "eval"), seen(x), back(g), back(h)),
        free("latest-forward", 0.6, call("drop", "eval"), seen(x), seen(x[:2] * 2), back(g[:2])),
        free("dropout-after-test", 0.6, *tested(y), *unjudged(x), back(g)),
        free("dropout-two-modes", 0.6, *two_modes(rng, x, y, g)),
    )


def seen(x: Array, layout: Layout = Layout.C) -> Step:
    """A judged forward."""
    return call("drop", "forward", Tensor(x, layout), label="forward")


def tested(x: Array) -> Script:
    """A forward in test mode, and back to training."""
    return call("drop", "eval"), call("drop", "forward", Tensor(x)), call("drop", "train")


def two_modes(rng: np.random.Generator, x: Array, y: Array, g: Array) -> Script:
    """Two layers: one is tested while the other is trained."""
    return (
        made(rng, 0.5, "other"),
        call("drop", "eval"),
        seen(x),
        call("other", "forward", Tensor(y)),
        back(g),
    )
