"""Dropout's gap as bars: a large network's results on images that it learned from and on new images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from numpy.typing import NDArray

from ncl_course.experiments.own_overfitting import PARTS, Judged, Overfitting
from ncl_course.language import text
from ncl_course.viz.axes import legend, plain, title
from ncl_course.viz.palette import INK, SMALL, WITH, WITHOUT
from ncl_course.viz.picture import Picture
from ncl_course.viz.spoken import numeral

Array = NDArray[Any]

COLOURS = (WITHOUT, WITH)
"""The colours without dropout and with it."""

WIDTH = 0.36


def show_dropout_gap(seen: Overfitting) -> Picture:
    """Show the loss and the share of wrong answers on all three parts, without dropout and with it.

    Args:
        seen: the result of ``run_overfitting``.
    """
    picture = Picture(9.0, 3.75, f"{text('training.claims.gap_alt')} {gaps(seen, 'gap_in_words')}")
    names = [text(f"training.claims.{part}", samples=seen.samples) for part in PARTS]
    for column, what in enumerate(("loss", "wrong")):
        ax = picture.place(0.55 + 4.5 * column, 1.05, 3.85, 2.25)
        groups = [measured(nets, what) for nets in (seen.without, seen.with_dropout)]
        draw_parts(groups, names, ax)
        title(ax, text(f"training.claims.gap_{what}"))
        ax.yaxis.set_major_formatter(lambda value, _: numeral(f"{value:g}"))
    handles = [container[0] for container in picture.axes[0].containers if isinstance(container, BarContainer)]
    labels = [
        text("training.claims.without"),
        text("training.claims.with_dropout", keep_prob=numeral(f"{seen.keep_prob:g}")),
    ]
    legend(picture, handles, labels, loc="lower center", ncols=2)
    picture.text(0.5, 0.135, gaps(seen), ha="center", va="center", color=INK, fontsize=SMALL)
    return picture


def measured(nets: Sequence[Judged], what: str) -> Array:
    """Return the loss, or the percentage of wrong answers, of each seed on each part: (seeds, parts)."""
    if what == "loss":
        return np.array([[net.loss[part] for part in PARTS] for net in nets])
    return np.array([[100 * (1 - net.right[part]) for part in PARTS] for net in nets])


def gaps(seen: Overfitting, said: str = "gap") -> str:
    """Say the gap between the loss on the test part and on the learned images, averaged over seeds, both ways.

    Args:
        seen: the result of ``run_overfitting``.
        said: the key of the message, which is a line of the picture or a sentence of its description.
    """
    means = (float(np.mean([net.gap for net in nets])) for nets in (seen.without, seen.with_dropout))
    without, with_dropout = (numeral(f"{mean:.2f}") for mean in means)
    return text(f"training.claims.{said}", without=without, with_dropout=with_dropout)


def draw_parts(groups: Sequence[Array], names: Sequence[str], ax: Axes) -> list[BarContainer]:
    """Draw for each group (seeds, parts) the means as bars, and each seed as a dot."""
    bars = []
    for number, values in enumerate(groups):
        places = np.arange(len(names)) + (number - (len(groups) - 1) / 2) * WIDTH * 1.08
        bars.append(ax.bar(places, values.mean(axis=0), WIDTH, color=COLOURS[number]))
        for seed, row in enumerate(values):
            across = places + (seed - (len(values) - 1) / 2) * 0.09
            ax.plot(across, row, "o", color=INK, markersize=3.5, markeredgecolor="white", markeredgewidth=0.5)
    ax.set_xticks(np.arange(len(names)), names)
    plain(ax)
    return bars
