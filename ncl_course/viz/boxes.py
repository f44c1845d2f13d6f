"""Boxes with words in them and arrows between them: layers, and the way of numbers through them."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from ncl_course.viz.palette import INK, SMALL, TEXT, tint

Point = tuple[float, float]


def draw_box(
    ax: Axes, centre: Point, words: str, colour: str, width: float = 1.0, height: float = 0.5, *, empty: bool = False
) -> FancyBboxPatch:
    """Draw a box with words in it; an ``empty`` one is dashed and has no filling."""
    x, y = centre
    shape = "round,pad=0,rounding_size=0.08"
    box = FancyBboxPatch((x - width / 2, y - height / 2), width, height, boxstyle=shape)
    if empty:
        box.set(facecolor="none", edgecolor=colour, linewidth=1.2, linestyle=(0, (4, 3)))
    else:
        box.set(facecolor=tint(colour), edgecolor=colour, linewidth=1.4)
    ax.add_patch(box)
    ax.text(x, y, words, color=colour if empty else TEXT, fontsize=SMALL, ha="center", va="center_baseline")
    return box


def draw_flow(ax: Axes, start: Point, end: Point, bend: float = 0.0, colour: str = INK) -> FancyArrowPatch:
    """Draw an arrow, straight or bent."""
    style = f"arc3,rad={bend}"
    arrow = FancyArrowPatch(
        start, end, arrowstyle="-|>", mutation_scale=13, color=colour, linewidth=1.6, connectionstyle=style
    )
    ax.add_patch(arrow)
    return arrow
