"""Lesson 04: the cases of dropout's backward pass, after a forward in training mode."""

from __future__ import annotations

import numpy as np

from ncl_course.exercises.arrays import Array, normal, upstream
from ncl_course.exercises.dropout import masks
from ncl_course.exercises.dropout.steps import LAYOUTS, back, halves, made, unjudged
from ncl_course.exercises.exercise import Case
from ncl_course.protocol.script import Layout, Script, Step, Tensor, call, get


def backward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """The backward pass of either layer: the mask of the latest forward, whatever has happened since.

    No forward in test mode is asked for: who has not written it yet loses no point here.
    """

    def one(name: str, x: Array, keep_prob: float, layout: Layout = Layout.C) -> Case:
        g = upstream(rng, *x.shape, dtype=x.dtype.type)
        return free(name, keep_prob, *unjudged(x, layout=layout), back(g, layout=layout))

    def free(name: str, keep_prob: float, *script: Step) -> Case:
        return Case(name, (made(rng, keep_prob), *script), free=True)

    x, y = halves(rng, 4, 8), halves(rng, 4, 8)
    g, h = upstream(rng, 4, 8), upstream(rng, 4, 8)
    small, small_g = halves(rng, 3, 6), upstream(rng, 3, 6)
    return (
        one("dropout-one-sample", halves(rng, 1, 8), 0.5),
        one("dropout-keep-more", halves(rng, 3, 8), 0.8),
        one("dropout-keep-less", halves(rng, 3, 8), 0.3),
        one("dropout-vector", halves(rng, 24), 0.6),
        one("dropout-maps", halves(rng, 2, 3, 4, 5), 0.8),
        one("dropout-zeros", halves(rng, 6, 8) * rng.integers(0, 2, (6, 8)), 0.8),
        one("dropout-zeros", np.zeros((4, 8)), 0.6),
        free("dropout-keep-one", 1.0, *unjudged(small), back(small_g, silent=True)),
        *(one(f"layout-{o.value}", halves(rng, 2, 3, 4, 5), 0.7, o) for o in LAYOUTS),
        one("float32", normal(rng, 4, 3, 5, 2, dtype=np.float32), 0.8),
        one("float64", normal(rng, 6, 11), 0.4),
        free("latest-forward", 0.6, *unjudged(x), *unjudged(y), back(g)),
        free("latest-forward", 0.6, *unjudged(x), back(g), *unjudged(y), back(h)),
        free("latest-forward-resized", 0.6, *unjudged(x), *unjudged(small), back(small_g)),
        free("backward-twice", 0.6, *unjudged(x), back(g), back(h)),
        free("dropout-fresh-after-backward", 0.5, *drawn_around_a_backward(rng)),
        free("dropout-switched", 0.6, *unjudged(x), call("drop", "eval"), back(g)),
        free("two-instances", 0.6, *interleaved(rng, x, y, g, h)),
        *(
            one("dropout-random", normal(rng, *rng.integers(2, 7, 4)), float(rng.integers(2, 10)) / 10)
            for _ in range(2)
        ),
    )


def drawn_around_a_backward(rng: np.random.Generator) -> Script:
    """Forward, backward, forward: the second mask is a new one, whatever ``backward`` has done with the first."""
    x, g = halves(rng, 4, 40), upstream(rng, 4, 40)
    again = call("drop", "forward", Tensor(x)), get("drop", "mask", label="mask", rule=masks.drawn_anew(2))
    return *unjudged(x), back(g), *again


def interleaved(rng: np.random.Generator, x: Array, y: Array, g: Array, h: Array) -> Script:
    """Two layers, first both forward, then both backward."""
    return made(rng, 0.5, "other"), *unjudged(x), *unjudged(y, "other"), back(g), back(h, "other")
