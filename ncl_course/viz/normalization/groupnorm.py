"""Normalization in pictures: the cells of a batch that share a mean, and a bank of filters that is standardized."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon, Rectangle
from matplotlib.text import Text
from numpy.typing import ArrayLike, NDArray

from ncl_course.language import text
from ncl_course.viz.palette import INK, NORMAL, OKABE_ITO, PAPER, SMALL, TEXT, tint
from ncl_course.viz.picture import Picture
from ncl_course.viz.spoken import numeral

BLUE, ORANGE = OKABE_ITO[:2]
SHAPE = (4, 6, 4)
"""The cube's cells along N, C and H·W."""

GROUPS = 2
DEPTH = (0.42, 0.34)
"""The offset of each sample behind the one before, to the right and up, in cells."""

WAYS: dict[str, tuple[tuple[str, ...], int]] = {
    "bn": (("N", "HW"), SHAPE[1]),
    "ln": (("C", "HW"), 1),
    "in": (("HW",), SHAPE[1]),
    "gn": (("C", "HW"), GROUPS),
}
"""The averaged axes and the number of groups of channels for each normalization."""

Cell = tuple[int, int, int]
Point = tuple[float, float]


# ---- which cells are averaged ------------------------------------------------------------------------------------


def averaged_cells(axes: tuple[str, ...], parts: int, shape: Cell = SHAPE) -> NDArray[np.bool_]:
    """Return the cells that share a mean with the last channel of the first sample, at its topmost place.

    Args:
        axes: the axes of the average, from ``"N"``, ``"C"``, ``"HW"``.
        parts: the number of groups of neighbouring channels; each group is averaged separately.
        shape: the number of cells along N, C and H·W.

    Returns:
        A mask of that shape.
    """
    n, c, s = np.indices(shape)
    together = c // (shape[1] // parts) == parts - 1
    return together & (("N" in axes) | (n == 0)) & (("HW" in axes) | (s == 0))


@dataclass
class Cube:
    """A drawn batch: its visible faces by side and cell ``(n, c, s)``, the highlighted faces, and the words."""

    faces: dict[tuple[str, Cell], Polygon] = field(default_factory=dict)
    lit: set[tuple[str, Cell]] = field(default_factory=set)
    words: list[Text] = field(default_factory=list)


def draw_cube(lit: ArrayLike, ax: Axes) -> Cube:
    """Draw a batch as a cube: channels to the right, cells of a map downwards, samples to the back.

    Args:
        lit: a mask (N, C, H·W), the cells that share a mean.
        ax: the axes to draw on.
    """
    mask = np.asarray(lit, dtype=bool)
    N, C, S = mask.shape
    right, up = N * DEPTH[0], N * DEPTH[1]
    ax.set(xlim=(-0.9, C + right + 0.6), ylim=(S + 0.95, -up - 0.2), aspect="equal")
    ax.set_axis_off()
    cube = Cube()
    for n, c, s in reversed(list(np.ndindex(N, C, S))):
        if n == 0:
            _face(cube, ax, "front", (n, c, s), mask, ((c, s), (c + 1, s), (c + 1, s + 1), (c, s + 1)))
        if s == 0:
            _face(cube, ax, "top", (n, c, s), mask, (*_edge((c, s), n), *_edge((c + 1, s), n)[::-1]))
        if c == C - 1:
            _face(cube, ax, "side", (n, c, s), mask, (*_edge((C, s), n), *_edge((C, s + 1), n)[::-1]))
    _name_axes(cube, ax, mask.shape)
    return cube


def _edge(corner: Point, n: int) -> tuple[Point, Point]:
    """Return the near and the far end of the edge from a front corner through sample n."""
    x, y = corner
    across, up = DEPTH
    return (x + n * across, y - n * up), (x + (n + 1) * across, y - (n + 1) * up)


def _face(cube: Cube, ax: Axes, side: str, cell: Cell, mask: NDArray[np.bool_], corners: tuple[Point, ...]) -> None:
    strength = {"front": 0.75, "top": 0.6, "side": 0.9}[side]
    colour = tint(BLUE, strength) if mask[cell] else PAPER
    face = Polygon(corners, closed=True, facecolor=colour, edgecolor=TEXT, linewidth=0.8)
    ax.add_patch(face)
    cube.faces[side, cell] = face
    if mask[cell]:
        cube.lit.add((side, cell))


