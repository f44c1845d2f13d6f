"""Wrong backward passes after a right forward: missing paths, wrong sums, wrong gradients of γ and β.

With h = grad_out·γ, the right answer is (h − mean(h) − x̂·mean(h·x̂)) / √(σ² + ε), where each mean is over a number's
own set.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from ncl_course.oracles.altered import backward_as
from ncl_course.oracles.layer import Array, TorchLayer, to_numpy
from ncl_course.oracles.normalization.groupnorm import GroupNorm, Standardized
from ncl_course.oracles.normalization.groupnorm_wrong_formulas import numbers_in_set


@dataclass
class Pieces:
    """The parts of a backward pass: g = grad_out, γ, h = g·γ, x, x̂, √(σ² + ε), and the mean over a set."""

    layer: Any
    g: torch.Tensor

    def __post_init__(self) -> None:
        self.x = self.layer.x.detach()
        centred = self.x - self.mean(self.x)
        self.std = self.layer.deviation(self.mean(centred**2))
        self.xhat = centred / self.std
        leaves = self.layer.leaves
        self.gamma = leaves["gamma"].detach()[:, None, None] if leaves else torch.ones(())
        self.h = self.g * self.gamma
        self.n = numbers_in_set(self.layer, self.x)

    def mean(self, values: torch.Tensor) -> torch.Tensor:
        """Return the mean over each number's own set."""
        averaged: torch.Tensor = self.layer.average(values)
        return averaged


Formula = Callable[[Pieces], torch.Tensor]


