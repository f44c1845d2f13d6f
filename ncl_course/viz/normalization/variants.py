"""More of what the lecture says about normalization, tried with three seeds each: a bar is a mean, a dot is one run."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from ncl_course.language import text
from ncl_course.viz.palette import OKABE_ITO, WITH, WITHOUT
from ncl_course.viz.picture import Picture
from ncl_course.viz.runs import courses, given, picture_of
from ncl_course.viz.spoken import say

if TYPE_CHECKING:
    from ncl_course.experiments.by_torch.normalization_trials import Trial
    from ncl_course.experiments.by_torch.own_normalization import Own

STEPS = 60
GREEN, PINK = OKABE_ITO[2:4]


def compared(
    key: str, ticks: Sequence[str], named: Sequence[tuple[str, str, Sequence[Trial]]], own: Own | None = None
) -> Picture:
    """Return a picture of the trials of each named series; the layers in ``own`` take the place of torch's."""
    series = courses([trials for _, _, trials in named], own)
    shares = [[[course.tested for course in runs] for runs in trials] for trials in series]
    runs = [(text(name), colour, found) for (name, colour, _), found in zip(named, shares, strict=True)]
    return picture_of(f"normalization.variants.{key}", ticks, runs)


def show_normalized_input(own: Any = None, rates: Sequence[float] = (0.005, 0.05)) -> Picture:
    """Show the accuracy with raw pixels, with normalized pixels, and with batch normalization of every layer.

    Args:
        own: the student's ``BatchNorm2d``, which then takes the place of torch's.
        rates: the learning rates.
    """
    from ncl_course.experiments.by_torch.normalization_trials import Trial

    named = (
        ("normalization.variants.raw", WITHOUT, [Trial(lr=lr, steps=STEPS, pixels="raw") for lr in rates]),
        ("normalization.variants.normalized", GREEN, [Trial(lr=lr, steps=STEPS, pixels="normalized") for lr in rates]),
        ("normalization.variants.every", WITH, [Trial("batch", lr=lr, steps=STEPS, pixels="raw") for lr in rates]),
    )
    return compared("input", [say(lr) for lr in rates], named, given(batch=own))


def show_depths(own: Any = None, depths: Sequence[int] = (2, 6, 12)) -> Picture:
    """Show the accuracy without and with batch normalization for several numbers of convolutions.

    Args:
        own: the student's ``BatchNorm2d``, which then takes the place of torch's.
        depths: the numbers of convolutions.
    """
    from ncl_course.experiments.by_torch.normalization_trials import Trial

    named = (
        ("normalization.trials.none", WITHOUT, [Trial(depth=depth, steps=STEPS) for depth in depths]),
        ("normalization.trials.batch", WITH, [Trial("batch", depth=depth, steps=STEPS) for depth in depths]),
    )
    return compared("depth", [str(depth) for depth in depths], named, given(batch=own))


def show_norm_after(own: Any = None, rates: Sequence[float] = (0.1, 0.3)) -> Picture:
    """Show the accuracy with batch normalization before and after each ReLU.

    Args:
        own: the student's ``BatchNorm2d``, which then takes the place of torch's.
        rates: the learning rates.
    """
    from ncl_course.experiments.by_torch.normalization_trials import Trial

    named = (
        ("normalization.variants.before", WITH, [Trial("batch", lr=lr, steps=STEPS) for lr in rates]),
        ("normalization.variants.after", PINK, [Trial("batch", lr=lr, steps=STEPS, after=True) for lr in rates]),
    )
    return compared("after_relu", [say(lr) for lr in rates], named, given(batch=own))


def show_small_batches(batch: Any = None, group: Any = None, sizes: Sequence[int] = (32, 8, 2)) -> Picture:
    """Show the accuracy with batch and with group normalization as the batch shrinks.

    The learning rate shrinks with the batch, and the number of steps grows.

    Args:
        batch: the student's ``BatchNorm2d``, which then takes the place of torch's.
        group: the student's ``GroupNorm``, which then takes the place of torch's.
        sizes: the numbers of samples in a batch, each 32, 8 or 2.
    """
    from ncl_course.experiments.by_torch.normalization_trials import Norm, Trial

    def trials(norm: Norm) -> list[Trial]:
        steps = {32: 60, 8: 120, 2: 240}
        return [Trial(norm, depth=4, lr=0.02 * size / 32, batch=size, steps=steps[size]) for size in sizes]

    named = (
        ("normalization.trials.batch", WITH, trials("batch")),
        ("normalization.trials.group", GREEN, trials("group")),
    )
    return compared("small", [str(size) for size in sizes], named, given(batch=batch, group=in_groups(group)))


def in_groups(kind: Any) -> Any:
    """Return a maker of group normalizations with the trials' four groups, or None if no class is given."""
    return None if kind is None else partial(kind, 4)


def show_standardized(group: Any = None, weights: Any = None, rates: Sequence[float] = (0.05, 0.2)) -> Picture:
    """Show the accuracy with group normalization, without and with weight standardization.

    Args:
        group: the student's ``GroupNorm``, which then takes the place of torch's.
        weights: the student's ``WeightStandardization``, which then takes the place of torch's computation.
        rates: the learning rates.
    """
    from ncl_course.experiments.by_torch.normalization_trials import Trial

    named = (
        ("normalization.variants.group", GREEN, [Trial("group", lr=lr, steps=STEPS) for lr in rates]),
        ("normalization.variants.ws", PINK, [Trial("group", lr=lr, steps=STEPS, standardize=True) for lr in rates]),
    )
    return compared("ws_gain", [say(lr) for lr in rates], named, given(group=in_groups(group), weights=weights))
