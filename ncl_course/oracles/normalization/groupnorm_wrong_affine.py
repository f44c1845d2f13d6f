"""γ and β that are applied wrongly or have a wrong shape, and groups that do not divide the channels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from ncl_course.oracles.normalization.groupnorm import GroupNorm, Standardized

Affine = Callable[[Any, torch.Tensor], torch.Tensor]


def affine_as(oracle: type[GroupNorm], affine: Affine) -> type[Standardized]:
    """Return the oracle that scales and shifts in another way."""
    return type(oracle.__name__, (oracle,), {"affine": affine})


def none(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Ignore γ and β."""
    return x + 0 * (self.leaves["gamma"].sum() + self.leaves["beta"].sum())


def beta_first(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Return γ·(x̂ + β)."""
    return self.leaves["gamma"][:, None, None] * (x + self.leaves["beta"][:, None, None])


def exchanged(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Return β·x̂ + γ."""
    return self.leaves["beta"][:, None, None] * x + self.leaves["gamma"][:, None, None]


def along(shape: tuple[int, ...]) -> Affine:
    """Return a formula with γ and β in a shape that broadcasts along a wrong axis."""

    def affine(self: Any, x: torch.Tensor) -> torch.Tensor:
        return self.leaves["gamma"].reshape(shape) * x + self.leaves["beta"].reshape(shape)

    return affine


def read_once(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Use γ and β as the layer's first forward found them; their gradients are still the parameters'."""
    first = vars(self).setdefault("first", {name: leaf.detach().clone() for name, leaf in self.leaves.items()})
    gamma, beta = (first[name] + leaf - leaf.detach() for name, leaf in self.leaves.items())
    return gamma[:, None, None] * x + beta[:, None, None]


WRONG_AXES = (along((-1,)), along((-1, 1)), along((-1, 1, 1, 1)))
"""Formulas along the width, as NumPy broadcasts by default, along the height, and along the batch."""


def shaped(oracle: type[GroupNorm]) -> type[Standardized]:
    """Return the oracle that keeps γ and β as (1, C, 1, 1)."""
    return with_parameters(oracle, lambda self: (1, self.num_channels, 1, 1), lambda self, values: values)


def starting_at(oracle: type[GroupNorm], gamma: float, beta: float) -> type[Standardized]:
    """Return the oracle whose γ and β have other values before anything is written into them."""
    return type(oracle.__name__, (oracle,), {"__init__": affine_from(oracle, gamma, beta)})


def affine_from(oracle: type[Any], gamma: float, beta: float) -> Callable[..., None]:
    """Return an oracle's constructor with other values of γ and β at the start."""

    def constructor(self: Any, *args: Any, **kwargs: Any) -> None:
        oracle.__init__(self, *args, **kwargs)
        self.params["gamma"][...], self.params["beta"][...] = gamma, beta

    return constructor


STARTS = ((0.0, 0.0), (1.0, 1.0), (0.0, 1.0))
"""Other values of γ and β at the start."""


def per_group(oracle: type[GroupNorm]) -> type[Standardized]:
    """Return the oracle with one γ and one β per group."""

    def spread(self: Any, values: torch.Tensor) -> torch.Tensor:
        return values.repeat_interleave(self.num_channels // self.num_groups)[:, None, None]

    return with_parameters(oracle, lambda self: (self.num_groups,), spread)


def with_parameters(
    oracle: type[GroupNorm],
    shape: Callable[[Any], tuple[int, ...]],
    spread: Callable[[Any, torch.Tensor], torch.Tensor],
) -> type[Standardized]:
    """Return the oracle with parameters of another shape."""

    def make(self: Any, *args: Any, **kwargs: Any) -> None:
        oracle.__init__(self, *args, **kwargs)
        self.params = {"gamma": np.ones(shape(self)), "beta": np.zeros(shape(self))}

    def affine(self: Any, x: torch.Tensor) -> torch.Tensor:
        return spread(self, self.leaves["gamma"]) * x + spread(self, self.leaves["beta"])

    return type(oracle.__name__, (oracle,), {"__init__": make, "affine": affine})


def accepting(oracle: type[GroupNorm]) -> type[Standardized]:
    """Return the oracle that accepts groups that do not divide the channels."""

    def make(self: Any, num_groups: int, num_channels: int, eps: float = 1e-5) -> None:
        oracle.__init__(self, 1, num_channels, eps)
        self.num_groups = num_groups

    return type(oracle.__name__, (oracle,), {"__init__": make})
