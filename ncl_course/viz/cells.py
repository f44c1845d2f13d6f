"""A map of numbers as a grid of cells, with marks: bands of colour, rings, frames, dots.

Cell (i, j) covers x from j to j + 1 and y from i to i + 1; y grows downwards, as rows do.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PatchCollection, PolyCollection
from matplotlib.patches import Circle, FancyBboxPatch
from matplotlib.text import Text
from numpy.typing import NDArray

from ncl_course.viz.palette import INK, NOTE, PAPER, SHARED, TEXT, tint
from ncl_course.viz.spoken import say

Place = tuple[int, int]

MARGIN = 0.12
"""The room around a grid for the frames of its outer cells, in cells."""

MOST_BANDS = 4
"""A cell with more colours than this is grey, because its bands would be too narrow to distinguish."""

FONT = {1: 0.46, 2: 0.46, 3: 0.38, 4: 0.32}
"""The size of numbers by the length of the longest, in cells; longer numbers still shrink to fit."""

DOT = 0.066
DOTS_IN_A_ROW = 5
DOT_STEP = 0.18


@dataclass
class Cells:
    """The artists of one map by cell: the colours of its bands and dots, its number, note and ring; frames."""

    faces: dict[Place, list[str]]
    texts: dict[Place, Text] = field(default_factory=dict)
    notes: dict[Place, Text] = field(default_factory=dict)
    rings: dict[Place, Circle] = field(default_factory=dict)
    dots: dict[Place, list[str]] = field(default_factory=dict)
    frames: list[FancyBboxPatch] = field(default_factory=list)


def fit(ax: Axes, shape: Place, height: int | None = None) -> None:
    """Make room for a grid, centred in ``height`` rows, so that two panels have the same scale and aligned titles."""
    rows, cols = shape
    spare = ((height or rows) - rows) / 2 + MARGIN
    ax.set_xlim(-MARGIN, cols + MARGIN)
    ax.set_ylim(rows + spare, -spare)
    ax.set_aspect("equal")
    ax.set_axis_off()


def cell_points(ax: Axes) -> float:
    """Return the side of a cell on paper, in points."""
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    box = ax.get_window_extent()
    pixels = min(box.width / abs(right - left), box.height / abs(top - bottom))
    return float(pixels * 72 / ax.figure.dpi)


def draw_cells(ax: Axes, shape: Place, colours: Mapping[Place, Sequence[str]]) -> Cells:
    """Draw empty cells, each with one band per colour; call ``fit`` first."""
    cells = Cells(faces={(i, j): _faces(colours.get((i, j), ())) for i, j in np.ndindex(shape)})
    bands = [(place, n, len(own)) for place, own in cells.faces.items() for n in range(len(own))]
    tints = [face for own in cells.faces.values() for face in own]
    squares = [_band(*band) for band in bands]
    ax.add_artist(PolyCollection(squares, facecolors=tints, edgecolors="none", antialiaseds=False))
    rows, cols = shape
    across = [((0, i), (cols, i)) for i in range(rows + 1)]
    down = [((j, 0), (j, rows)) for j in range(cols + 1)]
    ax.add_artist(LineCollection([*across, *down], colors=INK, linewidths=0.8))
    return cells


def _faces(colours: Sequence[str]) -> list[str]:
    if len(colours) > MOST_BANDS:
        return [SHARED]
    return [tint(colour) for colour in colours] or [PAPER]


def _band(place: Place, n: int, of: int) -> list[tuple[float, float]]:
    """Return the corners of band n of a cell with that many bands."""
    i, j = place
    left, right = j + n / of, j + (n + 1) / of
    return [(left, i), (right, i), (right, i + 1), (left, i + 1)]


def write(
    ax: Axes,
    cells: Cells,
    values: NDArray[Any],
    *,
    colours: Mapping[Place, str] | None = None,
    bold: Collection[Place] = (),
) -> None:
    """Write numbers into cells, dark or in ``colours`` and above a cell's dots; a NaN stays empty."""
    words = {(i, j): say(v) for (i, j), v in np.ndenumerate(values) if not np.isnan(v)}
    longest = max(map(len, words.values()), default=1)
    size = cell_points(ax) * FONT.get(longest, 1.4 / longest)
    for (i, j), word in words.items():
        cells.texts[i, j] = ax.text(
            j + 0.5,
            i + 0.5 - 0.1 * _dot_rows(len(cells.dots.get((i, j), ()))),
            word,
            ha="center",
            va="center_baseline",
            color=(colours or {}).get((i, j), TEXT),
            fontsize=size,
            fontweight="bold" if (i, j) in bold else "normal",
        )


def note(ax: Axes, cells: Cells, values: NDArray[Any]) -> None:
    """Write small numbers into the upper left corners of cells: the previous values."""
    size = cell_points(ax) * 0.21
    for (i, j), value in np.ndenumerate(values):
        words = say(value)
        place = (j + 0.12, i + 0.11)
        cells.notes[i, j] = ax.text(*place, words, ha="left", va="top", color=NOTE, fontsize=size)


def ring(ax: Axes, cells: Cells, place: Place) -> None:
    """Draw a ring around the number of a cell."""
    i, j = place
    circle = Circle((j + 0.5, i + 0.5), 0.37, facecolor="none", edgecolor=TEXT, linewidth=1.8)
    ax.add_artist(circle)
    cells.rings[place] = circle


def draw_dots(ax: Axes, cells: Cells, colours: Mapping[Place, Sequence[str]]) -> None:
    """Draw dots in these colours along the bottom of each cell, five in a row; call it before ``write``."""
    cells.dots = {place: list(own) for place, own in colours.items() if own}
    circles = [Circle(_dot(place, n, len(own)), DOT) for place, own in cells.dots.items() for n in range(len(own))]
    faces = [colour for own in cells.dots.values() for colour in own]
    ax.add_artist(PatchCollection(circles, facecolors=faces, edgecolors=TEXT, linewidths=0.6))


def _dot(place: Place, n: int, of: int) -> tuple[float, float]:
    """Return the centre of dot n of a cell with that many dots."""
    i, j = place
    r, c = divmod(n, DOTS_IN_A_ROW)
    in_row = min(DOTS_IN_A_ROW, of - r * DOTS_IN_A_ROW)
    return j + 0.5 + DOT_STEP * (c - (in_row - 1) / 2), i + 1 - DOT_STEP * (_dot_rows(of) - r - 0.15)


def _dot_rows(count: int) -> int:
    return -(-count // DOTS_IN_A_ROW)


def frame(ax: Axes, cells: Cells, corner: Place, size: int, colour: str) -> None:
    """Draw a thick frame around ``size`` times ``size`` cells from ``corner``, dark with a coloured core."""
    i, j = corner
    for edge, width in ((TEXT, 5.0), (colour, 3.0)):
        box = FancyBboxPatch((j, i), size, size, boxstyle="round,pad=0.0,rounding_size=0.08")
        box.set(facecolor="none", edgecolor=edge, linewidth=width, zorder=3)
        ax.add_artist(box)
        cells.frames.append(box)
