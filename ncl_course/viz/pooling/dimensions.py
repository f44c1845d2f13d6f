"""The origin of dimensions 4 and 5: an image is a block of numbers, and a batch is a row of blocks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Polygon
from matplotlib.text import Text

from ncl_course.language import text
from ncl_course.viz.palette import INK, LARGE, NORMAL, OKABE_ITO, SMALL, TEXT, tint

BLUE, ORANGE, GREEN = OKABE_ITO[:3]

WIDTH, HEIGHT = 20.0, 14.4
"""The size in the drawing's own units."""

LEFT, RIGHT = 9.0, 19.9
"""The left and right end of the blocks; words are to the left of them."""

MAPS = 3
"""The number of maps of a drawn block, C."""

SLANT = 0.42
"""The offset of a block's back, as a share of its side."""

Points = tuple[tuple[float, float], ...]


def draw_dimensions(ax: Axes) -> Blocks:
    """Draw an image (3 dimensions), a batch of images (4) and a batch of videos (5), one below the other."""
    ax.set_xlim(0, WIDTH)
    ax.set_ylim(HEIGHT, 0)
    ax.set_aspect("equal")
    ax.set_axis_off()
    blocks = Blocks(ax)
    for rank, y in ((3, 1.5), (4, 5.9), (5, 10.2)):
        _draw_name(blocks, rank, y)
    _draw_image(blocks)
    _draw_batch(blocks)
    _draw_videos(blocks)
    return blocks


@dataclass
class Blocks:
    """The artists on the axes: the faces of all blocks, and every word."""

    ax: Axes
    faces: list[Polygon] = field(default_factory=list)
    words: list[Text] = field(default_factory=list)

    def block(self, x: float, y: float, side: float, colour: str) -> None:
        """Draw C maps as one block seen from the upper right; (x, y) is the upper left of its front."""
        deep = side * SLANT
        for m in reversed(range(MAPS)):
            near, far = deep * m / MAPS, deep * (m + 1) / MAPS
            nearer, farther = (x + near, y - near), (x + far, y - far)
            beside, behind = (nearer[0] + side, nearer[1]), (farther[0] + side, farther[1])
            below = ((behind[0], behind[1] + side), (beside[0], beside[1] + side))
            self.face((nearer, farther, behind, beside), tint(colour, 0.3))
            self.face((beside, behind, *below), tint(colour, 0.8))
        self.face(((x, y), (x + side, y), (x + side, y + side), (x, y + side)), tint(colour, 0.5))

    def face(self, corners: Points, colour: str) -> None:
        """Draw one side of a block."""
        face = Polygon(corners, closed=True, facecolor=colour, edgecolor=TEXT, linewidth=0.9)
        self.ax.add_patch(face)
        self.faces.append(face)

    def bracket(self, left: float, right: float, y: float, name: str) -> None:
        """Draw a bracket below a row, with the letter for its length."""
        self.ax.plot([left, left, right, right], [y - 0.22, y, y, y - 0.22], color=INK, linewidth=1.5)
        self.say((left + right) / 2, y + 0.45, name, ha="center", fontweight="bold")

    def say(self, x: float, y: float, words: str, **style: Any) -> None:
        """Write words on the page."""
        plain: dict[str, Any] = {"color": INK, "fontsize": NORMAL, "va": "center"}
        self.words.append(self.ax.text(x, y, words, **(plain | style)))


def _draw_name(blocks: Blocks, rank: int, y: float) -> None:
    key = "pooling.dimensions"
    blocks.say(0.2, y, text(f"{key}.name{rank}"), fontsize=LARGE, fontweight="bold")
    blocks.say(0.2, y + 0.95, text(f"{key}.shape{rank}"), fontfamily="monospace")
    blocks.say(0.2, y + 1.5, text(f"{key}.note{rank}"), fontsize=SMALL, va="top")


def _draw_image(blocks: Blocks) -> None:
    x, y, side = LEFT, 1.6, 2.2
    blocks.block(x, y, side, BLUE)
    blocks.say(x - 0.25, y + side / 2, "H", ha="right")
    blocks.say(x + side / 2, y + side + 0.42, "W", ha="center")
    blocks.say(x + 0.1, y - 0.6, "C", ha="center")


def _draw_batch(blocks: Blocks) -> None:
    side = 1.5
    for x in (LEFT, LEFT + 2.8, LEFT + 5.6, RIGHT - side * (1 + SLANT)):
        blocks.block(x, 6.0, side, BLUE)
    blocks.say(LEFT + 8.25, 6.6, "…", ha="center", fontsize=LARGE)
    blocks.bracket(LEFT, RIGHT, 8.05, "N")


def _draw_videos(blocks: Blocks) -> None:
    side, apart = 0.85, 1.12
    length = 3 * apart + side * (1 + SLANT)
    for x, colour in ((LEFT, GREEN), (RIGHT - length, ORANGE)):
        for frame in range(4):
            blocks.block(x + apart * frame, 10.6, side, colour)
        blocks.bracket(x, x + length, 11.9, "T")
    blocks.say((LEFT + RIGHT) / 2, 11.0, "…", ha="center", fontsize=LARGE)
    blocks.bracket(LEFT, RIGHT, 13.2, "N")
