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
        return self.layer.average(values)


Formula = Callable[[Pieces], torch.Tensor]


def as_gradient(oracle: type[Standardized], formula: Formula) -> type[TorchLayer]:
    """Return the oracle with another dL/dx and the right gradients of γ and β."""

    def gradient(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
        self.right_gradient(grad_out)
        return formula(Pieces(self, grad_out))

    return backward_as(oracle, gradient)


Factor = float | Callable[[Pieces], float]


def paths(mean: Factor, variance: Factor) -> Formula:
    """Return a formula whose paths through the mean and through the variance are multiplied by these factors."""

    def formula(p: Pieces) -> torch.Tensor:
        through_mean, through_var = (factor if isinstance(factor, float) else factor(p) for factor in (mean, variance))
        return (p.h - through_mean * p.mean(p.h) - through_var * p.xhat * p.mean(p.h * p.xhat)) / p.std

    return formula


def count(p: Pieces) -> float:
    """Return the factor of a sum in place of a mean."""
    return float(p.n)


def divided_by(numbers: Callable[[torch.Tensor], int]) -> Factor:
    """Return the factor of a sum that is divided by another count of x's numbers."""
    return lambda p: p.n / numbers(p.x)


def without_brackets(p: Pieces) -> float:
    """Return the factor of a sum that is divided by the set's first length alone, and multiplied by the others."""
    first = p.n // (p.x.shape[2] * p.x.shape[3])
    return float((p.n / (first if first > 1 else p.x.shape[2])) ** 2)


def power_of_std(p: Pieces) -> torch.Tensor:
    """Use σ to the power of −1.5 instead of −3 in the gradient of the variance."""
    return (p.h - p.mean(p.h)) / p.std - p.xhat * p.mean(p.h * p.xhat) * p.std**0.5


def no_eps(p: Pieces) -> torch.Tensor:
    """Divide by σ without ε, in the gradient only."""
    return (p.h - p.mean(p.h) - p.xhat * p.mean(p.h * p.xhat)) / torch.sqrt(p.std**2 - p.layer.eps)


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


PER_MAP = divided_by(lambda x: x.shape[2] * x.shape[3])
MAP_ONLY = paths(PER_MAP, PER_MAP)

GRADIENTS: tuple[tuple[str, Formula], ...] = (
    ("statistics-as-constants", lambda p: p.h / p.std),
    ("no-path-through-mean", paths(0.0, 1.0)),
    ("no-path-through-variance", paths(1.0, 0.0)),
    ("eps-forgotten", no_eps),
    ("factor-two-lost", paths(1.0, 0.5)),
    ("sign-of-path", paths(-1.0, 1.0)),
    ("sign-of-path", paths(1.0, -1.0)),
    ("sign-of-path", paths(-1.0, -1.0)),
    ("power-of-deviation", power_of_std),
    ("brackets-around-n", paths(without_brackets, without_brackets)),
    ("brackets-around-n", paths(without_brackets, 1.0)),
    ("brackets-around-n", paths(1.0, without_brackets)),
    ("sums-not-averaged", paths(count, count)),
    ("sums-not-averaged", paths(1.0, count)),
)
"""Wrong formulas of dL/dx in any standardization, by the name of the mistake."""


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
    """Return a formula with sums over axes that are not the batch and the cells."""
    return lambda p: ((p.g * p.xhat).sum(axes), p.g.sum(axes))


GRADS: tuple[tuple[str, Grads], ...] = (
    ("grads-over-wrong-axes", sums_over(1, 2, 3)),
    ("grads-over-wrong-axes", sums_over(2, 3)),
    ("grads-over-wrong-axes", sums_over(0)),
    ("grads-over-wrong-axes", sums_over(0, 1, 2, 3)),
    ("parameter-gradients-averaged", lambda p: ((p.g * p.xhat).mean(CELLS), p.g.mean(CELLS))),
    ("parameter-gradients-averaged", lambda p: ((p.g * p.xhat).sum(CELLS) / len(p.g), p.g.sum(CELLS) / len(p.g))),
    ("parameter-gradients-averaged", lambda p: ((p.g * p.xhat).sum(CELLS) / len(p.g), p.g.sum(CELLS))),
    ("parameter-gradients-averaged", lambda p: ((p.g * p.xhat).sum(CELLS), p.g.sum(CELLS) / len(p.g))),
    ("last-sample-only", lambda p: ((p.g * p.xhat)[-1].sum((1, 2)), p.g[-1].sum((1, 2)))),
    ("gamma-gradient-without-xhat", lambda p: (p.g.sum(CELLS), p.g.sum(CELLS))),
    ("gamma-and-beta-confused", lambda p: (p.g.sum(CELLS), (p.g * p.xhat).sum(CELLS))),
    ("gamma-and-beta-confused", lambda p: ((p.g * p.xhat).sum(CELLS), (p.g * p.xhat).sum(CELLS))),
    ("gamma-grad-without-xhat", lambda p: ((p.g * p.x).sum(CELLS), p.g.sum(CELLS))),
    ("gamma-grad-without-xhat", lambda p: ((p.g * p.layer.y.detach()).sum(CELLS), p.g.sum(CELLS))),
    ("gamma-grad-without-xhat", lambda p: ((p.g * p.xhat * p.std).sum(CELLS), p.g.sum(CELLS))),
)
"""Wrong formulas of dL/dγ and dL/dβ, by the name of the mistake."""


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
