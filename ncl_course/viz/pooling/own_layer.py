"""A student's own pooling layer on a photograph; a sentence stands in for a layer that is not written yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from ncl_course.data.photo import sample_photo
from ncl_course.language import text
from ncl_course.viz.photo import draw_image
from ncl_course.viz.picture import Picture
from ncl_course.viz.students_code import NotDrawableError, name_of, tried, write_instead

WIDTH = 2.2
"""The width of one picture, in inches."""


def show_own_layer(
    layer: Callable[[int], Any], photo: ArrayLike | None = None, pools: Sequence[int] = (4, 8, 16)
) -> Picture:
    """Show a photograph (H, W, 3) and the output of ``layer(kernel_size)`` for each kernel size."""
    image = sample_photo() if photo is None else np.asarray(photo, dtype=np.float64)
    rows, cols = image.shape[:2]
    height, across = WIDTH * rows / cols, WIDTH + 0.15
    names = ", ".join(str(kernel_size) for kernel_size in pools)
    alt = text("pooling.own_layer.alt", name=name_of(layer), pools=names)
    picture = Picture(across * (len(pools) + 1) + 0.05, height + 0.5, alt)
    draw_image(image, picture.place(0.1, 0.1, WIDTH, height), "pooling.photo.original")
    for column, kernel_size in enumerate(pools, 1):
        draw_own_layer(layer, kernel_size, image, picture.place(0.1 + across * column, 0.1, WIDTH, height))
    return picture


def draw_own_layer(layer: Callable[[int], Any], kernel_size: int, image: NDArray[Any], ax: Axes) -> Any:
    """Draw the layer's output, or a sentence if it cannot be drawn."""

    def draw() -> Any:
        pooled = layer(kernel_size).forward(np.moveaxis(image, -1, 0)[None])
        if np.ndim(pooled) != 4 or np.shape(pooled)[1] != 3 or not np.size(pooled):
            raise NotDrawableError(text("course.students_code.shape", shape=np.shape(pooled)))
        return draw_image(np.moveaxis(pooled[0], 0, -1), ax, "pooling.own_layer.title", kernel_size)

    drawn = tried(draw)
    if not drawn.trouble:
        return drawn.value
    ax.set_axis_off()
    return write_instead(ax, drawn.trouble, 24)
