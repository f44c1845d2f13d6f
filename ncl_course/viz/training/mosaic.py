"""Maps side by side as one small picture, from dark, its layer's least number, to light, the largest."""

from __future__ import annotations

from typing import Any

import matplotlib
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

MAPS = 12
"""More maps than these are not shown."""
CELLS = 96
"""More numbers of a vector than these are not shown."""
TONES = matplotlib.colormaps["cividis"](np.arange(256), bytes=True)
"""The colour (256, 4) of each brightness: dark blue to yellow, for colour-blind eyes too, and seen on any page."""


def grey(values: Array, span: tuple[float, float] | None = None) -> Array:
    """Numbers of any shape as bytes of brightness; one level for all where they are all equal. Not finite: black.

    Args:
        values: the numbers.
        span: what is darkest and what is lightest, none of the numbers beyond; their own least and largest by itself.
    """
    finite = np.isfinite(values)
    if not finite.any():
        return np.zeros(np.shape(values), np.uint8)
    low, high = span or (float(values[finite].min()), float(values[finite].max()))
    if high == low:
        return np.full(np.shape(values), 0 if high == 0 else 127, np.uint8)
    scaled = (np.where(finite, values, low).astype(np.float64) - low) / (high - low)
    return np.asarray(255 * scaled, dtype=np.uint8)


def maps_in_a_row(maps: Array) -> Array:
    """Maps (C, H, W) as one RGBA picture (H, MAPS·(W + gap), 4), see-through where no map is."""
    _, H, W = maps.shape
    gap = max(1, W // 8)
    row = np.zeros((H, MAPS * (W + gap), 4), np.uint8)
    for number, tile in enumerate(TONES[grey(maps)[:MAPS]]):
        row[:, number * (W + gap) : number * (W + gap) + W] = tile
    return row


def vector_in_a_row(values: Array) -> Array:
    """A vector (M,) as one row (1, CELLS or M, 4) of RGBA cells."""
    return np.asarray(TONES[grey(values)[None, :CELLS]], dtype=np.uint8)


def answer_in_a_row(output: Array) -> Array:
    """What a layer made of one image, maps (C, H, W) or a vector (M,), as one row."""
    return maps_in_a_row(output) if output.ndim == 3 else vector_in_a_row(np.ravel(output))


def image_in_a_row(image: Array) -> Array:
    """An image (C, H, W) as it is seen: in colour where it has three maps, else its first map, in grey."""
    return coloured(np.repeat(image[None, :1], 3, axis=1) if len(image) != 3 else image[None])


def filters_in_a_row(filters: Array) -> Array:
    """Filters (K, C, KH, KW) side by side: in colour where they take three maps, else the part for the first map."""
    return coloured(filters) if filters.shape[1] == 3 else maps_in_a_row(filters[:, 0])


def coloured(images: Array) -> Array:
    """Images (N, 3, H, W), red, green and blue, as one RGBA picture."""
    row = maps_in_a_row(images[:, 0])
    W, gap = images.shape[3], max(1, images.shape[3] // 8)
    for number, tile in enumerate(grey(images)[:MAPS]):
        start = number * (W + gap)
        row[:, start : start + W, :3] = tile.transpose(1, 2, 0)
    return row


def maps_in_a_grid(maps: Array, columns: int, rows: int, span: tuple[float, float] | None = None) -> Array:
    """Maps (C, H, W) in rows, as one RGBA picture, as many of them as there is room for; see-through in between."""
    C, H, W = maps.shape
    gap = max(1, W // 8)
    rows = min(rows, -(-C // columns))
    grid = np.zeros((rows * (H + gap) - gap, columns * (W + gap) - gap, 4), np.uint8)
    for number, tile in enumerate(TONES[grey(maps, span)[: rows * columns]]):
        row, column = divmod(number, columns)
        grid[row * (H + gap) : row * (H + gap) + H, column * (W + gap) : column * (W + gap) + W] = tile
    return grid
