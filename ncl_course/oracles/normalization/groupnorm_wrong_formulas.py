"""Wrong formulas over the right set of numbers: the variance, ε, the root, the mode."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from ncl_course.oracles.normalization.groupnorm import GroupNorm, Standardized


def numbers_in_set(self: Any, x: torch.Tensor) -> int:
    """Return how many numbers share a mean."""
    return x[0].numel() // int(getattr(self, "num_groups", 1))


def dividing_by(
    oracle: type[Standardized], deviation: Callable[[Any, torch.Tensor], torch.Tensor]
) -> type[Standardized]:
    """Return the oracle with another divisor, which is computed from the variance."""
    return type(oracle.__name__, (oracle,), {"deviation": deviation})


def eps_outside(self: Any, variance: torch.Tensor) -> torch.Tensor:
    """Return σ + ε."""
    return variance.sqrt() + self.eps


def no_eps(_self: Any, variance: torch.Tensor) -> torch.Tensor:
    """Return σ without ε."""
    return variance.sqrt()


def eps_as_floor(self: Any, variance: torch.Tensor) -> torch.Tensor:
    """Return √max(σ², ε)."""
    return torch.sqrt(variance.clamp(min=self.eps))


def fixed_eps(eps: float) -> Callable[[Any, torch.Tensor], torch.Tensor]:
    """Return a divisor with that ε, whatever the constructor got."""
    return lambda _self, variance: torch.sqrt(variance + eps)


USUAL_EPS = (1e-5, 1e-8, 1e-6, 1e-3, 1e-7, 1e-10, 1e-12)
"""The ε that students write into the formula."""


def unbiased(oracle: type[Standardized]) -> type[Standardized]:
    """Return the oracle that divides the variance by n − 1."""

    def standardized(self: Any, x: torch.Tensor) -> torch.Tensor:
        n = numbers_in_set(self, x)
        centred = x - self.average(x)
        return centred / self.deviation(self.average(centred**2) * n / (n - 1))

    return type(oracle.__name__, (oracle,), {"standardized": standardized})


def not_centred(oracle: type[Standardized]) -> type[Standardized]:
    """Return the oracle that divides by the deviation and does not subtract the mean."""

    def standardized(self: Any, x: torch.Tensor) -> torch.Tensor:
        return x / self.deviation(self.average((x - self.average(x)) ** 2))

    return type(oracle.__name__, (oracle,), {"standardized": standardized})


def running(oracle: type[GroupNorm], variance_of: Callable[[torch.Tensor], torch.Tensor]) -> type[Standardized]:
    """Return the oracle with running statistics per channel, as in batch normalization, which test mode uses."""

    def standardized(self: Any, x: torch.Tensor) -> torch.Tensor:
        C = x.shape[1]
        mean, variance = getattr(self, "kept", (torch.zeros(C, dtype=x.dtype), torch.ones(C, dtype=x.dtype)))
        if not self.training:
            return (x - mean[:, None, None]) / self.deviation(variance)[:, None, None]
        now = x.detach().mean((0, 2, 3)), variance_of(x.detach())
        self.kept = 0.9 * mean + 0.1 * now[0], 0.9 * variance + 0.1 * now[1]
        return oracle.standardized(self, x)

    return type(oracle.__name__, (oracle,), {"standardized": standardized})


VARIANCES: tuple[Callable[[torch.Tensor], torch.Tensor], ...] = (
    lambda x: x.var((0, 2, 3), correction=0),
    lambda x: x.var((2, 3), correction=0).mean(0),
)
"""The variance of a channel, over the batch and the map or as the mean of the samples' variances."""
