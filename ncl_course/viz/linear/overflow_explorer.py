"""The overflow explorer: the same number is added to all logits, until a float cannot hold their exponentials."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from numpy.typing import NDArray

from ncl_course.language import text
from ncl_course.viz.axes import plain, wipe
from ncl_course.viz.explorer import Explorer, choice, side_by_side, slider
from ncl_course.viz.palette import INK, NORMAL, OKABE_ITO, TEXT, window_colour
from ncl_course.viz.picture import Picture
from ncl_course.viz.spoken import listed, numeral, short

Array = NDArray[np.float64]
FLOATS = {"float64": (-323.3, 308.25), "float32": (-44.9, 38.53)}
"""The powers of ten of each type's smallest positive number and of its largest number."""

REACH = 460.0
"""The scale goes from 10 to the power of minus this to 10 to the power of this: a little beyond exp(±1000)."""

TELLING = 0.002
"""Quotients with a larger error than this are called wrong."""


def overflow_explorer(logits: Sequence[float] = (1.0, 0.0, -1.0)) -> OverflowExplorer:
    """Add a number to all logits, and see softmax with and without subtracting the maximum first."""
    return OverflowExplorer(logits)


class OverflowExplorer(Explorer):
    """The added number, and the type of the floats."""

    def __init__(self, logits: Sequence[float]) -> None:
        self.logits = np.array(logits, dtype=np.float64)
        self.shift = slider(text("linear.overflow_explorer.shift"), 0, -1000, 1000)
        self.precision = choice(text("linear.overflow_explorer.precision"), [(name, name) for name in FLOATS])
        picture = Picture(9.0, 2.3, "")
        self.line, self.table = picture.place(1.5, 0.35, 4.6, 1.35), picture.place(6.3, 0.35, 2.6, 1.35)
        for ax, key in ((self.line, "line"), (self.table, "quotients")):
            ax.set_title(text(f"linear.overflow_explorer.{key}"), color=INK, fontsize=NORMAL)
        self.line.set(xlim=(-REACH, REACH), ylim=(-0.6, 1.6), xticks=(-400, -300, -200, -100, 0, 100, 200, 300, 400))
        self.line.set_yticks([1, 0], [text("linear.overflow_explorer.naive"), text("linear.overflow_explorer.trick")])
        plain(self.line)
        self.table.set(xlim=(-0.5, len(logits) - 0.5), ylim=(-0.6, 1.6))
        self.table.set_axis_off()
        super().__init__(picture, (self.shift, self.precision), side_by_side((self.shift,), (self.precision,)))

    def draw(self) -> str:
        """Draw the exponentials of both ways on the scale of all floats, and the resulting quotients."""
        from ncl_course.oracles.linear.softmax_written import written_softmax

        moved, precision = self.logits + self.shift.value, self.precision.value
        naive, trick = (written_softmax(moved, precision, shifted=shifted) for shifted in (False, True))
        for ax in (self.line, self.table):
            wipe(ax)
        draw_limits(precision, self.line)
        for row, steps in ((1, naive), (0, trick)):
            draw_powers(steps.exponents / np.log(10), row, precision, self.line)
            draw_quotients(steps.quotients, row, self.table)
        return overflow_in_words(self.shift.value, naive.exponentials, naive.quotients, trick.quotients)


def draw_limits(precision: str, ax: Axes) -> list[Artist]:
    """Shade the range beyond the smallest and the largest number of that type, lightly, because it contains words."""
    low, high = FLOATS[precision]
    beyond = ((-REACH, low), (high, REACH))
    zones = [ax.axvspan(start, end, color=INK, alpha=0.04, linewidth=0) for start, end in beyond]
    words = ((-REACH + low) / 2, "zero"), ((high + REACH) / 2, "infinite")
    at: dict[str, Any] = {"ha": "center", "va": "center", "color": INK, "fontsize": NORMAL}
    return [*zones, *(ax.text(x, 0.5, text(f"linear.overflow_explorer.{key}"), **at) for x, key in words)]


def draw_powers(powers: Array, row: int, precision: str, ax: Axes) -> list[Artist]:
    """Draw each exponential at its power of ten, each a little lower than the last; a cross marks an overflow."""
    low, high = FLOATS[precision]
    drawn: list[Artist] = []
    for n, power in enumerate(powers):
        mark = "o" if low <= power <= high else "X"
        y = row + 0.25 * ((len(powers) - 1) / 2 - n)
        drawn += ax.plot([power], [y], mark, color=window_colour(n), markersize=8, markeredgecolor=INK)
    return drawn


def draw_quotients(quotients: Array, row: int, ax: Axes) -> list[Artist]:
    """Write the quotients side by side in the colours of their classes, on a tint that suits any page."""
    said: list[Artist] = []
    for n, value in enumerate(quotients):
        box = {"facecolor": "white", "edgecolor": OKABE_ITO[4] if np.isnan(value) else window_colour(n), "linewidth": 2}
        at: dict[str, Any] = {"ha": "center", "va": "center", "color": TEXT, "fontsize": NORMAL}
        said.append(ax.text(n, row, "NaN" if np.isnan(value) else numeral(f"{value:.3f}"), bbox=box, **at))
    return said


def overflow_in_words(shift: int, exponentials: Array, naive: Array, trick: Array) -> str:
    """Say the results of both ways and, if they differ, the reason."""
    values = {"shift": numeral(str(shift)), "values": listed(trick.round(3))}
    if np.isnan(naive).any():
        key = "over" if np.isinf(exponentials).any() else "under"
        return text(f"linear.overflow_explorer.{key}", **values)
    if np.abs(naive - trick).max() > TELLING:
        return text("linear.overflow_explorer.wrong", naive=listed(naive.round(3)), **values)
    return text("linear.overflow_explorer.right", largest=short(float(exponentials.max())), **values)
