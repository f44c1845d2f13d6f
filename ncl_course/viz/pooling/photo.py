"""A real photograph pooled ever more coarsely, maximum above average."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from numpy.typing import ArrayLike, NDArray

from ncl_course.language import text
from ncl_course.viz.cells import title
from ncl_course.viz.pooling.pooled import Mode

Array = NDArray[Any]

PHOTO_SIZE = (192, 288)
"""H and W of the sample photo: not equal, and both divide by 2, 4, 8, 16 and 32."""


def sample_photo() -> Array:
    """The summer palace that scikit-learn ships, as (H, W, 3) floats from 0 to 1."""
    from PIL import Image
    from sklearn.datasets import (
        load_sample_image,
    )

    rows, cols = PHOTO_SIZE
    small = Image.fromarray(load_sample_image("china.jpg")).resize((cols, rows), Image.Resampling.LANCZOS)
    return np.asarray(small, dtype=np.float64) / 255


def edge_map(photo: Array) -> Array:
    """What a filter (−1, 0, 1) for vertical edges answers to the photo (H, W, 3) in grey: (H, W), both signs."""
    grey = photo.mean(-1)
    answer = np.zeros_like(grey)
    answer[:, 1:-1] = grey[:, 2:] - grey[:, :-2]
    return answer


def draw_photo(photo: ArrayLike, pools: Sequence[int], axes: Any) -> dict[tuple[Mode, int], AxesImage]:
    """Draw the photo (H, W, 3) pooled with each kernel size of ``pools``, all at one printed size.

    Args:
        photo: floats from 0 to 1.
        pools: kernel sizes, which are the strides too.
        axes: (2, len(pools)) axes: the maximum in the first row, the average in the second.
    """
    image = np.asarray(photo, dtype=np.float64)
    modes: tuple[Mode, Mode] = ("max", "average")
    return {
        (mode, kernel_size): draw_image(pool_photo(image, kernel_size, mode), ax, f"pooling.photo.{mode}", kernel_size)
        for mode, row in zip(modes, np.reshape(axes, (2, len(pools))), strict=True)
        for kernel_size, ax in zip(pools, row, strict=True)
    }


def draw_image(image: Array, ax: Axes, name: str, kernel_size: int = 1) -> AxesImage:
    """Draw pixels as they are, with what was done and the shape above."""
    rows, cols = image.shape[:2]
    ax.set_axis_off()
    title(ax, text(name, kernel_size=kernel_size, rows=rows, cols=cols))
    return ax.imshow(image.clip(0, 1), interpolation="nearest", aspect="auto")


def pool_photo(image: Array, kernel_size: int, mode: Mode, stride: int | None = None) -> Array:
    """Let the oracle pool a photo (H, W, 3)."""
    from ncl_course.oracles.pooling.right import AvgPool2d, MaxPool2d

    layer = {"max": MaxPool2d, "average": AvgPool2d}[mode](kernel_size, stride)
    return np.moveaxis(layer.forward(np.moveaxis(image, -1, 0)[None])[0], 0, -1)
