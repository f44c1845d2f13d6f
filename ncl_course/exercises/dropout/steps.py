"""The steps that dropout's cases are made of."""

from __future__ import annotations

import numpy as np

from ncl_course.exercises.arrays import Array, distinct
from ncl_course.exercises.dropout import masks
from ncl_course.protocol.script import Generator, Layout, Script, Step, Tensor, call, get, new

LAYOUTS = tuple(layout for layout in Layout if layout is not Layout.C)


def seed(rng: np.random.Generator) -> int:
    """A seed for a layer's own generator: short, since a panel shows it."""
    return int(rng.integers(10**6))


def made(rng: np.random.Generator, keep_prob: float, obj: str = "drop") -> Step:
    """The step that makes a layer with a generator of its own."""
    return new(obj, keep_prob, Generator(seed(rng)))


def halves(rng: np.random.Generator, *shape: int, dtype: type = np.float64) -> Array:
    """Different numbers such as 2.5 and −0.5: easy to read, never 0, never whole."""
    return distinct(rng, *shape, dtype=dtype) + dtype(0.5)


def train(
    x: Array,
    obj: str = "drop",
    layout: Layout = Layout.C,
    unlike_step: int | None = None,
    key: str = "",
    name: str = "",
) -> Script:
    """A judged training forward, and its mask, which must be one; where a step is given, another than that one's."""
    rule = masks.is_mask(*x.shape) if unlike_step is None else masks.unlike(unlike_step, key, name)
    return call(obj, "forward", Tensor(x, layout), label="forward"), get(obj, "mask", label="mask", rule=rule)


def unjudged(x: Array, obj: str = "drop", layout: Layout = Layout.C) -> Script:
    """A training forward before a backward; its mask must be there, and that is all that is asked of it."""
    return call(obj, "forward", Tensor(x, layout)), get(obj, "mask", label="mask", rule=masks.there)


def back(grad_out: Array, obj: str = "drop", layout: Layout = Layout.C, *, silent: bool = False) -> Step:
    """A judged backward."""
    return call(obj, "backward", Tensor(grad_out, layout), label="backward", silent=silent)
