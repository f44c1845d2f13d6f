"""The number of windows that fit along an axis: a ruler of cells, the windows above it, the dropped rest hatched."""

from __future__ import annotations

from dataclasses import dataclass, field

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Rectangle
from matplotlib.text import Text

from ncl_course.language import text
from ncl_course.viz.cells import cell_points
from ncl_course.viz.palette import INK, NORMAL, PALE, PAPER, SMALL, TEXT, tint, window_colour

LANE = 0.72
"""The height of a row of windows, in cells."""

LARGEST = 16.0
"""The largest font of a number, in points."""


@dataclass
class Ruler:
    """The artists: the cells, the windows that fit, the one that does not, the cells that are dropped."""

    cells: list[Rectangle] = field(default_factory=list)
    windows: list[FancyBboxPatch] = field(default_factory=list)
    dropped: list[Rectangle] = field(default_factory=list)
    too_long: FancyBboxPatch | None = None
    title: Text | None = None


@dataclass(frozen=True)
class Axis:
    """An axis of ``size`` cells and the number of windows that fit, computed by the oracle."""

    size: int
    kernel_size: int
    stride: int
    count: int

    @property
    def used(self) -> int:
        """The number of cells up to the end of the last window; the cells after them are dropped."""
        return (self.count - 1) * self.stride + self.kernel_size

    @property
    def length(self) -> int:
        """The number of cells to draw: the axis, and the overhang of the first window that does not fit."""
        overhang = self.count * self.stride + self.kernel_size if self.used < self.size else 0
        return max(self.size, overhang)

    @property
    def lanes(self) -> int:
        """The number of rows that keep overlapping windows apart."""
        return min(-(-self.kernel_size // self.stride), self.count + (self.used < self.size))


def lay(size: int, kernel_size: int, stride: int) -> Axis:
    """Return the axis with the number of windows that fit, computed by the oracle."""
    from ncl_course.oracles.pooling.right import pool_output_size

    return Axis(size, kernel_size, stride, pool_output_size(size, kernel_size, stride))


def draw_output_size(size: int, kernel_size: int, stride: int, ax: Axes) -> Ruler:
    """Draw an axis of ``size`` cells with its windows; a window that overhangs is dashed and not counted."""
    axis, ruler = lay(size, kernel_size, stride), Ruler()
    ax.set_xlim(-0.1, axis.length + 0.1)
    ax.set_ylim(1.6, -axis.lanes * LANE - 0.1)
    ax.set_aspect("equal", anchor="W")
    ax.set_axis_off()
    for cell in range(size):
        _draw_cell(ax, ruler, cell, dropped=cell >= axis.used)
    for n in range(axis.count):
        ruler.windows.append(_draw_window(ax, axis, n))
    if ruler.dropped:
        ruler.too_long = _draw_overhang(ax, axis)
        _say(ax, ((axis.used + size) / 2, 1.35), text("pooling.ruler.dropped"), INK, SMALL)
    words = text("pooling.ruler.title", size=size, kernel_size=kernel_size, stride=stride, count=axis.count)
    ruler.title = ax.set_title(words, color=INK, fontsize=NORMAL, pad=8, loc="left")
    return ruler


def _draw_cell(ax: Axes, ruler: Ruler, cell: int, *, dropped: bool) -> None:
    face = Rectangle((cell, 0), 1, 1, facecolor=PAPER, edgecolor=PALE if dropped else INK, linewidth=0.8)
    ax.add_patch(face)
    ruler.cells.append(face)
    said = _say(ax, (cell + 0.5, 0.5), str(cell), TEXT, min(LARGEST, 0.4 * cell_points(ax)))
    if dropped:
        face.set_hatch("////")
        said.set_bbox({"boxstyle": "round,pad=0.2", "facecolor": PAPER, "edgecolor": "none"})
        ruler.dropped.append(face)


def _draw_window(ax: Axes, axis: Axis, n: int) -> FancyBboxPatch:
    bar = _draw_bar(ax, axis, n)
    bar.set(facecolor=tint(window_colour(n), 0.55), edgecolor=window_colour(n))
    x, y = bar.get_x() + bar.get_width() / 2, bar.get_y() + bar.get_height() / 2
    _say(ax, (x, y), str(n), TEXT, min(LARGEST, 0.36 * cell_points(ax))).set_fontweight("bold")
    return bar


def _draw_overhang(ax: Axes, axis: Axis) -> FancyBboxPatch:
    """Draw the next window, which reaches over the end."""
    bar = _draw_bar(ax, axis, axis.count)
    bar.set(facecolor="none", edgecolor=INK, linestyle=(0, (4, 3)))
    return bar


def _draw_bar(ax: Axes, axis: Axis, n: int) -> FancyBboxPatch:
    corner = (n * axis.stride + 0.07, -(n % axis.lanes + 1) * LANE)
    shape = "round,pad=0.0,rounding_size=0.16"
    bar = FancyBboxPatch(corner, axis.kernel_size - 0.14, LANE * 0.78, boxstyle=shape, linewidth=1.4)
    ax.add_patch(bar)
    return bar


def _say(ax: Axes, at: tuple[float, float], words: str, colour: str, size: float) -> Text:
    return ax.text(*at, words, ha="center", va="center_baseline", color=colour, fontsize=size)
