"""The softmax explorer: sliders for logits, and their probabilities at any temperature."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets
import numpy as np
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from numpy.typing import ArrayLike, NDArray

from ncl_course.language import text
from ncl_course.viz.axes import plain, wipe
from ncl_course.viz.explorer import Explorer, float_slider
from ncl_course.viz.linear.drawings import probabilities
from ncl_course.viz.palette import INK, NORMAL, SMALL, window_colour
from ncl_course.viz.picture import Picture
from ncl_course.viz.slider import FloatSlider
from ncl_course.viz.spoken import numeral, say, short

LARGEST = 5.0
"""A logit goes from minus this to this."""


def softmax_explorer(logits: Sequence[float] = (2.0, 1.0, 0.0, -1.0)) -> SoftmaxExplorer:
    """Drag the logits of a few classes and the temperature, and see the probabilities."""
    return SoftmaxExplorer(logits)


class SoftmaxExplorer(Explorer):
    """An upright slider for each logit, and one for the temperature."""

    def __init__(self, logits: Sequence[float]) -> None:
        self.temperature = float_slider(text("linear.softmax_explorer.temperature"), 1.0, 0.25, 5.0, 0.25)
        picture = Picture(8.6, 2.35, "")
        self.left, self.right = picture.place(0.5, 0.35, 3.7, 1.6), picture.place(4.8, 0.35, 3.7, 1.6)
        for ax, least, ticks in ((self.left, -LARGEST, (-5, 0, 5)), (self.right, 0.0, (0, 0.5, 1))):
            ax.set(xlim=(0.4, len(logits) + 0.6), ylim=(1.35 * least, 1.35 * ticks[-1]), yticks=ticks)
            ax.set_xticks(range(1, len(logits) + 1))
            plain(ax)
        self.left.set_title(text("linear.softmax_explorer.logits"), color=INK, fontsize=NORMAL)
        start, end = (float(self.left.transData.transform((n, 0))[0]) for n in (0.5, 1.5))  # of the first bar's room
        self.logits = [upright(n, value, end - start) for n, value in enumerate(logits, 1)]
        over_bars = widgets.Layout(padding=f"0 0 0 {start:.0f}px", width=f"{self.right.bbox.x0:.0f}px")
        row = [widgets.HBox(self.logits, layout=over_bars), self.temperature]
        above = widgets.HBox(row, layout=widgets.Layout(flex_flow="row wrap"))
        super().__init__(picture, (*self.logits, self.temperature), above)

    def draw(self) -> str:
        """Draw both rows of bars."""
        logits, temperature = np.array([one.value for one in self.logits]), self.temperature.value
        p = probabilities(logits, temperature)
        for ax in (self.left, self.right):
            wipe(ax)
        self.left.axhline(0, color=INK, linewidth=0.8)
        draw_bars(logits, [say(value) for value in logits], self.left)
        draw_bars(p, [numeral(f"{value:.3f}") for value in p], self.right)
        words = text("linear.softmax_explorer.probabilities", temperature=say(temperature))
        self.right.set_title(words, color=INK, fontsize=NORMAL)
        return softmax_in_words(logits, p, temperature)


def upright(n: int, value: float, apart: float) -> FloatSlider:
    """Return an upright slider for logit n, over the bar of its logit.

    Args:
        apart: the distance between the middles of two bars, in pixels of the page.
    """
    words = text("linear.softmax_explorer.logit", number=n)
    look: dict[str, Any] = {
        "orientation": "vertical",
        "readout": False,
        "layout": widgets.Layout(height="11em", width=f"{apart:.0f}px", margin="2px 0"),
    }
    return FloatSlider(value=value, min=-LARGEST, max=LARGEST, step=0.5, description=words, **look)


def draw_bars(values: ArrayLike, words: Sequence[str], ax: Axes) -> BarContainer:
    """Draw a bar for each class in its colour, at 1, 2, …, with words beyond its end."""
    heights = np.asarray(values, dtype=np.float64)
    places = np.arange(1, len(heights) + 1)
    bars = ax.bar(places, heights, color=[window_colour(n) for n in range(len(heights))])
    for place, height, word in zip(places, heights, words, strict=True):
        offset, side = (2, "bottom") if height >= 0 else (-2, "top")
        at: dict[str, Any] = {"xytext": (0, offset), "textcoords": "offset points", "ha": "center", "va": side}
        ax.annotate(word, (place, height), color=INK, fontsize=SMALL, **at)
    return bars


def softmax_in_words(logits: NDArray[np.float64], p: NDArray[np.float64], temperature: float) -> str:
    """Say the probabilities, and how the two largest compare: only the difference of their logits matters."""
    first, second = np.argsort(-logits, kind="stable")[:2]
    difference = float(logits[first] - logits[second])
    values = {
        "values": "; ".join(say(round(float(value), 3)) for value in p),
        "first": first + 1,
        "second": second + 1,
        "times": short(float(p[first] / p[second])),
        "difference": say(difference),
        "temperature": say(temperature),
    }
    return text(f"linear.softmax_explorer.{'said' if difference else 'tied'}", **values)
