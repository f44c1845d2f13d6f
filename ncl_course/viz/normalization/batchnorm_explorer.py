"""Batch normalization of four numbers: the input's place hardly matters, γ and β determine the output's."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from ncl_course.language import text
from ncl_course.viz.axes import plain, wipe
from ncl_course.viz.explorer import Explorer, float_slider, side_by_side, stops
from ncl_course.viz.normalization.normalized import BETA, EPS, GAMMA, PENCIL, Normalized, normalized
from ncl_course.viz.palette import INK, NORMAL, OKABE_ITO, SMALL, window_colour
from ncl_course.viz.picture import Picture
from ncl_course.viz.spoken import numeral, say

Array = NDArray[Any]

EPSILONS = (1e-5, 0.1, 1.0, EPS)
SPREADS = (0.0, 0.25, 0.5, 1.0, 2.0)
ROWS = ("X", "X̂", "Y")
LEFT, RIGHT = -11, 16
"""The range of all numbers that the sliders can produce."""


def batchnorm_explorer() -> BatchnormExplorer:
    """Move the numbers of one map, and choose their scale and shift after normalization."""
    return BatchnormExplorer()


class BatchnormExplorer(Explorer):
    """The mean and the spread of the input; γ, β and ε."""

    def __init__(self) -> None:
        picture = Picture(8.2, 2.75, "")
        self.ax = picture.place(0.45, 0.4, 6.2, 2.25)
        self.ax.set(xlim=(LEFT, RIGHT), ylim=(-0.35, len(ROWS) - 0.65), yticks=[])
        plain(self.ax)
        self.ax.spines["left"].set_visible(False)
        picture.text(
            6.75 / 8.2,
            0.3 / 2.75,
            text("normalization.batchnorm_explorer.key"),
            color=INK,
            fontsize=SMALL,
            va="top",
        )
        self.mean = float_slider(text("normalization.batchnorm_explorer.mean"), float(PENCIL.mean()), -4, 8, 1)
        spreads = [(numeral(f"×{spread:g}"), spread) for spread in SPREADS]
        self.spread = stops(text("normalization.batchnorm_explorer.spread"), spreads, 1.0)
        self.gamma = float_slider(text("normalization.batchnorm_explorer.gamma"), GAMMA, -3, 4, 0.25)
        self.beta = float_slider(text("normalization.batchnorm_explorer.beta"), BETA, -4, 10, 1)
        epsilons = [(numeral(f"{eps:f}".rstrip("0").rstrip(".")), eps) for eps in EPSILONS]
        self.eps = stops("ε", epsilons, EPS)
        columns = ((self.mean, self.spread), (self.gamma, self.beta, self.eps))
        super().__init__(picture, (*columns[0], *columns[1]), side_by_side(*columns))

    def draw(self) -> str:
        """Draw the three rows, and say the place of each and whether anything has changed at all."""
        x = self.mean.value + self.spread.value * (PENCIL - PENCIL.mean())
        gamma, eps = self.gamma.value, self.eps.value
        seen = normalized(x, gamma, self.beta.value, eps)
        wipe(self.ax)
        draw_normalized(seen, self.ax)
        told = {"x": seen.x, "y": seen.y}
        numbers = {f"{row}_{name}": say(value) for row, v in told.items() for name, value in moments(v).items()}
        said = text(
            "normalization.batchnorm_explorer.sentence", root=say(seen.root), width=say(seen.x_hat.std()), **numbers
        )
        last = verdict(seen, gamma)
        return f"{said} {text(f'normalization.batchnorm_explorer.{last}')}" if last else said


def moments(values: Array) -> dict[str, float]:
    """Return the mean and the standard deviation, rounded so that a zero is exactly 0."""
    return {"mean": float(values.mean().round(9)) + 0.0, "width": float(values.std().round(9))}


def verdict(seen: Normalized, gamma: float) -> str | None:
    """Return the name of a closing remark, or None if there is nothing to add."""
    if np.allclose(seen.x, seen.y, rtol=0, atol=1e-9):
        return "same"
    if seen.x.std() == 0:
        return "constant"
    return "forgotten" if gamma == 0 else "reversed" if gamma < 0 else None


def draw_normalized(seen: Normalized, ax: Axes) -> list[Any]:
    """Draw the numbers as dots on three lines of one scale, in a colour for each, with lines between its dots.

    Returns:
        The dots of every number, from the line of X down to that of Y.
    """
    heights = np.arange(len(ROWS))[::-1]
    ax.hlines(heights, LEFT, RIGHT, color=INK, linewidth=0.8)
    dots = []
    for number, places in enumerate(np.transpose(seen.rows)):
        dots += ax.plot(places, heights, "o-", color=window_colour(number), linewidth=1.4, markersize=9, alpha=0.85)
    for height, name, values in zip(heights, ROWS, seen.rows, strict=True):
        ax.text(LEFT - 0.4, height, name, color=INK, fontsize=NORMAL, ha="right", va="center")
        told = {name: say(value) for name, value in moments(values).items()}
        words = text("normalization.batchnorm_explorer.row", **told)
        ax.text(RIGHT + 0.4, height, words, color=INK, fontsize=SMALL, ha="left", va="center")
        ax.plot([values.mean()], [height], "|", color=OKABE_ITO[4], markersize=22, markeredgewidth=2)
    return dots
