"""The memory order of images: the samples innermost, (C, H, W, N). Values do not depend on it, but speed does.

With this order, pixel (i, j) of one channel is a contiguous run of N numbers, one for each sample. A layer that shifts,
compares or pools maps then works on long runs even if the maps are small.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import DTypeLike

from ncl_course.nn.layer import Array

GAP = 16
"""The number of unused elements in memory after each item of a spaced array. Without them, items of 1024 float32 would
start 4096 bytes apart. A processor's cache keeps few such addresses at once, which makes a product up to twice as slow.
"""


def spaced(shape: tuple[int, ...], axes: int, dtype: DTypeLike) -> Array:
    """Return an uninitialized array with ``GAP`` unused elements after each item of the first ``axes`` axes.

    Example:
        >>> spaced((2, 3, 4), axes=2, dtype=np.float32).strides
        (240, 80, 4)
    """
    items, length = shape[:axes], math.prod(shape[axes:])
    return np.empty((*items, length + GAP), dtype)[..., :length].reshape(shape)


def put_samples_last(x: Array, out: Array) -> None:
    """Write images x (N, C, H, W) into ``out`` (H, C, W, N).

    If each image is contiguous in x, the images are first copied to a spaced array: collecting numbers that lie a power
    of two apart is slow.
    """
    if x.strides[0] != x.itemsize:
        images, x = x, spaced(x.shape, axes=1, dtype=x.dtype)
        x[...] = images
    out[...] = x.transpose(2, 1, 3, 0)


def samples_last(x: Array) -> Array:
    """Return images x (N, C, H, W) with the samples innermost in memory; x itself if it is so already or has no images.

    Example:
        >>> x = np.zeros((64, 3, 8, 8), np.float32)
        >>> x.strides, samples_last(x).strides
        ((768, 256, 32, 4), (4, 16384, 2048, 256))
    """
    if x.ndim != 4 or x.strides[0] == x.itemsize:
        return x
    N, C, H, W = x.shape
    images = np.empty((C, H, W, N), x.dtype)
    put_samples_last(x, images.swapaxes(0, 1))
    return images.transpose(3, 0, 1, 2)
