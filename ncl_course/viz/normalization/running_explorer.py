"""The running mean follows the batches' means: α determines how closely and how soon."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from ncl_course.data import all_digits
from ncl_course.language import text
from ncl_course.viz.axes import plain, wipe
from ncl_course.viz.explorer import Explorer, side_by_side, slider, stops
from ncl_course.viz.normalization.batchnorm import BLUE, ORANGE
from ncl_course.viz.normalization.normalized import running_means
from ncl_course.viz.palette import INK, SMALL
from ncl_course.viz.picture import Picture
from ncl_course.viz.spoken import numeral, percentage, say

Array = NDArray[Any]

ALPHAS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 1.0)
"""The stops of the slider for α, closer together near 1."""

STEPS = 100


def running_explorer() -> RunningExplorer:
    """Watch the running mean of a hundred batches of digits for different α."""
    return RunningExplorer()


class RunningExplorer(Explorer):
    """The smoothing parameter α, and the number of steps."""

    def __init__(self) -> None:
        picture = Picture(8.2, 3.0, "")
        self.ax = picture.place(0.65, 0.55, 7.3, 2.3)
        plain(self.ax)
        self.ax.set_xlabel(text("normalization.batchnorm.step"), color=INK, fontsize=SMALL)
        self.means = means()
        self.alpha = stops("α", [(numeral(f"{alpha:g}"), alpha) for alpha in ALPHAS], 0.9)
        self.steps = slider(text("normalization.batchnorm.step"), STEPS, 1, STEPS)
        super().__init__(picture, (self.alpha, self.steps), side_by_side((self.alpha, self.steps)))

    def draw(self) -> str:
        """Draw the means and the running mean so far, and say its value and the remaining weight of its start."""
        alpha, steps = self.alpha.value, self.steps.value
        wipe(self.ax)
        values = draw_running(self.means[:steps], alpha, mean_of_all(), self.ax)[1].get_ydata()
        late = np.asarray(values, float)[-20:]
        return text(
            "normalization.running.sentence",
            alpha=numeral(f"{alpha:g}"),
            steps=steps,
            batch=say(self.means[steps - 1]),
            value=say(late[-1]),
            all=say(mean_of_all()),
            left=percent(alpha**steps),
            low=say(late.min()),
            high=say(late.max()),
            late=len(late),
        )


@cache
def means() -> Array:
    """Return the means of random batches of two digits; pixels go from 0 to 16."""
    images = pixels()
    chosen = np.random.default_rng(3).integers(0, len(images), (STEPS, 2))
    return np.asarray(images[chosen].mean((1, 2)))


@cache
def mean_of_all() -> float:
    """Return the mean of all digits, which the running mean estimates."""
    return float(pixels().mean())


def pixels() -> Array:
    """Return the pixels of all digits, (1797, 64) float64 from 0 to 16."""
    images, _ = all_digits()
    return 16 * images.reshape(len(images), -1).astype(np.float64)


def draw_running(batches: Array, alpha: float, whole: float, ax: Axes) -> tuple[Line2D, Line2D]:
    """Draw the batches' means as dots, the running mean from its start at 0, and the mean of all digits.

    Returns:
        The dots and the running mean.
    """
    steps = np.arange(1, len(batches) + 1)
    ax.axhline(whole, color=INK, linestyle=":", linewidth=1.4)
    (dots,) = ax.plot(steps, batches, "o", color=ORANGE, markersize=3.5)
    (line,) = ax.plot(np.r_[0, steps], np.r_[0, running_means(batches, alpha)], color=BLUE, linewidth=2.4)
    ax.text(STEPS, 0.5, text("normalization.running.key"), color=INK, fontsize=SMALL, ha="right", va="center")
    ax.set(xlim=(-1, STEPS + 1), ylim=(0, 7))
    return dots, line


def percent(share: float) -> str:
    """Return a share in per cent with two digits, or say that it is below a thousandth of a per cent."""
    if 0 < share < 1e-5:
        return percentage("< 0.001")
    return percentage(f"{100 * share:.2g}".replace("1e+02", "100"))
