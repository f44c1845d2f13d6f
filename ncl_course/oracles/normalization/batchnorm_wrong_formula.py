"""Wrong formulas of batch normalization: ε, the root, γ or β in a wrong place, missing or copied."""

from __future__ import annotations

from collections.abc import Callable

import torch

from ncl_course.oracles.normalization.batchnorm_written import Written
from ncl_course.oracles.normalization.groupnorm_wrong_affine import STARTS, affine_from


def eps_outside(self: Written, var: torch.Tensor) -> torch.Tensor:
    """Return √σ² + ε."""
    return torch.sqrt(var) + self.eps


def no_eps(_: Written, var: torch.Tensor) -> torch.Tensor:
    """Return √σ²."""
    return torch.sqrt(var)


def eps_as_floor(self: Written, var: torch.Tensor) -> torch.Tensor:
    """Return √max(σ², ε)."""
    return torch.sqrt(var.clamp(min=self.eps))


def fixed_eps(eps: float) -> Callable[[Written, torch.Tensor], torch.Tensor]:
    """Return a divisor with that ε, whatever the constructor got."""
    return lambda _, var: torch.sqrt(var + eps)


def only_eps_at_test(self: Written, var: torch.Tensor) -> torch.Tensor:
    """Leave out ε at test only."""
    return Written.std(self, var) if self.trained else torch.sqrt(var)


def outside_at_test(self: Written, var: torch.Tensor) -> torch.Tensor:
    """Put ε outside the root at test only."""
    return Written.std(self, var) if self.trained else torch.sqrt(var) + self.eps


def variance_at_test(self: Written, var: torch.Tensor) -> torch.Tensor:
    """Take the running variance for a standard deviation."""
    return Written.std(self, var) if self.trained else var + self.eps


def no_affine(self: Written, xhat: torch.Tensor) -> torch.Tensor:
    """Return x̂ alone; γ and β get zeros as gradients."""
    return xhat + 0 * self.gamma + 0 * self.beta


def no_affine_at_test(self: Written, xhat: torch.Tensor) -> torch.Tensor:
    """Skip γ and β at test."""
    return Written.affine(self, xhat) if self.trained else no_affine(self, xhat)


OTHER_STARTS = tuple({"__init__": affine_from(Written, *start)} for start in STARTS)
"""Constructors for other values of γ and β at the start."""


def first_read(name: str) -> property:
    """Return γ or β as the layer's first forward found it; its gradient is still the parameter's."""

    def parameter(self: Written) -> torch.Tensor:
        leaf = self.leaves[name]
        vars(self).setdefault(f"first_{name}", leaf.detach().clone())
        return self.upright(vars(self)[f"first_{name}"] + leaf - leaf.detach())

    return property(parameter)


READ_ONCE = {"gamma": first_read("gamma"), "beta": first_read("beta")}
"""The versions that copy γ and β when they are first needed, and do not see changes during training."""
