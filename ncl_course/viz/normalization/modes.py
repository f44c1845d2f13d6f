"""Batch normalization in training and at test time: which numbers it takes, and which of them change."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.text import Text

from ncl_course.language import text
from ncl_course.viz.boxes import draw_box, draw_flow
from ncl_course.viz.palette import INK, NORMAL, OKABE_ITO, SMALL
from ncl_course.viz.picture import Picture

BLUE, ORANGE, GREEN, PINK, RED = OKABE_ITO[:5]
WIDTH, HEIGHT = 9.2, 4.5
FLOW, ABOVE = 0.4, 1.28
"""The heights of the layers and of the numbers that they take, in inches above the foot of a mode's row."""

BATCH, RUNNING, TRAINED = 2.3, 4.65, 7.0
"""The middles of the boxes of numbers, in inches."""

WIDE = 1.75


def show_batchnorm_modes() -> Picture:
    """Show batch normalization after a convolution, in training above and at test time below."""
    picture = Picture(WIDTH, HEIGHT, text("normalization.modes.alt"))
    ax = picture.place(0, 0, WIDTH, HEIGHT)
    ax.set(xlim=(0, WIDTH), ylim=(0, HEIGHT))
    ax.set_axis_off()
    draw_mode(ax, 2.35, training=True)
    draw_mode(ax, 0.1, training=False)
    return picture


def draw_mode(ax: Axes, foot: float, *, training: bool) -> dict[str, Text]:
    """Draw one mode as a row of layers, the numbers that they take above it, and what becomes of these numbers."""
    mode = "training" if training else "test"
    flow, above = foot + FLOW, foot + ABOVE
    normalizing = BATCH if training else RUNNING
    ax.text(0.15, above + 0.62, text(f"normalization.modes.{mode}"), color=INK, fontsize=NORMAL, fontweight="bold")

    middles = (0.85, (BATCH + RUNNING) / 2, TRAINED, 8.6)
    names = (text("normalization.modes.before"), "(X − μ) / √(σ² + ε)", "γ·X̂ + β", "ReLU")
    widths = (1.4, 2.1, 1.3, 0.9)
    for x, name, colour, width in zip(middles, names, (BLUE, GREEN, GREEN, ORANGE), widths, strict=True):
        draw_box(ax, (x, flow), name, colour, width)
    ends = zip(middles, widths, middles[1:], widths[1:], strict=False)
    for x, width, further, wide in ends:
        draw_flow(ax, (x + width / 2, flow), (further - wide / 2, flow))

    if training:
        draw_box(ax, (BATCH, above), "μ, σ²", PINK, WIDE)
        draw_flow(ax, (1.65, flow + 0.05), (BATCH - 0.5, above - 0.25))
        draw_flow(ax, (BATCH + WIDE / 2, above), (RUNNING - WIDE / 2, above))
    else:
        draw_box(ax, (BATCH, above), "μ, σ²", INK, WIDE, empty=True)
    draw_box(ax, (RUNNING, above), "μ, σ²", RED, WIDE)
    draw_box(ax, (TRAINED, above), "γ, β", RED, WIDE)
    draw_flow(ax, (normalizing, above - 0.25), (middles[1] + (normalizing - middles[1]) / 2, flow + 0.25))
    draw_flow(ax, (TRAINED, above - 0.25), (TRAINED, flow + 0.25))
    return {
        part: ax.text(
            x, above + 0.31, text(f"normalization.modes.{mode}_{part}"), color=INK, fontsize=SMALL, ha="center"
        )
        for part, x in (("batch", BATCH), ("running", RUNNING), ("trained", TRAINED))
    }