def _name_axes(cube: Cube, ax: Axes, shape: tuple[int, ...]) -> None:
    N, C, S = shape
    style: dict[str, Any] = {"color": INK, "fontsize": NORMAL, "ha": "center", "va": "center"}
    cube.words.append(ax.text(C / 2, S + 0.55, "C", **style))
    cube.words.append(ax.text(-0.45, S / 2, "H·W", rotation=90, **style))
    x, y = C + N * DEPTH[0] / 2, S - N * DEPTH[1] / 2
    cube.words.append(ax.text(x + 0.45, y + 0.35, "N", **style))


def show_normalized_axes() -> Picture:
    """Show the cells that share a mean under batch, layer, instance and group normalization, side by side."""
    picture = Picture(10.4, 3.1, text("normalization.normalized_axes.alt"))
    for column, (name, (axes, parts)) in enumerate(WAYS.items()):
        ax = picture.place(0.05 + 2.6 * column, 0.5, 2.5, 2.3)
        draw_cube(averaged_cells(axes, parts), ax)
        key = f"normalization.normalized_axes.{name}"
        ax.set_title(text(f"{key}_title"), color=INK, fontsize=NORMAL, fontweight="bold")
        ax.text(
            0.5, -0.04, text(f"{key}_note"), color=INK, fontsize=SMALL, ha="center", va="top", transform=ax.transAxes
        )
    return picture


# ---- weight standardization --------------------------------------------------------------------------------------


LIMIT = 3.0
"""The colours of weights from −LIMIT to LIMIT go from orange through white to blue, and stay the same beyond."""


def example_filters() -> NDArray[np.float64]:
    """Return four filters (K, M, p, q) = (4, 2, 3, 3) of very different level and scale."""
    weight = np.random.default_rng(11).standard_normal((4, 2, 3, 3))
    scales, levels = np.array([0.4, 1.6, 0.15, 0.7]), np.array([2.0, 0.3, -0.2, -1.8])
    return weight * scales[:, None, None, None] + levels[:, None, None, None]


def weight_colour(value: float) -> str:
    """Return the colour of a weight: blue above 0, orange below, and stronger for larger absolute values."""
    strength = min(abs(float(value)) / LIMIT, 1.0)
    return tint(BLUE if value > 0 else ORANGE, strength)


def draw_filter(one: ArrayLike, ax: Axes) -> list[Rectangle]:
    """Draw a filter (M, p, q) as maps side by side, with its mean and variance below; return its cells."""
    maps = np.asarray(one, dtype=np.float64)
    M, p, q = maps.shape
    across = M * (q + 0.5) - 0.5
    ax.set(xlim=(-0.1, across + 0.1), ylim=(p + 0.1, -0.1), aspect="equal")
    ax.set_axis_off()
    cells = []
    for (m, u, v), value in np.ndenumerate(maps):
        corner = (m * (q + 0.5) + v, u)
        cells.append(Rectangle(corner, 1, 1, facecolor=weight_colour(value), edgecolor=TEXT, linewidth=0.6))
        ax.add_patch(cells[-1])
    numbers = {"mean": _short(maps.mean()), "variance": _short(maps.var())}
    said = text("normalization.weight_standardization.numbers", **numbers)
    ax.text(across / 2, p + 0.25, said, color=INK, fontsize=SMALL, ha="center", va="top")
    return cells


def _short(value: float) -> str:
    """Return a number with two decimal places, with a true minus sign and without a minus zero."""
    return numeral(f"{round(float(value), 2) + 0.0:.2f}")


def show_weight_standardization(weight: ArrayLike | None = None, eps: float = 1e-5) -> Picture:
    """Show a bank of filters (K, M, p, q) before and after standardization, each with its mean and variance."""
    from ncl_course.oracles.normalization.groupnorm import WeightStandardization

    before = example_filters() if weight is None else np.asarray(weight, dtype=np.float64)
    K = len(before)
    picture = Picture(1.0 + 2.2 * K, 3.2, text("normalization.weight_standardization.alt", count=K))
    for row, (name, bank) in enumerate((("before", before), ("after", WeightStandardization(eps).forward(before)))):
        bottom = 1.85 - 1.5 * row
        margin = picture.place(0.0, bottom, 1.0, 1.0)
        margin.set_axis_off()
        said = text(f"normalization.weight_standardization.{name}")
        margin.text(0.06, 0.5, said, color=INK, fontsize=NORMAL, fontweight="bold", va="center")
        for k in range(K):
            ax = picture.place(0.95 + 2.2 * k, bottom, 2.0, 1.0)
            draw_filter(bank[k], ax)
            if name == "before":
                ax.set_title(text("normalization.weight_standardization.filter", k=k + 1), color=INK, fontsize=SMALL)
    return picture
