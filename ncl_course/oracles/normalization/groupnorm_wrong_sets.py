"""Means over the wrong set of numbers: normalizations differ only in the axes that they average over.

Autograd follows the changed ``average``, so the backward pass is wrong in the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from ncl_course.oracles.normalization.groupnorm import Standardized
from ncl_course.oracles.normalization.groupnorm_wrong_formulas import numbers_in_set


def averaging(oracle: type[Standardized], average: Callable[[Any, torch.Tensor], torch.Tensor]) -> type[Standardized]:
    """Return the oracle with another set of numbers."""
    return type(oracle.__name__, (oracle,), {"average": average})


def divided_by(oracle: type[Standardized], count: Callable[[torch.Tensor], int]) -> type[Standardized]:
    """Return the oracle that divides the set's sums by a wrong count of its numbers."""

    def average(self: Any, x: torch.Tensor) -> torch.Tensor:
        return oracle.average(self, x) * numbers_in_set(self, x) / count(x)

    return averaging(oracle, average)


def over(oracle: type[Standardized], *axes: int) -> type[Standardized]:
    """Return the oracle with the mean over these axes."""
    return averaging(oracle, lambda _self, x: x.mean(axes, keepdim=True))


def unbiased_over(oracle: type[Standardized], *axes: int) -> type[Standardized]:
    """Return the oracle with mean and variance over these axes, the variance divided by n − 1."""

    def standardized(self: Any, x: torch.Tensor) -> torch.Tensor:
        std: torch.Tensor = self.deviation(x.var(axes, correction=1, keepdim=True))
        return (x - x.mean(axes, keepdim=True)) / std

    return type(oracle.__name__, (oracle,), {"standardized": standardized})


def interleaved(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Let channel c belong to group c mod G."""
    N, C, H, W = x.shape
    means = x.reshape(N, C // self.num_groups, self.num_groups, H, W).mean((1, 3, 4))
    return means.repeat(1, C // self.num_groups)[:, :, None, None]


def rows_of_batch(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Reshape to (G, −1), so that a group is a share of the whole batch."""
    rows = x.reshape(self.num_groups, -1)
    return rows.mean(-1, keepdim=True).expand_as(rows).reshape(x.shape)


def size_confused(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Take the number of groups for the number of channels per group."""
    N, C, _, _ = x.shape
    return x.reshape(N, C // self.num_groups, -1).mean(-1).repeat_interleave(self.num_groups, 1)[:, :, None, None]


def scrambled(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Reshape into groups while the channels are last: a group is a strip of the image."""
    N, C, H, W = x.shape
    rows = x.permute(0, 2, 3, 1).reshape(N, self.num_groups, -1)
    means = rows.mean(-1, keepdim=True).expand_as(rows)
    return means.reshape(N, H, W, C).permute(0, 3, 1, 2)


def read_as_channels_last(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Read the numbers (N, C, H, W) as (N, H, W, C), whose groups lie on the last axis."""
    N, C, H, W = x.shape
    cells = x.reshape(N, H, W, self.num_groups, C // self.num_groups)
    return cells.mean((1, 2, 4), keepdim=True).expand_as(cells).reshape(x.shape)


def group_channels_only(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Return a separate mean over a group's channels in each cell."""
    N, C, H, W = x.shape
    means = x.reshape(N, self.num_groups, -1, H, W).mean(2)
    return means.repeat_interleave(C // self.num_groups, 1)
