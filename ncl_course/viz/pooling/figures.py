"""The pictures of the pooling lesson, each as a figure that a notebook shows as the value of a cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.image import AxesImage
from numpy.typing import ArrayLike, NDArray

from ncl_course.data.photo import sample_photo
from ncl_course.language import text
from ncl_course.viz.photo import Mode, draw_image, pool_photo
from ncl_course.viz.picture import Picture
from ncl_course.viz.pooling.dimensions import draw_dimensions
from ncl_course.viz.pooling.drawings import draw_gradient, draw_pooling
from ncl_course.viz.pooling.pair import draw_arrow, make_pair
from ncl_course.viz.pooling.pooled import SLIDE, PooledMap, pool_map
from ncl_course.viz.pooling.ruler import LANE, draw_output_size, lay
from ncl_course.viz.spoken import say

CELL = 0.62
"""The side of a cell, in inches."""

WIDEST = 8.0
"""The largest width of a ruler, in inches; its cells shrink to fit."""

TITLE_WIDTH = 6.6
"""The height of a ruler's title, in inches."""


def show_pooling(x: ArrayLike = SLIDE, kernel_size: int = 2, stride: int | None = None, mode: Mode = "max") -> Picture:
    """Show a small map, its windows in colour, and the pooled output.

    >>> show_pooling([[1, 3], [7, 4]], 2).alt
    'A 2×2 map is pooled to 1×1: the maximum of each 2×2 window, stride 2. Input [1 3 / 7 4]; output [7].'
    """
    pooled = pool_map(x, kernel_size, stride, mode)
    alt = _alt("pooling.picture.alt_", pooled, x=in_words(pooled.x), y=in_words(pooled.y))
    pair = make_pair(pooled.in_shape, pooled.out_shape[1], CELL, alt)
    draw_pooling(pooled, pair.ax_in, pair.ax_out)
    draw_arrow(pair.ax_arrow, pooled)
    return pair.picture


def show_gradient(
    x: ArrayLike = SLIDE,
    kernel_size: int = 2,
    stride: int | None = None,
    mode: Mode = "max",
    grad_out: ArrayLike | None = None,
) -> Picture:
    """Show the path of the gradient; the default ``grad_out`` is 1, 2, 3, …, so that each number can be followed."""
    pooled = pool_map(x, kernel_size, stride, mode)
    gradient = (
        numbered(pooled) if grad_out is None else np.asarray(grad_out, dtype=np.float64).reshape(pooled.out_shape)
    )
    dx = np.tensordot(gradient.ravel(), pooled.shares, axes=1)
    alt = _alt("pooling.gradient.alt_", pooled, grad_out=in_words(gradient), dx=in_words(dx))
    pair = make_pair(pooled.in_shape, pooled.out_shape[1], CELL, alt, text("pooling.gradient.dots"))
    draw_gradient(pooled, gradient, pair.ax_in, pair.ax_out)
    draw_arrow(pair.ax_arrow, pooled, back=True)
    return pair.picture


def show_output_size(size: int, kernel_size: int, stride: int | None = None) -> Picture:
    """Show how many windows fit along an axis of ``size`` cells."""
    stride = kernel_size if stride is None else stride
    axis = lay(size, kernel_size, stride)
    cell = min(CELL, WIDEST / (axis.length + 0.2))
    width, height = max(TITLE_WIDTH, (axis.length + 0.2) * cell), (1.7 + axis.lanes * LANE) * cell
    alt = text(
        "pooling.ruler.alt",
        size=size,
        kernel_size=kernel_size,
        stride=stride,
        count=axis.count,
        left=max(0, size - axis.used),
    )
    picture = Picture(width + 0.2, height + 0.45, alt)
    draw_output_size(size, kernel_size, stride, picture.place(0.1, 0.05, width, height))
    return picture


def show_photo(photo: ArrayLike | None = None, pools: Sequence[int] = (4, 8, 16)) -> Picture:
    """Show a photograph, and the same pooled with several kernel sizes: maximum above, average below."""
    image = sample_photo() if photo is None else np.asarray(photo, dtype=np.float64)
    rows, cols = image.shape[:2]
    width = 2.2
    height = width * rows / cols
    across, down = width + 0.15, height + 0.42
    names = ", ".join(str(kernel_size) for kernel_size in pools)
    alt = text("pooling.photo.alt", rows=rows, cols=cols, pools=names)
    picture = Picture(across * (len(pools) + 1) + 0.05, 2 * down + 0.1, alt)
    draw_image(image, picture.place(0.1, 0.1 + down / 2, width, height), "pooling.photo.original")
    panels = [
        [picture.place(0.1 + across * (c + 1), 0.1 + bottom, width, height) for c in range(len(pools))]
        for bottom in (down, 0.0)
    ]
    draw_photo(image, pools, panels)
    return picture


def draw_photo(photo: ArrayLike, pools: Sequence[int], axes: Any) -> dict[tuple[Mode, int], AxesImage]:
    """Draw the photo (H, W, 3) pooled with each kernel size of ``pools``, all at the same printed size.

    Args:
        photo: floats from 0 to 1.
        pools: kernel sizes, which are also the strides.
        axes: (2, len(pools)) axes: the maximum in the first row, the average in the second.
    """
    image = np.asarray(photo, dtype=np.float64)
    modes: tuple[Mode, Mode] = ("max", "average")
    return {
        (mode, kernel_size): draw_image(pool_photo(image, kernel_size, mode), ax, f"pooling.photo.{mode}", kernel_size)
        for mode, row in zip(modes, np.reshape(axes, (2, len(pools))), strict=True)
        for kernel_size, ax in zip(pools, row, strict=True)
    }


def show_dimensions() -> Picture:
    """Show the origin of dimensions 4 and 5."""
    picture = Picture(8.2, 6.0, text("pooling.dimensions.alt"))
    draw_dimensions(picture.place(0, 0, 8.2, 6.0))
    return picture


def numbered(pooled: PooledMap) -> NDArray[Any]:
    """Return 1, 2, 3, … for the output's cells: a gradient in which each entry can be followed."""
    return np.arange(1.0, pooled.steps + 1).reshape(pooled.out_shape)


def in_words(values: NDArray[Any]) -> str:
    """Return a small map on one line, with slashes between its rows."""
    rows = (" ".join(say(value) for value in row) for row in values)
    return "[" + " / ".join(rows) + "]"


def _alt(key: str, pooled: PooledMap, **values: str) -> str:
    (rows, cols), (out_rows, out_cols) = pooled.in_shape, pooled.out_shape
    return text(
        key + pooled.mode,
        rows=rows,
        cols=cols,
        out_rows=out_rows,
        out_cols=out_cols,
        kernel_size=pooled.kernel_size,
        stride=pooled.stride,
        **values,
    )
