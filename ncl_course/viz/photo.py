"""The sample photograph of several lessons, drawn, pooled by the oracle, and its vertical edges."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from numpy.typing import NDArray

from ncl_course.language import text
from ncl_course.viz.axes import title

Array = NDArray[Any]
Mode = Literal["max", "average"]


def draw_image(image: Array, ax: Axes, name: str, kernel_size: int = 1) -> AxesImage:
    """Draw unsmoothed pixels, with the operation and the shape above.

    Args:
        name: the key of the words above.
    """
    rows, cols = image.shape[:2]
    ax.set_axis_off()
    title(ax, text(name, kernel_size=kernel_size, rows=rows, cols=cols))
    return ax.imshow(image.clip(0, 1), interpolation="nearest", aspect="auto")


def pool_photo(image: Array, kernel_size: int, mode: Mode, stride: int | None = None) -> Array:
    """Return a photo (H, W, 3) that the oracle has pooled."""
    from ncl_course.oracles.pooling.right import AvgPool2d, MaxPool2d

    layer = {"max": MaxPool2d, "average": AvgPool2d}[mode](kernel_size, stride)
    return np.moveaxis(layer.forward(np.moveaxis(image, -1, 0)[None])[0], 0, -1)


def edge_map(photo: Array) -> Array:
    """Return a filter (−1, 0, 1) for vertical edges applied to the grey photo (H, W, 3): (H, W), both signs."""
    grey = photo.mean(-1)
    answer = np.zeros_like(grey)
    answer[:, 1:-1] = grey[:, 2:] - grey[:, :-2]
    return answer
