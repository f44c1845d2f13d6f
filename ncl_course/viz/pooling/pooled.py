"""One small map pooled by the oracle: the output, and the inputs of each output cell.

The drawings compute nothing themselves. The oracle's gradient of a single output cell shows which input cells
contribute to it and how much, for the maximum and for the average alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ncl_course.language import text
from ncl_course.viz.cells import Place
from ncl_course.viz.photo import Mode

Array = NDArray[Any]

SLIDE = np.array([[1, 3, 2, 9], [7, 4, 1, 5], [8, 5, 2, 3], [4, 2, 1, 4]], dtype=np.float64)
"""The map of the lecture's slide."""

SLIDE.flags.writeable = False
MAP_DIMENSIONS = 2


@dataclass(frozen=True)
class PooledMap:
    """A map and its pooled output.

    Attributes:
        x: the input (H, W).
        y: the output (OH, OW); its cells are numbered row by row.
        shares: (OH·OW, H, W), the derivative of output cell n by each input cell.
    """

    x: Array
    kernel_size: int
    stride: int
    mode: Mode
    y: Array
    shares: Array

    @property
    def in_shape(self) -> Place:
        """H and W."""
        rows, cols = self.x.shape
        return rows, cols

    @property
    def out_shape(self) -> Place:
        """OH and OW."""
        rows, cols = self.y.shape
        return rows, cols

    @property
    def steps(self) -> int:
        """The number of windows."""
        return self.y.size

    def place(self, n: int) -> Place:
        """Return the output cell of window n."""
        return divmod(n, self.out_shape[1])

    def corner(self, n: int) -> Place:
        """Return the upper left input cell of window n."""
        i, j = self.place(n)
        return i * self.stride, j * self.stride

    def covers(self, n: int, cell: Place) -> bool:
        """Return whether window n covers that input cell."""
        return all(0 <= c - start < self.kernel_size for c, start in zip(cell, self.corner(n), strict=True))

    def winner(self, n: int) -> Place | None:
        """Return the input cell of a maximum, or None for an average."""
        if self.mode == "average":
            return None
        i, j = np.unravel_index(int(self.shares[n].argmax()), self.x.shape)
        return int(i), int(j)

    def sources(self, cell: Place, upto: int) -> list[int]:
        """Return those of the first ``upto`` windows that send a gradient to that input cell."""
        i, j = cell
        return [int(n) for n in np.flatnonzero(self.shares[:upto, i, j])]


def pool_map(x: ArrayLike, kernel_size: int, stride: int | None, mode: Mode) -> PooledMap:
    """Return one map that the oracle has pooled.

    Raises:
        ValueError: no window fits, or ``x`` is not one map of numbers.
    """
    from ncl_course.oracles.pooling.right import AvgPool2d, MaxPool2d

    values = np.asarray(x, dtype=np.float64)
    stride = kernel_size if stride is None else stride
    _insist(values, kernel_size, stride, mode)
    layer = {"max": MaxPool2d, "average": AvgPool2d}[mode](kernel_size, stride)
    y = layer.forward(values[None, None])[0, 0]
    layer.forward(np.repeat(values[None, None], y.size, axis=0))
    shares = layer.backward(np.eye(y.size).reshape(y.size, 1, *y.shape))[:, 0]
    return PooledMap(values, kernel_size, stride, mode, y, shares)


def _insist(x: Array, kernel_size: int, stride: int, mode: str) -> None:
    if x.ndim != MAP_DIMENSIONS or not x.size:
        raise ValueError(text("pooling.error.map", shape=x.shape))
    if not 1 <= kernel_size <= min(x.shape) or stride < 1:
        raise ValueError(
            text("pooling.error.window", kernel_size=kernel_size, stride=stride, rows=x.shape[0], cols=x.shape[1])
        )
    if mode not in ("max", "average"):
        raise ValueError(text("pooling.error.mode", mode=repr(mode)))
