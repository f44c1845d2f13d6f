"""Claims about batch normalization, tested on real digits: pictures of ``by_torch.normalization_trials``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from ncl_course.language import text
from ncl_course.viz.axes import legend, plain, title
from ncl_course.viz.palette import INK, OKABE_ITO, SMALL, WITH, WITHOUT
from ncl_course.viz.picture import Picture
from ncl_course.viz.runs import Groups, draw_shares, given, in_words
from ncl_course.viz.spoken import say

GREEN, PINK = OKABE_ITO[2:4]
MOMENTS = (0, 5, 20, 60)
"""The steps whose distributions are drawn side by side."""

FRAMES = tuple(sorted({*MOMENTS, *range(0, MOMENTS[-1] + 1, 2)}))
"""The steps whose distributions are recorded."""

Net = Literal["none", "batch"]
NETS: tuple[Net, Net] = ("none", "batch")
"""A plain net and a normalized one."""


def bars(key: str, ticks: Sequence[str], groups: Groups) -> Picture:
    """Return a picture of one comparison, with the names of its series above."""
    single = [(name, colour, [(share,) for share in shares]) for name, colour, shares in groups]
    picture = Picture(8.2, 3.2, f"{text(f'normalization.trials.{key}_alt')} {in_words(ticks, single)}")
    ax = picture.place(0.75, 0.6, 7.2, 2.15)
    draw_shares(ticks, groups, ax)
    ax.set_xlabel(text(f"normalization.trials.{key}"), color=INK, fontsize=SMALL)
    ax.set_ylabel(text("normalization.trials.share"), color=INK, fontsize=SMALL)
    legend(ax, ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return picture


def show_learning_rates(own: Any = None, rates: Sequence[float] = (0.002, 0.01, 0.05, 0.2)) -> Picture:
    """Show the accuracy without and with batch normalization at several learning rates.

    Args:
        own: the student's ``BatchNorm2d``, which then takes the place of torch's.
        rates: the learning rates.
    """
    from ncl_course.experiments.by_torch.normalization_trials import Norm, Trial, run

    def shares(norm: Norm) -> list[float]:
        return [run(Trial(norm, lr=lr), own=given(batch=own)).tested for lr in rates]

    return bars("rates", [say(lr) for lr in rates], compared(shares))


def show_starts(own: Any = None, gains: Sequence[float] = (0.1, 1, 3, 10)) -> Picture:
    """Show the accuracy without and with batch normalization for weights that start too small or too large.

    Args:
        own: the student's ``BatchNorm2d``, which then takes the place of torch's.
        gains: the factors of the first weights.
    """
    from ncl_course.experiments.by_torch.normalization_trials import Norm, Trial, run

    def shares(norm: Norm) -> list[float]:
        return [run(Trial(norm, lr=0.02, gain=gain), own=given(batch=own)).tested for gain in gains]

    return bars("starts", [f"×{say(gain)}" for gain in gains], compared(shares))


def show_dropout_need(own: Any = None) -> Picture:
    """Show accuracy on learned and new digits, without and with batch normalization and dropout.

    Args:
        own: the student's ``BatchNorm2d``, which then takes the place of torch's.
    """
    from ncl_course.experiments.by_torch.normalization_trials import Norm, Trial, run

    pairs: tuple[tuple[Norm, float], ...] = (("none", 1.0), ("none", 0.5), ("batch", 1.0), ("batch", 0.5))
    trials = [Trial(norm, depth=4, lr=0.02, keep=keep, samples=200, steps=300) for norm, keep in pairs]
    courses = [run(trial, own=given(batch=own)) for trial in reversed(trials)][::-1]  # the student's layer first
    ticks = [text(f"normalization.trials.dropout_{norm}_{'all' if keep == 1 else 'half'}") for norm, keep in pairs]
    seen, new = [course.trained for course in courses], [course.tested for course in courses]
    names = text("normalization.trials.seen"), text("normalization.trials.new")
    return bars("dropout", ticks, ((names[0], GREEN, seen), (names[1], PINK, new)))


def compared(shares: Callable[[Net], Sequence[float]]) -> Groups:
    """Return both series of a comparison.

    The normalized net trains first: an error in the student's layer is then shown without delay.
    """
    with_norm = shares("batch")
    return named(shares("none"), with_norm)


def named(without: Sequence[float], with_norm: Sequence[float]) -> Groups:
    """Return both series of a comparison with their names and colours."""
    names = text("normalization.trials.none"), text("normalization.trials.batch")
    return (names[0], WITHOUT, without), (names[1], WITH, with_norm)


# ---- drifting distributions --------------------------------------------------------------------------------------


def draw_drift(seen: Sequence[NDArray[Any]], ax: Axes, *, key: bool = False) -> None:
    """Draw the distribution of one unit's inputs at several moments of the training, each as high as its own peak."""
    low, high = np.percentile(np.concatenate(seen), [0.5, 99.5])
    edges = np.linspace(low, high, 40)
    for number, (values, moment) in enumerate(zip(seen, MOMENTS, strict=True)):
        density, _ = np.histogram(values, edges, density=True)
        middles = (edges[1:] + edges[:-1]) / 2
        line = ("-", "--", "-.", ":")[number]
        ax.plot(middles, density / density.max(), line, color=OKABE_ITO[number], linewidth=2, label=str(moment))
    ax.set_yticks([])
    plain(ax)
    if key:
        beside = legend(ax, title=text("normalization.trials.step"), loc="upper left", bbox_to_anchor=(1.0, 1.05))
        beside.get_title().set(color=INK, fontsize=SMALL)


@cache
def drifting(norm: Net) -> dict[int, list[NDArray[Any]]]:
    """Return each ReLU's inputs for the first map at every frame of a training, which takes about a second, once."""
    from ncl_course.experiments.by_torch.normalization_trials import Trial, run

    return run(Trial(norm, lr=0.02, steps=MOMENTS[-1] + 1), watch=FRAMES).seen


def show_covariate_shift(layers: Sequence[int] = (0, 2, 5)) -> Picture:
    """Show how the inputs of a ReLU drift in a plain net and in a normalized one, for some layers."""
    picture = Picture(8.2, 4.8, text("normalization.trials.shift_alt"))
    seen = {norm: [[drifting(norm)[moment][layer] for moment in MOMENTS] for layer in layers] for norm in NETS}
    across = max(
        np.abs(np.percentile(np.concatenate(drawn), [0.5, 99.5])).max() for row in seen.values() for drawn in row
    )
    for row, norm in enumerate(NETS):
        for column, layer in enumerate(layers):
            ax = picture.place(0.6 + 2.25 * column, 2.85 - 2.2 * row, 2.0, 1.5)
            draw_drift(seen[norm][column], ax, key=row == 0 and column == len(layers) - 1)
            ax.set_xlim(-across, across)
            if row == 0:
                title(ax, text("normalization.trials.layer", number=layer + 1))
            if column == 0:
                ax.set_ylabel(text(f"normalization.trials.{norm}_short"), color=INK, fontsize=SMALL)
    picture.text(
        0.5, 0.02, text("normalization.trials.shift_note"), color=INK, fontsize=SMALL, ha="center", va="bottom"
    )
    return picture
