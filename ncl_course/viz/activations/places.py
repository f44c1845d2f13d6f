"""The places of activations in a network: layer by layer, what one output depends on and how much is trained."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.text import Text

from ncl_course.language import text
from ncl_course.viz.boxes import draw_box, draw_flow
from ncl_course.viz.palette import INK, NORMAL, SMALL, window_colour
from ncl_course.viz.picture import Picture
from ncl_course.viz.spoken import grouped

FIRST, APART = 2.25, 1.18
"""The middle of the first box and the distance from box to box, in inches."""


@dataclass(frozen=True)
class Stage:
    """A layer: how many inputs one of its outputs is computed from, and how many numbers it trains."""

    name: str
    colour: int
    inputs: int
    trained: int

    @property
    def is_activation(self) -> bool:
        """Whether it is an activation, which ReLU and PReLU are."""
        return self.name.endswith("ReLU")


STAGES = (
    Stage("CONV", 0, 3 * 3, 16 * 3 * 3 + 16),
    Stage("ReLU", 1, 1, 0),
    Stage("POOL", 2, 2 * 2, 0),
    Stage("CONV", 0, 16 * 3 * 3, 16 * 16 * 3 * 3 + 16),
    Stage("PReLU", 1, 1, 16),
    Stage("FC", 4, 16 * 14 * 14, 10 * 16 * 14 * 14 + 10),
)
"""A network for images of 1 × 28 × 28 and ten classes: convolutions of 3 × 3 to 16 maps, with padding."""


def show_layers_with_numbers() -> Picture:
    """Show a small network in which the activations are named, with two numbers below each layer."""
    numbers = "; ".join(f"{one.name} {one.inputs}, {grouped(one.trained)}" for one in STAGES)
    picture = Picture(9.0, 2.5, text("activations.places.alt", numbers=numbers))
    draw_stages(picture.place(0, 0, 9.0, 2.5))
    return picture


def draw_stages(ax: Axes) -> list[Text]:
    """Draw the layers as boxes, a name above the activations, and two rows of numbers; return these numbers."""
    ax.set(xlim=(0, 9.0), ylim=(0, 2.5))
    ax.set_axis_off()
    places = [FIRST + APART * n for n in range(len(STAGES))]
    for one, x in zip(STAGES, places, strict=True):
        draw_box(ax, (x, 1.45), one.name, window_colour(one.colour), 0.86)
        if one.is_activation:
            draw_flow(ax, (sum(places[1:5:3]) / 2 + (0.5 if x > places[2] else -0.5), 2.1), (x, 1.72))
    for left, right in pairwise(places):
        draw_flow(ax, (left + 0.45, 1.45), (right - 0.45, 1.45))
    ax.text(sum(places[1:5:3]) / 2, 2.25, text("activations.places.names"), color=INK, fontsize=NORMAL, ha="center")
    rows = (("inputs", 0.8, [one.inputs for one in STAGES]), ("trained", 0.3, [one.trained for one in STAGES]))
    words = []
    for key, y, numbers in rows:
        ax.text(0.1, y, text(f"activations.places.{key}"), color=INK, fontsize=SMALL, va="center")
        for x, number in zip(places, numbers, strict=True):
            words.append(ax.text(x, y, grouped(number), color=INK, fontsize=NORMAL, ha="center", va="center"))
    return words
