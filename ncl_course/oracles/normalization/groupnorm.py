"""Normalization within a sample, and of weights, by torch (lecture section 5): right answers to lesson 05.

Layer, instance and group normalization differ in one thing: the set of numbers that share a mean and a variance.
``average`` is that set's mean; everything else is the same. There are no running statistics: test mode is the same.
"""

from __future__ import annotations

import numpy as np
import torch

from ncl_course.oracles.layer import Array, TorchLayer, to_torch


class Standardized(TorchLayer):
    """(x − μ) / √(σ² + ε), with μ and the biased σ² over each number's set."""

    eps: float

    def average(self, x: torch.Tensor) -> torch.Tensor:
        """Return the mean over each number's set, in a shape that broadcasts with ``x``."""
        raise NotImplementedError

    def deviation(self, variance: torch.Tensor) -> torch.Tensor:
        """Return the divisor of the centred input."""
        return torch.sqrt(variance + self.eps)

    def standardized(self, x: torch.Tensor) -> torch.Tensor:
        """Return the input with mean 0 and variance 1 over each set; ε makes the variance slightly smaller."""
        centred = x - self.average(x)
        return centred / self.deviation(self.average(centred**2))

    def compute(self, x: torch.Tensor) -> torch.Tensor:
        return self.standardized(x)


class GroupNorm(Standardized):
    """torch.nn.functional.group_norm: ``num_groups`` groups of neighbouring channels, each with its own statistics."""

    def __init__(self, num_groups: int, num_channels: int, eps: float = 1e-5) -> None:
        if num_channels % num_groups:
            raise ValueError(f"{num_channels} channels are not divisible into {num_groups} groups")
        self.num_groups, self.num_channels, self.eps = num_groups, num_channels, eps
        self.params = {"gamma": np.ones(num_channels), "beta": np.zeros(num_channels)}

    def average(self, x: torch.Tensor) -> torch.Tensor:
        """Return the mean over all cells of all channels of a group: (N, C, 1, 1)."""
        N, C, _, _ = x.shape
        means = x.reshape(N, self.num_groups, -1).mean(-1)
        return means.repeat_interleave(C // self.num_groups, 1)[:, :, None, None]

    def affine(self, x: torch.Tensor) -> torch.Tensor:
        """Return γ·x + β, with one γ and one β per channel."""
        return self.leaves["gamma"][:, None, None] * x + self.leaves["beta"][:, None, None]

    def compute(self, x: torch.Tensor) -> torch.Tensor:
        return self.affine(self.standardized(x))


class LayerNorm2d(GroupNorm):
    """One group of all channels: torch.nn.LayerNorm([C, H, W]), but with γ and β per channel instead of per cell."""

    def __init__(self, num_channels: int, eps: float = 1e-5) -> None:
        super().__init__(1, num_channels, eps)


class InstanceNorm2d(GroupNorm):
    """A group for each channel: torch.nn.functional.instance_norm."""

    def __init__(self, num_channels: int, eps: float = 1e-5) -> None:
        super().__init__(num_channels, num_channels, eps)


class WeightStandardization(Standardized):
    """Weights (K, M, p, q) with mean 0 and variance 1 over (M, p, q) of each output filter (Qiao et al. 2019)."""

    def __init__(self, eps: float = 1e-5) -> None:
        self.eps = eps

    def average(self, x: torch.Tensor) -> torch.Tensor:
        """Return the mean of each filter: (K, 1, 1, 1)."""
        return x.mean((1, 2, 3), keepdim=True)


def natural_scale(layer: Standardized, x: Array, grad_out: Array, gamma: Array | None = None) -> float:
    """Return max|g·γ|/σ, the size of the terms in a normalization's gradient, which may cancel."""
    values, upstream = to_torch(x), to_torch(grad_out)
    if gamma is not None:
        upstream = upstream * to_torch(gamma)[:, None, None]
    centred = values - layer.average(values)
    return float((upstream / layer.deviation(layer.average(centred**2))).abs().max())
