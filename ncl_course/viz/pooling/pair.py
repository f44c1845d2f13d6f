"""Two panels of cells of the same size, with an arrow between them that names the operation."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes

from ncl_course.language import text
from ncl_course.viz.cells import MARGIN, Place
from ncl_course.viz.palette import INK, NORMAL, SMALL
from ncl_course.viz.picture import Picture
from ncl_course.viz.pooling.pooled import PooledMap

EDGE, GAP, TOP, BOTTOM = 0.15, 1.35, 0.42, 0.12
"""Margins in inches: at the sides, between the panels, for the titles, below."""

NARROWEST = 1.7
"""A panel's smallest width in inches, which its title needs."""


@dataclass(frozen=True)
class Pair:
    """A picture with its axes: the input's side, the arrow, the output's side."""

    picture: Picture
    ax_in: Axes
    ax_arrow: Axes
    ax_out: Axes


def make_pair(left: Place, right_cols: int, cell: float, alt: str, note: str = "") -> Pair:
    """Make two empty panels of equal height: ``left`` has rows and columns, ``cell`` is a cell's side in inches."""
    rows, cols = left
    height = (rows + 2 * MARGIN) * cell
    widths = [max(NARROWEST, (n + 2 * MARGIN) * cell) for n in (cols, right_cols)]
    bottom = BOTTOM + (0.3 if note else 0)
    picture = Picture(2 * EDGE + widths[0] + GAP + widths[1], TOP + height + bottom, alt)
    starts = (EDGE, EDGE + widths[0], EDGE + widths[0] + GAP)
    axes = [
        picture.place(start, bottom, wide, height)
        for start, wide in zip(starts, (widths[0], GAP, widths[1]), strict=True)
    ]
    if note:
        picture.text(0.5, 0.06, note, color=INK, fontsize=SMALL, ha="center", va="bottom")
    return Pair(picture, *axes)


def draw_arrow(ax: Axes, pooled: PooledMap, *, back: bool = False) -> None:
    """Draw the arrow, forward or back, with the function and the window above it and the stride below."""
    ax.set_axis_off()
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ends = ((0.92, 0.5), (0.08, 0.5)) if back else ((0.08, 0.5), (0.92, 0.5))
    style = {"arrowstyle": "-|>", "color": INK, "linewidth": 2, "mutation_scale": 20}
    ax.annotate("", xy=ends[1], xytext=ends[0], arrowprops=style)
    above = text(f"pooling.picture.{pooled.mode}", kernel_size=pooled.kernel_size)
    ax.annotate(above, (0.5, 0.5), (0, 9), textcoords="offset points", ha="center", color=INK, fontsize=NORMAL)
    below = text("pooling.picture.stride", stride=pooled.stride)
    ax.annotate(
        below,
        (0.5, 0.5),
        (0, -9),
        textcoords="offset points",
        ha="center",
        va="top",
        color=INK,
        fontsize=NORMAL,
    )
