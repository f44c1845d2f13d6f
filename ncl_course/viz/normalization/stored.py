"""The numbers that belong to one map: a convolution's weights beside the four numbers of batch normalization."""

from __future__ import annotations

from itertools import product

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ncl_course.language import text
from ncl_course.viz.axes import title
from ncl_course.viz.palette import INK, OKABE_ITO, SMALL, TEXT, tint
from ncl_course.viz.picture import Picture

BLUE, ORANGE, GREEN = OKABE_ITO[:3]
MAPS, SIDE, ACROSS = 64, 3, 8
"""Input maps of the convolution, the side of its filter, and the number of filters in a row of the drawing."""

CELL, GAP = 0.1, 0.05
"""The side of a cell and the gap between two filters, in inches."""

STORED = (("γ", GREEN), ("β", GREEN), ("μ", ORANGE), ("σ²", ORANGE))
"""The numbers that batch normalization stores for a map; the green ones are trained."""

EDGE = ACROSS * (SIDE * CELL + GAP) - GAP
"""The side of the square of all filters, in inches."""

RIM = 0.02
"""The room for the lines of the outer cells, in inches."""


def show_stored_numbers() -> Picture:
    """Show the weights that a convolution has for one output map, and what batch normalization stores for it."""
    count = MAPS * SIDE * SIDE
    picture = Picture(7.6, EDGE + 0.9, text("normalization.stored.alt", maps=MAPS, count=count))
    left, right = picture.place(0.3, 0.4, EDGE + RIM, EDGE + RIM), picture.place(4.2, 0.4, 3.2, EDGE + RIM)
    said = text("normalization.stored.note", maps=MAPS)
    picture.text(0.5, 0.02, said, color=INK, fontsize=SMALL, ha="center", va="bottom")
    draw_weights(left)
    title(left, text("normalization.stored.convolution", count=count))
    draw_stored(right)
    title(right, text("normalization.stored.batchnorm", count=len(STORED)))
    return picture


def draw_weights(ax: Axes) -> list[Rectangle]:
    """Draw a small square for each weight of one output map, in filters of 3 × 3."""
    ax.set(xlim=(-RIM / 2, EDGE + RIM / 2), ylim=(EDGE + RIM / 2, -RIM / 2))
    ax.set_axis_off()
    cells = []
    for m, (u, v) in product(range(MAPS), product(range(SIDE), repeat=2)):
        row, column = divmod(m, ACROSS)
        corner = (column * (SIDE * CELL + GAP) + v * CELL, row * (SIDE * CELL + GAP) + u * CELL)
        cells.append(Rectangle(corner, CELL, CELL, facecolor=tint(BLUE), edgecolor=TEXT, linewidth=0.4))
        ax.add_patch(cells[-1])
    return cells


def draw_stored(ax: Axes) -> list[Rectangle]:
    """Draw a square of the same size for each number that batch normalization stores for a map, with its name."""
    ax.set(xlim=(0, 3.2), ylim=(EDGE, 0))
    ax.set_axis_off()
    cells = []
    for place, (name, colour) in enumerate(STORED):
        top = 0.3 + 0.4 * place
        cells.append(Rectangle((0.1, top), CELL, CELL, facecolor=tint(colour), edgecolor=TEXT, linewidth=0.4))
        ax.add_patch(cells[-1])
        said = text(f"normalization.stored.{'trained' if colour == GREEN else 'measured'}", name=name)
        ax.text(0.35, top + CELL / 2, said, color=INK, fontsize=SMALL, va="center")
    return cells
