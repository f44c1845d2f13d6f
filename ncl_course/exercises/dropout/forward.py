"""Lesson 04: the cases of dropout's forward pass in training, and of the mask that it draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from ncl_course.exercises.arrays import Array, distinct, near_thousand, normal
from ncl_course.exercises.dropout import masks
from ncl_course.exercises.dropout.steps import MANY, Drop, cases, drop, halves, mask, seed
from ncl_course.exercises.exercise import Case
from ncl_course.exercises.trials import Forward
from ncl_course.protocol.script import Generator, Rule, Script, Tensor, call, new

DRAWN = (((10, 6, 8, 9), 0.87, 8), ((40, 30), 0.3, 4), ((24, 4, 5, 5), 0.5, 11), ((60, 40), 0.996, 4))
"""The shape, the keep_prob and the number of forwards of the masks whose statistics are judged.

A keep_prob between two twentieths exposes layers that draw whole tenths, such as ``integers(0, 10) < 10 * p``. One
between 0.995 and 1 exposes those that draw whole hundredths or round p: they drop nothing. Eleven forwards expose
layers in which the number of kept neurons never differs by more than one from p·n.
"""

EXTREME = (((8, 12), 0.1, 14), ((8, 12), 0.9, 14))
"""The same of masks in which no single neuron may have the same fate in all forwards."""


def forward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """Return the cases of either layer's forward pass in training."""
    trials = Forward(rng)
    return (
        trials.one("dropout-one-sample", drop(rng, halves(rng, 1, 8), 0.5)),
        *cases(trials),
        trials.one("large-offset", drop(rng, near_thousand(distinct(rng, 2, 9)), 0.8)),
        trials.one("keywords", Drop(halves(rng, 3, 8), kwargs={"keep_prob": 0.75, "rng": Generator(seed(rng))})),
        trials.one("dropout-no-rng", Drop(halves(rng, 3, 8), (0.5,))),
        *(Case(name, script, free=True) for name, script in mask_scripts(rng)),
        *(Case("dropout-statistics", statistics(rng, *settings), free=True) for settings in DRAWN),
        *(Case("dropout-statistics", statistics(rng, *one, judged=masks.never_stuck), free=True) for one in EXTREME),
    )


def mask_scripts(rng: np.random.Generator) -> Iterator[tuple[str, Script]]:
    """Yield the cases about the mask: it is new each time, drawn from ``rng`` alone, at zeros too, and never shared."""
    one, other = (drop(rng, halves(rng, 24, 24), 0.5) for _ in range(2))
    zeros = drop(rng, halves(rng, 8, 40) * rng.integers(0, 2, (8, 40)), 0.8)
    all_kept = drop(rng, halves(rng, 3, 4), 1.0)
    anew = masks.unlike(2, "mask_repeated", "mask-drawn-once")
    kept = masks.same_as(3, "mask_changed", "shared-between-instances")
    yield "dropout-keep-one", with_mask(all_kept, masks.all_kept(3, 4))
    yield "dropout-zeros", with_mask(zeros, masks.kept_where_zero(zeros.x == 0, 0.8))
    many = drop(rng, np.ones(MANY, np.float32), 0.5)
    yield "large-sizes", with_mask(many, masks.kept_in_each_slice(MANY, 0.5))
    yield "dropout-fresh", (*one.make(), *one.forward(), one.forward()[0], mask(anew))
    yield "two-instances", (*one.make(), *other.make("other"), *one.forward(), *other.forward("other"), mask(kept))
    yield "dropout-same-seed", same_seed(seed(rng), one.x / 100, other.x)
    yield "dropout-other-seed", other_seed(seed(rng), one.x)
    yield "dropout-one-rng", one_generator(seed(rng), one.x)


def with_mask(use: Drop, rule: Rule) -> Script:
    """Return a judged forward with a rule for its mask."""
    return *use.make(), use.forward()[0], mask(rule)


def same_seed(number: int, x: Array, other: Array) -> Script:
    """Return a script in which two layers with generators of one seed draw equal masks, while a third draws in between.

    A layer fails it if it draws from NumPy's global generator, makes a generator of its own, or lets the numbers of its
    input decide: the two layers get inputs of one shape, the first one near 0 and the other one not.
    """
    return (
        new("layer", 0.5, Generator(number)),
        new("between", 0.5, Generator(number + 1)),
        new("again", 0.5, Generator(number)),
        call("layer", "forward", Tensor(x)),
        mask(masks.is_mask(*x.shape)),
        call("between", "forward", Tensor(x)),
        call("again", "forward", Tensor(other)),
        mask(masks.same_as(4, "mask_other_rng", "mask-not-from-rng"), "again"),
    )


def other_seed(number: int, x: Array) -> Script:
    """Return a script in which two layers whose generators have different seeds draw different masks."""
    return (
        new("layer", 0.5, Generator(number)),
        new("other", 0.5, Generator(number + 1)),
        call("layer", "forward", Tensor(x)),
        mask(masks.is_mask(*x.shape)),
        call("other", "forward", Tensor(x)),
        mask(masks.unlike(3, "mask_same_rng", "mask-not-from-rng"), "other"),
    )


def one_generator(number: int, x: Array) -> Script:
    """Return a script in which two layers that share one generator draw different masks.

    A layer fails it if it draws from a copy of the generator: then the layers of a network drop the same neurons.
    """
    return (
        new("layer", 0.5, Generator(number, "rng")),
        new("other", 0.5, Generator(number, "rng")),
        call("layer", "forward", Tensor(x)),
        mask(masks.is_mask(*x.shape)),
        call("other", "forward", Tensor(x)),
        mask(masks.unlike(3, "mask_same_for_two", "rng-copied"), "other"),
    )


def statistics(
    rng: np.random.Generator,
    shape: tuple[int, ...],
    keep_prob: float,
    forwards: int,
    judged: Callable[..., Rule] = masks.independent,
) -> Script:
    """Return several forwards of one array; their masks are judged together, before any value."""
    use = drop(rng, normal(rng, *shape), keep_prob)
    readings = [2 + 2 * n for n in range(forwards)]
    rules = [masks.is_mask(*shape)] * (forwards - 1) + [judged(shape, keep_prob, readings)]
    x = call("layer", "forward", Tensor(use.x))
    return (*use.make(), *(step for rule in rules for step in (x, mask(rule))))
