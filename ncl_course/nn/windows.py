"""The windows of a convolution as matrices, with little copying.

For each row of an image, *lines* hold the pixels that each column of the filter meets: one line for each filter column
and channel, with OW columns × N samples. The lines of neighbouring image rows are neighbours in memory, so the windows
of a filter with KH rows are the lines of KH rows in one piece. Such a matrix is a view: see ``stacks``.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ncl_course.nn.layer import Array
from ncl_course.nn.memory import spaced

SMALL = 1_000_000
"""OpenBLAS is fastest for products of at most a million multiplications, because it then reads both matrices in place.
Matrices are therefore multiplied in portions of as many columns as that allows, in multiples of 64."""


def side_by_side(images: Array, width: int, step: int) -> Array:
    """Return the lines (H, width·C, OW, N) of images (H, C, W, N), for filters with ``width`` columns.

    In image row h, line v·C + c holds ``images[h, c, step·j + v]`` in column j.

    Args:
        step: the distance between neighbouring windows, in columns.

    Example:
        >>> row = np.array([1, 2, 3, 4]).reshape(1, 1, 4, 1)
        >>> side_by_side(row, width=3, step=1).reshape(3, 2)
        array([[1, 2],
               [2, 3],
               [3, 4]])
    """
    H, C, W, N = images.shape
    OW = len(range(0, W - width + 1, step))
    lines = spaced((H, width * C, OW, N), axes=2, dtype=images.dtype)
    for v in range(width):
        lines[:, v * C : (v + 1) * C] = images[:, :, v : v + step * OW : step]
    return lines


def add_up(lines: Array, channels: int, width: int, step: int) -> Array:
    """Return images (channels, H, width, N) in which each pixel is the sum of its copies in the lines (H, M, OW, N).

    This is the gradient of ``side_by_side``: the gradient of a pixel that was copied several times is the sum of the
    gradients of its copies.
    """
    H, M, OW, N = lines.shape
    images = np.zeros((channels, H, width, N), lines.dtype)
    for v in range(M // channels):
        part = lines[:, v * channels : (v + 1) * channels]
        images[:, :, v : v + step * OW : step] += part.swapaxes(0, 1)
    return images


def stacks(lines: Array, height: int, step: int = 1) -> Array:
    """Return one matrix for every ``step``-th row of the lines (H, M, W, N): (OH, height·M, W·N).

    Row u·M + m of matrix i is line m of image row step·i + u. The result is a read-only view.
    """
    H, M, W, N = lines.shape
    below = sliding_window_view(lines.reshape(H * M, W * N), height * M, axis=0)
    return below[:: step * M].swapaxes(1, 2)


def multiply(filters: Array, matrices: Array, out: Array) -> None:
    """Write the product of the filters (K, A) and each of the matrices (R, A, B) into ``out`` (R, K, B)."""
    B = matrices.shape[2]
    portion = max(min(SMALL // filters.size // 64 * 64 or B, B), 1)
    whole = B - B % portion
    np.matmul(filters, cut(matrices[..., :whole], portion), out=cut(out[..., :whole], portion))
    np.matmul(filters, matrices[..., whole:], out=out[..., whole:])


def cut(matrices: Array, width: int) -> Array:
    """Cut matrices (R, A, B) into matrices with ``width`` columns: a view (R, B / width, A, width)."""
    R, A, B = matrices.shape
    return matrices.reshape(R, A, B // width, width).swapaxes(1, 2)
