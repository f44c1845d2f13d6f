"""The mean over more and more dropout masks: it converges to px, or to x if training divides by p."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from ncl_course.language import text
from ncl_course.viz.axes import wipe
from ncl_course.viz.dropout.both_kinds import KINDS, Kind, in_training, layer_of
from ncl_course.viz.dropout.drawings import draw_running_mean, label_axes
from ncl_course.viz.explorer import Explorer, float_slider, side_by_side, stops
from ncl_course.viz.picture import Picture
from ncl_course.viz.spoken import listed, numeral

Array = NDArray[Any]

COUNTS = (1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1000)
"""The stops of the slider for the number of masks."""


def expectation_explorer(x: ArrayLike = (4.0, 2.0, -1.0), seed: int = 3) -> ExpectationExplorer:
    """Average a few neurons ``x`` over the slider's number of masks, with either scaling."""
    return ExpectationExplorer(tuple(np.asarray(x, float).tolist()), seed)


class ExpectationExplorer(Explorer):
    """The number of masks in the average, and the probability of keeping a neuron; both kinds use the same masks."""

    def __init__(self, x: tuple[float, ...], seed: int) -> None:
        self.x, self.seed = x, seed
        picture = Picture(8.8, 3.1, "")
        self.axes = {kind: picture.place(0.5 + 4.3 * column, 0.6, 3.7, 2.1) for column, kind in enumerate(KINDS)}
        for kind, ax in self.axes.items():
            prepare(ax, text(f"dropout.picture.{kind}_mean"))
            ax.set_ylim(*room(x))
        self.count = stops(text("dropout.expectation.count"), [(str(n), n) for n in COUNTS], COUNTS[-1])
        self.keep_prob = float_slider(text("dropout.thinning.keep_prob"), 0.8, 0.1, 1.0, 0.1)
        super().__init__(picture, (self.count, self.keep_prob), side_by_side((self.count, self.keep_prob)))

    def draw(self) -> str:
        """Draw the current means of both kinds, and compare them with the expectations."""
        count, keep_prob = self.count.value, round(self.keep_prob.value, 1)
        said = {}
        for kind, ax in self.axes.items():
            outputs, expected = outputs_of(kind, self.x, keep_prob, self.seed)
            wipe(ax)
            draw_running_mean(ax, outputs[:count], expected)
            said[f"{kind}_mean"] = listed(outputs[:count].mean(0))
            said[f"{kind}_expected"] = listed(expected)
        return text("dropout.expectation.sentence", count=count, keep_prob=numeral(f"{keep_prob:g}"), **said)


def prepare(ax: Axes, name: str) -> None:
    """Prepare axes for the means of up to the largest number of masks; ticks cost most of a frame, so there are few."""
    label_axes(ax, name, text("dropout.picture.draws"))
    ax.set_xscale("log")
    ax.set_xlim(0.9, COUNTS[-1] * 1.15)
    ax.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
    ax.minorticks_off()
    ax.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))


@cache
def outputs_of(kind: Kind, x: tuple[float, ...], keep_prob: float, seed: int) -> tuple[Array, Array]:
    """Return the neurons' training outputs in each draw, (draws, neurons), and their expectation.

    The expectation is p times the output of a neuron that is on, since a neuron that is off contributes 0.
    """
    outputs = layer_of(kind, keep_prob, np.random.default_rng(seed)).forward(np.tile(np.array(x), (COUNTS[-1], 1)))
    return outputs, keep_prob * in_training(kind, np.array(x), np.ones(len(x)), keep_prob)


def room(x: tuple[float, ...]) -> tuple[float, float]:
    """Return the same limits for both kinds and every p, to make levels comparable; a few early means exceed them."""
    return 2 * min(0.0, *x) - 0.5, 2 * max(0.0, *x) + 0.5
