"""Axes that are readable on light and dark pages: thin grey spines, names, legends; and a quick way to empty them."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import XAxis, YAxis
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, NullLocator

from ncl_course.viz.palette import INK, NORMAL, SMALL
from ncl_course.viz.spoken import power_of_ten

Ticks = Literal["major", "minor", "both"]


def wipe(ax: Axes) -> None:
    """Remove everything that was drawn; this is much quicker than ``ax.clear()``, which makes the ticks again."""
    for artist in [*ax.patches, *ax.collections, *ax.texts, *ax.lines, *ax.images]:
        artist.remove()


def title(ax: Axes, words: str) -> Text:
    """Write the name of a panel above it."""
    return ax.set_title(words, color=INK, fontsize=NORMAL, y=1.0, pad=8)


def plain(ax: Axes, size: float = SMALL, ticks: Ticks = "major") -> None:
    """Leave two thin grey spines, and ticks whose numbers have this font size."""
    ax.tick_params(colors=INK, which=ticks, labelsize=size)
    for side, spine in ax.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(INK)


def framed(ax: Axes, words: str, ticks: Ticks = "major") -> None:
    """Leave two thin spines with small numbers, and write a name above the middle."""
    plain(ax, SMALL - 1, ticks)
    ax.set_title(words, color=INK, fontsize=NORMAL, pad=6)


def headed(ax: Axes, words: str) -> None:
    """Leave two thin spines with small numbers, and write a small name above the left end."""
    plain(ax, SMALL - 1)
    ax.set_title(words, color=INK, fontsize=SMALL, loc="left", pad=4)


def legend(owner: Axes | Figure, *args: Any, **style: Any) -> Legend:
    """Draw a legend with a transparent background."""
    return owner.legend(*args, **{"frameon": False, "labelcolor": INK, "fontsize": SMALL, **style})


def in_decades(axis: XAxis | YAxis) -> None:
    """Put ticks only at powers of ten, as plain text: mathtext and minor ticks cost more than the rest of the axis."""
    axis.axes.set(**{f"{axis.axis_name}scale": "log"})
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: power_of_ten(round(np.log10(value)))))
