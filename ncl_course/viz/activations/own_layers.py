"""A student's own activations as curves over torch's; a sentence stands in for a layer that is not written yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from ncl_course.language import text
from ncl_course.viz.activations.curves import SLOPE, VALUE, X, broken, crossed, curve
from ncl_course.viz.activations.figures import grid, grid_size
from ncl_course.viz.palette import INK
from ncl_course.viz.picture import Picture
from ncl_course.viz.students_code import NotDrawableError, name_of, tried, write_instead

CELL = (2.55, 1.6)


def show_own_activations(*layers: Callable[[], Any]) -> Picture:
    """Show the value and the derivative of each layer as thick curves, with torch's as thin lines inside."""
    cols = min(3, len(layers))
    rows = -(-len(layers) // cols)
    names = ", ".join(map(name_of, layers))
    picture = Picture(*grid_size(rows, cols, CELL), text("activations.own_activations.alt", names=names))
    for layer, ax in zip(layers, grid(picture, rows, cols, CELL), strict=False):
        draw_own_activation(layer, ax)
    return picture


def draw_own_activation(layer: Callable[[], Any], ax: Axes) -> list[Any]:
    """Draw a layer's values and slope if it is written, or else a sentence."""
    name = name_of(layer)
    crossed(ax, name, (-1.6, 2.6))

    def draw() -> list[Any]:
        made = layer()
        drawn: list[Any] = ax.plot(X, one_row(made.forward(X.copy())), color=VALUE, linewidth=5, alpha=0.6)
        drawn += ax.plot(X, curve(name)[0], color=INK, linewidth=1.2)
        drawn += ax.plot(*broken(X, one_row(made.backward(np.ones_like(X)))), color=SLOPE, linewidth=4, alpha=0.6)
        return drawn + ax.plot(*broken(X, curve(name)[1]), color=INK, linewidth=1.2, linestyle="--")

    drawn = tried(draw)
    if not drawn.trouble:
        return list(drawn.value)
    return [write_instead(ax, drawn.trouble, 22, x=0.98, y=0.04, ha="right", va="bottom")]


def one_row(values: Any) -> Any:
    """Return the values if there are as many as there are x.

    Raises:
        NotDrawableError: there are more or fewer.
    """
    if np.shape(values) != X.shape:
        raise NotDrawableError(text("activations.own_activations.shape", shape=np.shape(values), right=X.shape))
    return values
