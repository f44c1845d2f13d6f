"""The tanh explorer: three numbers squeeze, stretch and shift a sigmoid until it matches tanh."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from ncl_course.language import text
from ncl_course.viz.activations.curves import SLOPE, VALUE, X, beside_derivative, curve, draw_cross
from ncl_course.viz.axes import legend, wipe
from ncl_course.viz.explorer import Explorer, float_slider, side_by_side
from ncl_course.viz.palette import INK
from ncl_course.viz.picture import Picture
from ncl_course.viz.spoken import addend, factor, say

Array = NDArray[Any]

TANH = (2.0, 2.0, -1.0)
"""The squeeze, the stretch and the shift that turn a sigmoid into a tanh."""


def tanh_explorer() -> TanhExplorer:
    """Squeeze, stretch and shift a sigmoid, and see how close its values and slopes are to those of tanh."""
    return TanhExplorer()


class TanhExplorer(Explorer):
    """The squeeze k, the stretch a and the shift b of a·σ(kx) + b."""

    def __init__(self) -> None:
        self.squeeze = float_slider(text("activations.tanh_explorer.squeeze"), 1.0, 0.5, 4.0, 0.25)
        self.stretch = float_slider(text("activations.tanh_explorer.stretch"), 1.0, 0.5, 3.0, 0.25)
        self.shift = float_slider(text("activations.tanh_explorer.shift"), 0.0, -2.0, 1.0, 0.25)
        controls = (self.squeeze, self.stretch, self.shift)
        self.target = curve("Tanh")
        super().__init__(self._make_picture(), controls, side_by_side(controls[:2], controls[2:]))

    def _make_picture(self) -> Picture:
        picture, self.left, self.right = beside_derivative()
        self.left.set(ylim=(-2.2, 4.2), yticks=(-2, -1, 0, 1, 2, 4))
        self.right.set_ylim(-0.1, 3.2)
        self.right.set_yticks((0, 0.25, 1, 2, 3), labels=("0", "1/4", "1", "2", "3"))
        draw_key(picture)
        return picture

    def draw(self) -> str:
        """Draw the curve and its slopes for the sliders' values, both over those of tanh."""
        k, a, b = numbers = tuple(round(one.value, 2) + 0.0 for one in self.controls)
        sigmoid, slope = curve("Sigmoid", x=k * X)
        value = a * sigmoid + b
        for ax in (self.left, self.right):
            wipe(ax)
        draw_over(value, self.target[0], VALUE, self.left)
        draw_over(a * k * slope, self.target[1], SLOPE, self.right)
        distance = draw_distance(value, self.target[0], self.left)
        key = "exact" if numbers == TANH else "said"
        words = {"formula": formula(k, a, b), "distance": say(distance), "slope": say(a * k / 4)}
        return text(f"activations.tanh_explorer.{key}", k=say(k), a=say(a), **words)


def draw_key(picture: Picture) -> None:
    """Write above the picture which line is which."""
    yours = Line2D([], [], color=VALUE, linewidth=2.4, label="a·σ(kx) + b")
    target = Line2D([], [], label="tanh x", **pale())
    where: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (0.04, 1.02), "ncols": 2, "columnspacing": 1.5}
    legend(picture, handles=[yours, target], **where)


def pale() -> dict[str, Any]:
    """Return the style of the target, which is wide enough to be visible on both sides of a curve that covers it."""
    return {"color": INK, "linewidth": 5.0, "linestyle": (0, (1.6, 0.8)), "alpha": 0.65}


def draw_over(y: Array, target: Array, colour: str, ax: Axes) -> tuple[Line2D, Line2D]:
    """Draw a curve over the pale target, with a dot at x = 0.

    Returns:
        The curve and the target.
    """
    draw_cross(ax)
    (below,) = ax.plot(X, target, **pale())
    (line,) = ax.plot(X, y, color=colour, linewidth=2.4)
    ax.plot([0], [y[len(X) // 2]], "o", color=colour, markersize=7, markeredgecolor="white")
    return line, below


def draw_distance(y: Array, target: Array, ax: Axes) -> float:
    """Draw a dotted line from curve to target where their distance is largest, and return its length."""
    apart = np.abs(y - target)
    at = int(apart.argmax())
    ax.plot([X[at], X[at]], [y[at], target[at]], color=INK, linewidth=2, linestyle=":", clip_on=False)
    return float(apart[at])


def formula(k: float, a: float, b: float) -> str:
    """Return the curve's formula in the usual notation.

    Example:
        >>> formula(2, 2, -1), formula(1, 0.5, 0)
        ('2σ(2x) − 1', '0.5σ(x)')
    """
    return f"{factor(a)}σ({factor(k)}x){addend(b)}"
