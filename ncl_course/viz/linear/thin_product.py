"""A large matrix of weights and two thin ones whose product takes its place; areas are numbers of weights."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from ncl_course.language import text
from ncl_course.viz.palette import INK, LARGE, SMALL, tint, window_colour
from ncl_course.viz.picture import Picture
from ncl_course.viz.spoken import grouped, numeral

IN, BETWEEN, OUT = 25088, 256, 4096
"""The first fully connected layer of VGG-16, and the numbers between the two thin matrices."""

INCH = 4096
"""Rows or columns to an inch: all three matrices have one scale."""

RED, BLUE = window_colour(4), window_colour(0)
Place = tuple[float, float]
WIDTH, HEIGHT = 8.0, 3.1


def show_thin_product() -> Picture:
    """Show VGG-16's first fully connected layer, and the two thin matrices in its place, on one scale."""
    whole, thin = (numeral(f"{count / 1e6:.1f}") for count in (OUT * IN, BETWEEN * (IN + OUT)))
    picture = Picture(WIDTH, HEIGHT, text("linear.thin_product.alt", whole=whole, thin=thin))
    draw_thin_product(picture.place(0, 0, WIDTH, HEIGHT))
    return picture


def draw_thin_product(ax: Axes) -> list[Text]:
    """Draw the large matrix above, and the product of a tall thin and a wide thin one below; return their names."""
    ax.set(xlim=(0, WIDTH), ylim=(0, HEIGHT))
    ax.set_axis_off()
    ax.text(0.6, 0.95, "≈", color=INK, fontsize=LARGE + 6, ha="center", va="center")
    ax.text(1.3, 0.95, "·", color=INK, fontsize=LARGE + 12, ha="center", va="center")
    return [
        draw_matrix(ax, (1.5, 1.7), (OUT, IN), RED, (1.5, 2.8)),
        draw_matrix(ax, (1.0, 0.45), (OUT, BETWEEN), BLUE, (0.9, 0.12)),
        draw_matrix(ax, (1.5, 0.92), (BETWEEN, IN), BLUE, (1.5, 1.08)),
    ]


def draw_matrix(ax: Axes, corner: Place, shape: tuple[int, int], colour: str, name: Place) -> Text:
    """Draw a matrix of that many rows and columns, and at the second place its shape and its number of weights."""
    rows, columns = shape
    box = Rectangle(corner, columns / INCH, rows / INCH, facecolor=tint(colour), edgecolor=colour, linewidth=1.2)
    ax.add_patch(box)
    millions = numeral(f"{rows * columns / 1e6:.3g}")
    said = text("linear.thin_product.name", rows=grouped(rows), columns=grouped(columns), millions=millions)
    return ax.text(*name, said, color=INK, fontsize=SMALL, va="bottom")
