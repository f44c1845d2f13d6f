"""The activation explorer: a curve with its derivative, a slider for alpha, and a real feature map behind it."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from ncl_course.data.photo import sample_photo
from ncl_course.language import text
from ncl_course.viz.activations.curves import PIECES, SLOPE, VALUE, X, alpha_slope, broken, crossed, curve
from ncl_course.viz.axes import legend, wipe
from ncl_course.viz.explorer import Explorer, float_slider, side_by_side, stops
from ncl_course.viz.palette import INK, NORMAL, OKABE_ITO
from ncl_course.viz.photo import edge_map, pool_photo
from ncl_course.viz.picture import Picture
from ncl_course.viz.spoken import say

Array = NDArray[Any]
CURVES = ("Sigmoid", "Tanh", "ReLU", "LeakyReLU", "PReLU", "ELU", "Maxout")
ALPHAS = {"LeakyReLU": 0.1, "PReLU": 0.25, "ELU": 1.0}
"""The initial alpha of each activation that has one."""

FLAT = 0.05
"""A slope below this lets almost no gradient through."""

REACH = 3.0
"""The feature map's colours range from minus this to this."""


def activation_explorer(name: str = "LeakyReLU") -> ActivationExplorer:
    """Choose an activation, slide along its curve, change its alpha, and see its effect on a feature map."""
    return ActivationExplorer(name)


class ActivationExplorer(Explorer):
    """The activation, its alpha if it has one, and the place x."""

    def __init__(self, name: str) -> None:
        answer = edge_map(pool_photo(sample_photo(), 3, "average"))
        self.map = answer / answer.std()
        self.name = stops(text("activations.activation_explorer.name"), [(one, one) for one in CURVES], name)
        self.alpha = float_slider("alpha", ALPHAS.get(name, 0.0), 0.0, 2.0, 0.05)
        self.x = float_slider("x", -2.0, -4.0, 4.0, 0.25)
        picture = self._make_picture()
        self._drawn = name
        super().__init__(picture, (self.name, self.alpha, self.x), side_by_side((self.name, self.alpha), (self.x,)))

    def _make_picture(self) -> Picture:
        picture = Picture(9.0, 2.75, "")
        self.ax = picture.place(0.4, 0.35, 3.2, 1.8)
        self.before, self.after = (picture.place(left, 0.35, 2.55, 1.7) for left in (3.8, 6.4))
        styles: tuple[tuple[str, str, Any], ...] = (("value", VALUE, "-"), ("slope", SLOPE, "--"))
        lines = [Line2D([], [], color=colour, linestyle=style, linewidth=2) for _, colour, style in styles]
        words = [text(f"activations.picture.{key}") for key, _, _ in styles]
        legend(picture, lines, words, loc="upper left", bbox_to_anchor=(0.03, 1.02), ncols=2)
        draw_map(self.map, self.before, text("activations.activation_explorer.before"))
        return picture

    def _numbers(self) -> tuple[float, ...]:
        """Return alpha if the activation has one; a newly chosen activation starts with its default."""
        name = self.name.value
        if name != self._drawn:
            self._drawn, self.alpha.value = name, ALPHAS.get(name, self.alpha.value)
        self.alpha.disabled = name not in ALPHAS
        return (self.alpha.value,) if name in ALPHAS else ()

    def draw(self) -> str:
        """Draw the curve with the place x on it, and the feature map after the activation."""
        name, numbers, x = self.name.value, self._numbers(), self.x.value
        for ax in (self.ax, self.after):
            wipe(ax)
        draw_curve(name, numbers, x, self.ax)
        value, slope = curve(name, *numbers, x=self.map)
        draw_map(value, self.after, text("activations.activation_explorer.after", name=name))
        return curve_in_words(name, numbers, x, slope)


def draw_curve(name: str, numbers: tuple[float, ...], x: float, ax: Axes) -> list[Line2D]:
    """Draw an activation, its derivative dashed, its other parts dotted, and both at the place x."""
    value, slope = curve(name, *numbers)
    for a, b in PIECES if name == "Maxout" else ():
        ax.plot(X, a * X + b, color=INK, linewidth=1, linestyle=":")
    ax.axvline(x, color=OKABE_ITO[2], linewidth=1.5)
    lines = ax.plot(X, value, color=VALUE, linewidth=2.4)
    lines += ax.plot(*broken(X, slope), color=SLOPE, linewidth=2, linestyle="--")
    here = curve(name, *numbers, x=np.array([x]))
    for y, colour in zip(here, (VALUE, SLOPE), strict=True):
        lines += ax.plot([x], y, "o", color=colour, markersize=8, markeredgecolor="white", clip_on=False)
    crossed(ax, name if not numbers else f"{name}, alpha = {say(numbers[0])}", (-2.6, 3.2))
    return lines


def draw_map(values: Array, ax: Axes, words: str) -> AxesImage:
    """Draw a feature map with one colour for each sign."""
    ax.set_axis_off()
    ax.set_title(words, color=INK, fontsize=NORMAL, pad=6)
    return ax.imshow(values, cmap="PuOr", vmin=-REACH, vmax=REACH, aspect="auto", interpolation="nearest")


def curve_in_words(name: str, numbers: tuple[float, ...], x: float, slopes: Array) -> str:
    """Say the value and the slope at x, a PReLU's derivative by alpha, and how much of the map is flat."""
    value, slope = (float(here[0]) for here in curve(name, *numbers, x=np.array([x])))
    said = text("activations.activation_explorer.here", name=name, x=say(x), value=say(value), slope=say(slope))
    if name == "PReLU":
        answer = float(alpha_slope(numbers[0], np.array([x]))[0])
        said += " " + text("activations.activation_explorer.learned", answer=say(answer))
    share = 100 * float((np.abs(slopes) < FLAT).mean())
    key = "steep" if share < 0.5 else "flat"
    return said + " " + text(f"activations.activation_explorer.{key}", share=f"{share:.0f}", flat=say(FLAT))
