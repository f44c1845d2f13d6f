"""Maps side by side as one small picture; the colours go from dark for the smallest number to light for the largest."""

from __future__ import annotations

from math import isfinite
from typing import Any

import matplotlib
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

MAPS = 12
"""The largest number of maps in a row."""
CELLS = 96
"""The most entries of a vector that are shown in one row."""
TONES = matplotlib.colormaps["cividis"](np.arange(256), bytes=True)
"""The colour (256, 4) of each brightness: dark blue to yellow, for colour-blind readers, and visible on any page."""


def grey(values: Array, span: tuple[float, float] | None = None) -> Array:
    """Return numbers of any shape as bytes of brightness: one level if all are equal, and 0 for infinity and NaN.

    Args:
        values: the numbers.
        span: the darkest and the lightest number, which no number exceeds; by default the smallest and the largest.
    """
    ends, finite = span or ends_of(values), np.isfinite(values)
    if ends is None or not finite.any():
        return np.zeros(np.shape(values), np.uint8)
    low, high = ends
    if high == low:
        return np.full(np.shape(values), 0 if high == 0 else 127, np.uint8)
    scaled = (np.where(finite, values, low).astype(np.float64) - low) / (high - low)
    return np.asarray(255 * scaled, dtype=np.uint8)


def ends_of(values: Array) -> tuple[float, float] | None:
    """Return the smallest and the largest finite number, or None if there is none."""
    low, high = float(values.min()), float(values.max())
    if isfinite(low) and isfinite(high):
        return low, high  # without a copy of the finite numbers: a frame of the living network asks forty times
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else None


def maps_in_a_row(maps: Array) -> Array:
    """Return maps (C, H, W) as one RGBA picture (H, MAPS·(W + gap), 4), transparent between the maps."""
    _, H, W = maps.shape
    gap = max(1, W // 8)
    row = np.zeros((H, MAPS * (W + gap), 4), np.uint8)
    for number, tile in enumerate(TONES[grey(maps)[:MAPS]]):
        row[:, number * (W + gap) : number * (W + gap) + W] = tile
    return row


def vector_in_a_row(values: Array) -> Array:
    """Return a vector (M,) as one row (1, CELLS or M, 4) of RGBA cells."""
    return np.asarray(TONES[grey(values)[None, :CELLS]], dtype=np.uint8)


def answer_in_a_row(output: Array) -> Array:
    """Return a layer's output for one image, maps (C, H, W) or a vector (M,), as one row."""
    return maps_in_a_row(output) if output.ndim == 3 else vector_in_a_row(np.ravel(output))


def image_in_a_row(image: Array) -> Array:
    """Return an image (C, H, W): in colour if it has three maps, or else its first map in grey."""
    return coloured(np.repeat(image[None, :1], 3, axis=1) if len(image) != 3 else image[None])


def filters_in_a_row(filters: Array) -> Array:
    """Return filters (K, C, KH, KW) side by side: in colour if C = 3, or else their part for the first map."""
    return coloured(filters) if filters.shape[1] == 3 else maps_in_a_row(filters[:, 0])


def coloured(images: Array) -> Array:
    """Return images (N, 3, H, W), red, green and blue, as one RGBA picture."""
    row = maps_in_a_row(images[:, 0])
    W, gap = images.shape[3], max(1, images.shape[3] // 8)
    for number, tile in enumerate(grey(images)[:MAPS]):
        start = number * (W + gap)
        row[:, start : start + W, :3] = tile.transpose(1, 2, 0)
    return row


def maps_in_a_grid(maps: Array, columns: int, rows: int, span: tuple[float, float] | None = None) -> Array:
    """Return maps (C, H, W) in rows as one RGBA picture, as many as there is room for; gaps are transparent."""
    C, H, W = maps.shape
    gap = max(1, W // 8)
    rows = min(rows, -(-C // columns))
    grid = np.zeros((rows * (H + gap) - gap, columns * (W + gap) - gap, 4), np.uint8)
    for number, tile in enumerate(TONES[grey(maps, span)[: rows * columns]]):
        row, column = divmod(number, columns)
        grid[row * (H + gap) : row * (H + gap) + H, column * (W + gap) : column * (W + gap) + W] = tile
    return grid
