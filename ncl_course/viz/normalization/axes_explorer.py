"""The cells that share a mean: one slider from batch through layer and group to instance normalization."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

from ncl_course.language import text
from ncl_course.viz.axes import wipe
from ncl_course.viz.explorer import Explorer, stops
from ncl_course.viz.normalization.groupnorm import BLUE, SHAPE, averaged_cells, draw_cube
from ncl_course.viz.palette import INK, NORMAL, PAPER, SMALL, TEXT, tint
from ncl_course.viz.picture import Picture

N, C, PLACES = SHAPE

STOPS: tuple[tuple[str, tuple[str, ...], int], ...] = (
    ("bn", ("N", "HW"), C),
    ("ln", ("C", "HW"), 1),
    ("gn", ("C", "HW"), 2),
    ("gn", ("C", "HW"), 3),
    ("in", ("HW",), C),
)
"""The slider's stops: the message's key, the axes of the average, the number of groups of channels."""


def axes_explorer() -> AxesExplorer:
    """Highlight the cells of a batch that share a mean, and count the means and the numbers in each."""
    return AxesExplorer()


class AxesExplorer(Explorer):
    """The normalization."""

    def __init__(self) -> None:
        picture = Picture(8.2, 3.2, "")
        self.cube, self.sets = picture.place(0.0, 0.1, 3.9, 3.0), picture.place(4.2, 0.5, 3.9, 2.2)
        options = [(label(key, parts), place) for place, (key, _, parts) in enumerate(STOPS)]
        self.kind = stops(text("normalization.axes.kind"), options, 0)
        super().__init__(picture, (self.kind,), self.kind)

    def draw(self) -> str:
        """Draw the cube with its highlighted cells, and beside it all sets of numbers that share a mean."""
        key, axes, parts = STOPS[self.kind.value]
        lit = averaged_cells(axes, parts)
        size = int(lit.sum())
        count = lit.size // size
        for ax in (self.cube, self.sets):
            wipe(ax)
        draw_cube(lit, self.cube)
        draw_sets(count, size, self.sets)
        together = C // parts
        return text(f"normalization.axes.{key}", count=count, size=size, together=together, groups=parts, all=lit.size)


def label(key: str, parts: int) -> str:
    """Return a stop's short name."""
    return {"bn": "BN", "ln": "LN=GN(1)", "in": f"IN=GN({parts})"}.get(key, f"GN({parts})")


def draw_sets(count: int, size: int, ax: Axes) -> PolyCollection:
    """Draw each set of numbers that share a mean as a column of cells; the last one is highlighted as in the cube."""
    across, down = np.meshgrid(np.arange(count), np.arange(size), indexing="ij")
    squares = [[(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)] for i, j in zip(across.flat, down.flat, strict=True)]
    faces = [tint(BLUE, 0.75) if i == count - 1 else PAPER for i in across.flat]
    cells = PolyCollection(squares, facecolors=faces, edgecolors=TEXT, linewidths=0.5)
    ax.add_collection(cells)
    most = N * C
    ax.set(xlim=(-0.2, most + 0.2), ylim=(-0.2, most + 0.2))
    ax.set_axis_off()
    style: dict[str, Any] = {"color": INK, "fontsize": SMALL}
    ax.text(
        0,
        size + 0.5,
        text("normalization.axes.sizes", count=count, size=size),
        va="bottom",
        **{**style, "fontsize": NORMAL},
    )
    ax.text(0, -1.0, text("normalization.axes.columns"), va="top", **style)
    return cells