def as_gradient(oracle: type[Standardized], formula: Formula) -> type[TorchLayer]:
    """Return the oracle with another dL/dx and the right gradients of γ and β."""

    def gradient(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
        self.right_gradient(grad_out)
        return formula(Pieces(self, grad_out))

    return backward_as(oracle, gradient)


def no_path(p: Pieces) -> torch.Tensor:
    """Treat mean and variance as constants."""
    return p.h / p.std


def no_mean_path(p: Pieces) -> torch.Tensor:
    """Leave out the path through the mean."""
    return (p.h - p.xhat * p.mean(p.h * p.xhat)) / p.std


def no_variance_path(p: Pieces) -> torch.Tensor:
    """Leave out the path through the variance."""
    return (p.h - p.mean(p.h)) / p.std


def no_two(p: Pieces) -> torch.Tensor:
    """Lose the 2 of the square's derivative."""
    return (p.h - p.mean(p.h) - 0.5 * p.xhat * p.mean(p.h * p.xhat)) / p.std


def mean_sign(p: Pieces) -> torch.Tensor:
    """Add the path through the mean."""
    return (p.h + p.mean(p.h) - p.xhat * p.mean(p.h * p.xhat)) / p.std


def variance_sign(p: Pieces) -> torch.Tensor:
    """Add the path through the variance."""
    return (p.h - p.mean(p.h) + p.xhat * p.mean(p.h * p.xhat)) / p.std


def both_signs(p: Pieces) -> torch.Tensor:
    """Add both paths."""
    return (p.h + p.mean(p.h) + p.xhat * p.mean(p.h * p.xhat)) / p.std


def power_of_std(p: Pieces) -> torch.Tensor:
    """Use σ to the power of −1.5 instead of −3 in the gradient of the variance."""
    return (p.h - p.mean(p.h)) / p.std - p.xhat * p.mean(p.h * p.xhat) * p.std**0.5


def without_brackets(*, mean: bool, variance: bool) -> Formula:
    """Return a formula that divides by the first length of the set alone, and multiplies by the others."""

    def formula(p: Pieces) -> torch.Tensor:
        first = p.n // (p.x.shape[2] * p.x.shape[3])
        factor = float((p.n / (first if first > 1 else p.x.shape[2])) ** 2)
        through_mean = p.mean(p.h) * (factor if mean else 1.0)
        through_var = p.xhat * p.mean(p.h * p.xhat) * (factor if variance else 1.0)
        return (p.h - through_mean - through_var) / p.std

    return formula


WITHOUT_BRACKETS = tuple(without_brackets(mean=m, variance=v) for m, v in ((True, True), (True, False), (False, True)))


def no_eps(p: Pieces) -> torch.Tensor:
    """Divide by σ without ε, in the gradient only."""
    return (p.h - p.mean(p.h) - p.xhat * p.mean(p.h * p.xhat)) / torch.sqrt(p.std**2 - p.layer.eps)


def sums(p: Pieces) -> torch.Tensor:
    """Use sums instead of both means."""
    return (p.h - p.n * p.mean(p.h) - p.n * p.xhat * p.mean(p.h * p.xhat)) / p.std


def variance_sum(p: Pieces) -> torch.Tensor:
    """Use a sum instead of the second mean."""
    return (p.h - p.mean(p.h) - p.n * p.xhat * p.mean(p.h * p.xhat)) / p.std


def over(*axes: int) -> Formula:
    """Return a formula with means over wrong axes, as in another normalization."""

    def formula(p: Pieces) -> torch.Tensor:
        through_mean = p.h.mean(axes, keepdim=True)
        return (p.h - through_mean - p.xhat * (p.h * p.xhat).mean(axes, keepdim=True)) / p.std

    return formula


def no_gamma(p: Pieces) -> torch.Tensor:
    """Leave out γ."""
    return (p.g - p.mean(p.g) - p.xhat * p.mean(p.g * p.xhat)) / p.std


def gamma_outside(p: Pieces) -> torch.Tensor:
    """Put γ in front of the sums, although the channels of a set have different ones."""
    return p.gamma * no_gamma(p)


def map_only(p: Pieces) -> torch.Tensor:
    """Divide sums over the whole set by H·W only."""
    many = p.n / (p.x.shape[2] * p.x.shape[3])
    return (p.h - many * p.mean(p.h) - many * p.xhat * p.mean(p.h * p.xhat)) / p.std


def straight(p: Pieces) -> torch.Tensor:
    """Return the upstream gradient unchanged."""
    return p.g


# ---- γ and β ---------------------------------------------------------------------------------------------------


Grads = Callable[[Pieces], tuple[torch.Tensor, torch.Tensor]]
CELLS = (0, 2, 3)


def grads_as(oracle: type[GroupNorm], formula: Grads) -> type[TorchLayer]:
    """Return the oracle with other gradients of γ and β and the right dL/dx."""

    def gradient(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
        grad_x: torch.Tensor = self.right_gradient(grad_out)
        gamma, beta = formula(Pieces(self, grad_out))
        self.grads.update(gamma=to_numpy(gamma, self.dtype), beta=to_numpy(beta, self.dtype))
        return grad_x

    return backward_as(oracle, gradient)


def sums_over(*axes: int) -> Grads:
    """Return a formula with sums over other axes than the batch and the cells."""
    return lambda p: ((p.g * p.xhat).sum(axes), p.g.sum(axes))


def means(p: Pieces) -> tuple[torch.Tensor, torch.Tensor]:
    """Use means instead of sums."""
    return (p.g * p.xhat).mean(CELLS), p.g.mean(CELLS)


def batch_means(p: Pieces) -> tuple[torch.Tensor, torch.Tensor]:
    """Divide by the size of the batch."""
    return (p.g * p.xhat).sum(CELLS) / len(p.g), p.g.sum(CELLS) / len(p.g)


def gamma_mean(p: Pieces) -> tuple[torch.Tensor, torch.Tensor]:
    """Divide the gradient of γ alone by the size of the batch."""
    return (p.g * p.xhat).sum(CELLS) / len(p.g), p.g.sum(CELLS)


def beta_mean(p: Pieces) -> tuple[torch.Tensor, torch.Tensor]:
    """Divide the gradient of β alone by the size of the batch."""
    return (p.g * p.xhat).sum(CELLS), p.g.sum(CELLS) / len(p.g)


def last_sample(p: Pieces) -> tuple[torch.Tensor, torch.Tensor]:
    """Overwrite the gradients in a loop over the samples, so that only the last one counts."""
    return (p.g * p.xhat)[-1].sum((1, 2)), p.g[-1].sum((1, 2))


def confused(p: Pieces) -> tuple[torch.Tensor, torch.Tensor]:
    """Exchange the gradients of γ and β."""
    return p.g.sum(CELLS), (p.g * p.xhat).sum(CELLS)


def both_with_xhat(p: Pieces) -> tuple[torch.Tensor, torch.Tensor]:
    """Use the gradient of γ for β, too."""
    return (p.g * p.xhat).sum(CELLS), (p.g * p.xhat).sum(CELLS)


def with_nothing(p: Pieces) -> tuple[torch.Tensor, torch.Tensor]:
    """Use 1 instead of x̂."""
    return p.g.sum(CELLS), p.g.sum(CELLS)


def with_input(p: Pieces) -> tuple[torch.Tensor, torch.Tensor]:
    """Use x instead of x̂."""
    return (p.g * p.x).sum(CELLS), p.g.sum(CELLS)


def with_output(p: Pieces) -> tuple[torch.Tensor, torch.Tensor]:
    """Use y instead of x̂."""
    return (p.g * p.layer.y.detach()).sum(CELLS), p.g.sum(CELLS)


def from_output(oracle: type[GroupNorm], zero: float) -> type[TorchLayer]:
    """Return the oracle whose whole gradient uses (y − β)/γ for x̂, and ``zero`` if γ is 0."""

    def gradient(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
        p = Pieces(self, grad_out)
        shifted = self.y.detach() - self.leaves["beta"].detach()[:, None, None]
        p.xhat = torch.where(p.gamma == 0, zero, shifted / p.gamma)
        self.grads["gamma"] = to_numpy((p.g * p.xhat).sum(CELLS), self.dtype)
        self.grads["beta"] = to_numpy(p.g.sum(CELLS), self.dtype)
        return (p.h - p.mean(p.h) - p.xhat * p.mean(p.h * p.xhat)) / p.std

    return backward_as(oracle, gradient)


def with_centred(p: Pieces) -> tuple[torch.Tensor, torch.Tensor]:
    """Use x − μ instead of x̂."""
    return (p.g * p.xhat * p.std).sum(CELLS), p.g.sum(CELLS)


def accumulated_grads(oracle: type[GroupNorm]) -> type[TorchLayer]:
    """Return the oracle whose second backward adds to the gradients of γ and β."""

    def gradient(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
        before = dict(self.grads)
        grad_x: torch.Tensor = self.right_gradient(grad_out)
        for name, earlier in before.items():
            self.grads[name] = self.grads[name] + earlier
        return grad_x

    return backward_as(oracle, gradient)


def shared_input(oracle: type[Standardized]) -> type[TorchLayer]:
    """Return the oracle that stores its input on the class, where instances overwrite it; γ and β are its own."""

    shared: list[Any] = [None, None]

    def forward(self: Any, x: Array) -> Array:
        out = oracle.forward(self, x)
        shared[:] = self.x, self.eps
        return out

    def gradient(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
        own, (self.x, self.eps) = self.eps, shared
        self.y = self.compute(self.x)
        grad_x = oracle.gradient(self, grad_out)
        self.eps = own
        return grad_x

    return type(oracle.__name__, (oracle,), {"forward": forward, "gradient": gradient})
