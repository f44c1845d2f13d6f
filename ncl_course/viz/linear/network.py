"""Networks as boxes and arrows: the lecture's template, a residual block, an Inception block."""

from __future__ import annotations

from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch
from matplotlib.text import Text

from ncl_course.language import text
from ncl_course.viz.boxes import draw_box, draw_flow
from ncl_course.viz.palette import INK, NORMAL, window_colour

COLOURS = {"CONV": 0, "RELU": 1, "POOL?": 2, "FC": 4, "Softmax": 3}


def colour_of(word: str) -> str:
    """Return the colour of a kind of layer, or grey if the word is not a layer, such as the input."""
    return window_colour(COLOURS[word]) if word in COLOURS else INK


def draw_repeat(ax: Axes, left: float, right: float, height: float, words: str) -> Text:
    """Draw a frame around the repeated boxes, and the number of repetitions above its right corner."""
    frame = FancyBboxPatch((left, -height / 2), right - left, height, boxstyle="round,pad=0,rounding_size=0.12")
    frame.set(facecolor="none", edgecolor=INK, linewidth=1.3, linestyle=(0, (4, 3)))
    ax.add_patch(frame)
    return ax.text(right - 0.05, height / 2 + 0.06, words, color=INK, fontsize=NORMAL, ha="right", va="bottom")


def draw_template(ax: Axes) -> list[FancyBboxPatch]:
    """Draw INPUT → [[CONV → RELU]·N → POOL?]·M → [FC → RELU]·K → Softmax."""
    places = (0.0, 1.65, 2.95, 4.45, 6.2, 7.5, 9.2)
    words = ("INPUT", "CONV", "RELU", "POOL?", "FC", "RELU", "Softmax")
    boxes = [draw_box(ax, (x, 0), word, colour_of(word)) for x, word in zip(places, words, strict=True)]
    for left, right in pairwise(places):
        draw_flow(ax, (left + 0.5, 0), (right - 0.5, 0))
    draw_repeat(ax, 1.02, 3.58, 0.9, "× N")
    draw_repeat(ax, 0.88, 5.12, 1.65, "× M")
    draw_repeat(ax, 5.56, 8.14, 0.9, "× K")
    ax.set(xlim=(-0.6, 9.8), ylim=(-0.95, 1.3))
    ax.set_axis_off()
    return boxes


def draw_residual(ax: Axes) -> list[FancyBboxPatch]:
    """Draw a residual block: y = x + F(x)."""
    boxes = [draw_box(ax, (0, y), word, colour_of(word)) for y, word in ((3, "CONV"), (2, "RELU"), (1, "CONV"))]
    boxes.append(draw_box(ax, (0, 0), "+", window_colour(2), 0.6))
    for top, bottom in ((3.95, 3.25), (2.75, 2.25), (1.75, 1.25), (0.75, 0.25), (-0.25, -0.85)):
        draw_flow(ax, (0, top), (0, bottom))
    draw_flow(ax, (0.05, 3.65), (0.3, 0), bend=-0.75)
    ax.text(-0.15, 3.8, "x", color=INK, fontsize=NORMAL, ha="right")
    ax.text(-0.15, -0.75, "x + F(x)", color=INK, fontsize=NORMAL, ha="right")
    ax.set_title(text("linear.blocks.residual"), color=INK, fontsize=NORMAL)
    ax.set(xlim=(-1.5, 2.2), ylim=(-1, 4.1))
    ax.set_axis_off()
    return boxes


def draw_inception(ax: Axes) -> list[FancyBboxPatch]:
    """Draw an Inception block: parallel layers, one of them a 2D convolution split in two, and concatenation."""
    branches = (("1×1",), ("3×3",), ("1×7", "7×1"), ("POOL",))
    boxes = []
    for n, branch in enumerate(branches):
        x = 1.35 * n
        rows = (2.6, 1.4) if len(branch) == 2 else (2.0,)
        for y, word in zip(rows, branch, strict=True):
            boxes.append(draw_box(ax, (x, y), word, window_colour(2 if word == "POOL" else 0), 1.05))
        draw_flow(ax, (2.03, 3.9), (x, rows[0] + 0.25))
        if len(rows) == 2:
            draw_flow(ax, (x, 2.35), (x, 1.65))
        draw_flow(ax, (x, rows[-1] - 0.25), (x, 0.25))
    boxes.append(draw_box(ax, (2.03, 0), text("linear.blocks.concatenation"), window_colour(3), 5.1))
    draw_flow(ax, (2.03, -0.25), (2.03, -0.85))
    ax.set_title(text("linear.blocks.inception"), color=INK, fontsize=NORMAL)
    ax.set(xlim=(-0.7, 4.75), ylim=(-1, 4.1))
    ax.set_axis_off()
    return boxes
