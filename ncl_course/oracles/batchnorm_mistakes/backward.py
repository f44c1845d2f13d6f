"""Wrong gradients of batch normalization: paths of ``ByHand``, changed.

The letters in brackets are rows of the catalogue of mistakes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from ncl_course.oracles.batchnorm import EACH_MAP
from ncl_course.oracles.batchnorm_written import ByHand, Written


def no_path(*_: Any) -> float:
    """A path that carries nothing."""
    return 0.0


def times(path: str, factor: Callable[[ByHand], float]) -> Callable[[ByHand, torch.Tensor], torch.Tensor]:
    """A path multiplied by what the student forgot to divide by."""

    def altered(self: ByHand, d: torch.Tensor) -> torch.Tensor:
        right: torch.Tensor = getattr(ByHand, path)(self, d)
        return right * factor(self)

    return altered


def undivided(self: ByHand) -> float:
    """Not divided by n."""
    return self.count


def by_batch_size(self: ByHand) -> float:
    """Divided by N in place of n = NHW."""
    return self.count / self.x.shape[0]


def by_map_size(self: ByHand) -> float:
    """Divided by HW in place of n = NHW."""
    return self.x.shape[0]


def by_one_less(self: ByHand) -> float:
    """Divided by n − 1."""
    return self.count / (self.count - 1)


def everywhere_mean(self: ByHand, d: torch.Tensor) -> torch.Tensor:
    """The mean's path with a sum that has no axes (B40)."""
    return (-d.mean() / self.spread).expand(d.shape)


def everywhere_var(self: ByHand, d: torch.Tensor) -> torch.Tensor:
    """The variance's path with a sum that has no axes (B40)."""
    return -self.xhat * (d * self.xhat).mean() / self.spread


def output_as_xhat(self: ByHand, d: torch.Tensor) -> torch.Tensor:
    """The variance's path with y in the place of x̂ (B39)."""
    y = self.y.detach()
    return -y * (d * y).mean(EACH_MAP, keepdim=True) / self.spread


def without_eps(self: ByHand, grad_out: torch.Tensor) -> torch.Tensor:
    """Divided by σ without ε in the gradient alone (B03)."""
    kept, self.spread = self.spread, torch.sqrt(self.spread**2 - self.eps)
    grad_x = ByHand.gradient(self, grad_out)
    self.spread = kept
    return grad_x


def now_training(self: ByHand) -> bool:
    """The mode is looked up when backward runs."""
    return self.training


def always(_: ByHand) -> bool:
    """The training formula in both modes (B30)."""
    return True


def never_in_time(self: ByHand, grad_out: torch.Tensor) -> torch.Tensor:
    """A test's backward through the batch's own statistics (B30)."""
    if not self.trained:
        mean, var = Written.batch(self, self.x.detach())
        self.spread, self.xhat = self.std(var), (self.x.detach() - mean) / self.std(var)
        self.trained = True
    return ByHand.gradient(self, grad_out)


def accumulated(self: ByHand, grad_out: torch.Tensor) -> torch.Tensor:
    """The parameters' gradients are added to those of the last backward (L11)."""
    old = dict(self.grads)
    grad_x = ByHand.gradient(self, grad_out)
    self.grads.update({name: new + old.get(name, 0) for name, new in self.grads.items()})
    return grad_x
