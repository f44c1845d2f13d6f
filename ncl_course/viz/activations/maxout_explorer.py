"""The maxout explorer: sliders for two straight lines, and the larger of them with its slope."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.legend_handler import HandlerTuple
from matplotlib.lines import Line2D

from ncl_course.language import text
from ncl_course.viz.activations.curves import beside_derivative, draw_cross
from ncl_course.viz.axes import legend, wipe
from ncl_course.viz.explorer import Explorer, float_slider, side_by_side
from ncl_course.viz.palette import INK, OKABE_ITO
from ncl_course.viz.picture import Picture
from ncl_course.viz.spoken import addend, factor, say

Line = tuple[float, float]
"""The numbers a and b of a line ax + b."""

COLOURS = (OKABE_ITO[0], OKABE_ITO[4])
DOTTED: dict[str, Any] = {"linewidth": 1.8, "linestyle": ":"}
THICK: dict[str, Any] = {"linewidth": 3.4, "solid_capstyle": "butt"}
REACH = 4.0
"""The picture shows x, and the values, from minus this to this."""


def maxout_explorer() -> MaxoutExplorer:
    """Move the two lines of a maxout, and see which line is larger at each x, and its slope."""
    return MaxoutExplorer()


class MaxoutExplorer(Explorer):
    """The slope a and the shift b of either line."""

    def __init__(self) -> None:
        begin = {"a₁": -1.0, "b₁": -0.5, "a₂": 0.5, "b₂": 1.0}
        self.a1, self.b1, self.a2, self.b2 = (
            float_slider(name, value, -2.0, 2.0, 0.25) for name, value in begin.items()
        )
        controls = (self.a1, self.b1, self.a2, self.b2)
        super().__init__(self._make_picture(), controls, side_by_side(controls[:2], controls[2:]))

    def _make_picture(self) -> Picture:
        picture, self.left, self.right = beside_derivative()
        self.left.set(ylim=(-REACH, REACH), xticks=(-4, -2, 0, 2, 4), yticks=(-4, 0, 4))
        self.right.set(ylim=(-2.3, 2.3), yticks=(-2, -1, 0, 1, 2))
        draw_key(picture)
        return picture

    def draw(self) -> str:
        """Draw both lines, the larger of them and its slope."""
        a1, b1, a2, b2 = (round(one.value, 2) + 0.0 for one in self.controls)
        lines = ((a1, b1), (a2, b2))
        for ax in (self.left, self.right):
            wipe(ax)
            draw_cross(ax)
        draw_maxout(lines, self.left)
        draw_slopes(lines, self.right)
        return maxout_in_words(lines)


def draw_key(picture: Picture) -> None:
    """Write above the picture which line is which, and that the larger one is thick."""
    dotted = [Line2D([], [], color=colour, **DOTTED) for colour in COLOURS]
    thick = tuple(Line2D([], [], color=colour, **THICK) for colour in COLOURS)
    words = ["a₁x + b₁", "a₂x + b₂", "Maxout"]
    where: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (0.04, 1.02), "ncols": 3, "columnspacing": 1.3}
    where["handler_map"] = {tuple: HandlerTuple(ndivide=None, pad=0)}
    handles: Any = [*dotted, thick]
    legend(picture, handles, words, **where)


def kink(lines: tuple[Line, Line]) -> tuple[float, float] | None:
    """Return the place x and the height at which the lines meet, or None if they are parallel.

    Example:
        >>> kink(((-1, -0.5), (0.5, 1))), kink(((1, 0), (1, 2)))
        ((-1.0, 0.5), None)
    """
    (a1, b1), (a2, b2) = lines
    if a1 == a2:
        return None
    x = (b2 - b1) / (a1 - a2) + 0.0
    return x, a1 * x + b1


def in_force(lines: tuple[Line, Line]) -> list[tuple[int, float, float]]:
    """Return the larger line on each interval of x within the picture, from left to right.

    Example:
        >>> in_force(((-1, -0.5), (0.5, 1)))
        [(0, -4.0, -1.0), (1, -1.0, 4.0)]
    """
    at = kink(lines)
    if at is None:
        return [(int(lines[1] > lines[0]), -REACH, REACH)]
    x, first = float(np.clip(at[0], -REACH, REACH)), int(lines[1] < lines[0])
    parts = [(first, -REACH, x), (1 - first, x, REACH)]
    return [part for part in parts if part[1] < part[2]]


def draw_maxout(lines: tuple[Line, Line], ax: Axes) -> list[Line2D]:
    """Draw both lines dotted, the larger one over them thick and in the colour of its line, and the kink.

    Returns:
        The parts of the larger one, from left to right.
    """
    parts = [
        ax.plot([start, end], [a * start + b, a * end + b], color=COLOURS[n], **THICK)[0]
        for n, start, end in in_force(lines)
        for a, b in [lines[n]]
    ]
    ends = np.array([-REACH, REACH])
    for (a, b), colour in zip(lines, COLOURS, strict=True):
        ax.plot(ends, a * ends + b, color=colour, **DOTTED)
    at = kink(lines)
    if at is not None:
        ax.plot(*([one] for one in at), "o", color=INK, markersize=9, markeredgecolor="white")
    return parts


def draw_slopes(lines: tuple[Line, Line], ax: Axes) -> list[Line2D]:
    """Draw the slope of the larger line in its colour, with a dotted line at the jump.

    Returns:
        The parts, from left to right.
    """
    at = kink(lines)
    if at is not None:
        ax.plot([at[0]] * 2, [lines[0][0], lines[1][0]], color=INK, **DOTTED)
    return [ax.plot([start, end], [lines[n][0]] * 2, color=COLOURS[n], **THICK)[0] for n, start, end in in_force(lines)]


def maxout_in_words(lines: tuple[Line, Line]) -> str:
    """Say where the kink is, the slopes on its two sides, and the name of the activation if it has one."""
    first, second = (line_in_words(*line) for line in lines)
    (left, _), (right, _) = sorted(lines)
    x, y = map(say, kink(lines) or (0, 0))
    words = {"first": first, "second": second, "upper": line_in_words(*max(lines)), "x": x, "y": y}
    said = text(f"activations.maxout_explorer.{meeting(lines)}", left=say(left), right=say(right), **words)
    known = name_of(lines)
    return f"{said} {text(f'activations.maxout_explorer.{known}', alpha=say(left))}" if known else said


def meeting(lines: tuple[Line, Line]) -> str:
    """Return the key of the place where the lines meet: in the picture, outside it, everywhere or nowhere."""
    at = kink(lines)
    if at is None:
        return "same" if lines[0] == lines[1] else "parallel"
    return "bent" if max(map(abs, at)) <= REACH else "far"


def line_in_words(a: float, b: float) -> str:
    """Return a line's formula in the usual notation.

    Example:
        >>> line_in_words(-1, -0.5), line_in_words(0, 2), line_in_words(0.5, 0)
        ('−x − 0.5', '2', '0.5x')
    """
    return f"{factor(a)}x{addend(b)}" if a else say(b)


def name_of(lines: tuple[Line, Line]) -> str | None:
    """Return the key of the activation that is the larger of the two lines, in either order."""
    (a, b), larger = sorted(lines)
    if larger != (1, 0):
        return None
    if a == 1:
        return "identity"
    names: dict[float, str] = {-1: "abs", 0: "relu"}
    name = "leaky" if 0 < a < 1 else names.get(a)
    return name if b == 0 else None
