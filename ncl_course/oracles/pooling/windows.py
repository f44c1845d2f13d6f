"""The windows of a pooling layer with other places, sizes and cells, and results computed only when they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import torch

from ncl_course.oracles.layer import Array, to_numpy, to_torch

Result = Callable[[], torch.Tensor]


class Lazy(Mapping[str, Array]):
    """Arrays by name, computed when they are read."""

    def __init__(self, made: dict[str, Result]) -> None:
        self.made = made
        self.known: dict[str, Array] = {}

    def __getitem__(self, name: str) -> Array:
        if name not in self.known:
            values = self.made[name]()
            self.known[name] = to_numpy(values, values.numpy().dtype)
        return self.known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.made)

    def __len__(self) -> int:
        return len(self.made)


class Windows:
    """The windows of an input: ``k`` cells wide, ``s`` cells apart."""

    def __init__(self, sight: Any, x: torch.Tensor, k: int, s: int) -> None:
        self.x, self.k, self.s = x, k, s
        self.average = sight.exercise == "AvgPool2d"
        grad_out = sight.arrays.get("grad_out")
        self.g = to_torch(grad_out) if grad_out is not None else torch.zeros(0)

    def cut(self, step: tuple[int, int], size: tuple[int, int], shift: tuple[int, int] = (0, 0)) -> torch.Tensor:
        """Return windows (N, C, OH, OW, cells) with other steps, sizes or first corners; outside cells are NaN."""
        places, outside = [], []
        for axis in (0, 1):
            length = self.x.shape[2 + axis]
            count = (length - self.k) // self.s + 1
            at = torch.arange(count)[:, None] * step[axis] + torch.arange(size[axis]) + shift[axis]
            outside.append((at < 0) | (at >= length))
            places.append(at.clamp(0, length - 1))
        cells = self.x[:, :, places[0][:, :, None, None], places[1]]
        hidden = outside[0][:, :, None, None] | outside[1]
        return cells.masked_fill(hidden, float("nan")).permute(0, 1, 2, 4, 3, 5).flatten(4)

    def usual(self) -> torch.Tensor:
        """Return the right windows."""
        return self.cut((self.s, self.s), (self.k, self.k))

    def reduced(self, cells: torch.Tensor) -> torch.Tensor:
        """Return the layer's own maximum or mean of cells that are inside."""
        if self.average:
            return cells.nanmean(-1)
        return cells.nan_to_num(-torch.inf).amax(-1)


UNSEEN: tuple[tuple[str, Callable[[int, int, int], bool]], ...] = (
    ("without the last cell of a window", lambda a, b, k: a == b == k - 1),
    ("without the first cell of a window", lambda a, b, k: a == b == 0),
    ("without the last row of a window", lambda a, b, k: a == k - 1),
    ("without the last column of a window", lambda a, b, k: b == k - 1),
    ("without the last row and column of a window", lambda a, b, k: k - 1 in (a, b)),
    ("without the first row and column of a window", lambda a, b, k: 0 in (a, b)),
    ("only the diagonal of a window", lambda a, b, k: a != b),
    ("only the first row of a window", lambda a, b, k: a > 0),
    ("only the first column of a window", lambda a, b, k: b > 0),
)
"""Cells (a, b) of a window that a loop over the window does not reach."""


def out_of_reach(hidden: Callable[[int, int, int], bool], k: int) -> torch.Tensor:
    """Return which cells (k·k,) of a window a loop does not reach."""
    return torch.tensor([hidden(cell // k, cell % k, k) for cell in range(k * k)])
