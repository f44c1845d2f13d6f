"""Batch normalization written out, so that each of its decisions can be changed separately.

Tests compare it with torch's. ``Written`` has autograd's gradient, whatever its forward pass is; ``ByHand`` has the
gradient that the lesson derives, with three paths that a student can lose one by one.
"""

from __future__ import annotations

from typing import Any

import torch

from ncl_course.oracles.layer import Array, to_numpy, to_torch
from ncl_course.oracles.normalization.batchnorm import EACH_MAP, BatchNorm2d

Pair = tuple[torch.Tensor, torch.Tensor]


class Written(BatchNorm2d):
    """A forward pass with each step in a separate method."""

    adapts = False
    seen: Pair
    """The batch's statistics, for mistakes that normalize by other statistics."""

    def compute(self, x: torch.Tensor) -> torch.Tensor:
        self.trained = self.training
        mean, var = self.batch(x) if self.trained else self.at_test(x)
        if self.trained:
            self.update(self.each_map(mean), self.each_map(var))
        self.spread = self.std(var)
        self.xhat = (x - mean) / self.spread
        return self.affine(self.xhat)

    def batch(self, x: torch.Tensor) -> Pair:
        """Return mean and variance of the batch, in a shape that broadcasts to that of ``x``."""
        return x.mean(EACH_MAP, keepdim=True), x.var(EACH_MAP, unbiased=False, keepdim=True)

    def at_test(self, x: torch.Tensor) -> Pair:  # noqa: ARG002 - mistakes look at the batch here
        """Return mean and variance at test: (1, C, 1, 1)."""
        return self.upright(self.running_mean), self.upright(self.running_var)

    def update(self, mean: torch.Tensor, var: torch.Tensor) -> None:
        """Move the running statistics (C,) towards the batch's."""
        self.blend(mean, var, self.alpha)

    def blend(self, mean: torch.Tensor, var: torch.Tensor, alpha: float) -> None:
        """Keep the share ``alpha`` of the old running statistics."""
        self.running_mean[...] = alpha * self.running_mean + (1 - alpha) * mean.numpy()
        self.running_var[...] = alpha * self.running_var + (1 - alpha) * var.numpy()

    def std(self, var: torch.Tensor) -> torch.Tensor:
        """Return the divisor of the centred input."""
        return torch.sqrt(var + self.eps)

    def affine(self, xhat: torch.Tensor) -> torch.Tensor:
        """Scale by γ and shift by β."""
        return self.gamma * xhat + self.beta

    def each_map(self, statistic: torch.Tensor) -> torch.Tensor:
        """Return a statistic of any shape as one number per map: (C,)."""
        return statistic.detach().expand(self.x.shape).mean(EACH_MAP)

    @staticmethod
    def upright(values: Array | torch.Tensor) -> torch.Tensor:
        """Reshape (C,) to (1, C, 1, 1)."""
        tensor = values if isinstance(values, torch.Tensor) else to_torch(values)
        return tensor[None, :, None, None]

    @property
    def gamma(self) -> torch.Tensor:
        """γ as (1, C, 1, 1)."""
        return self.upright(self.leaves["gamma"])

    @property
    def beta(self) -> torch.Tensor:
        """β as (1, C, 1, 1)."""
        return self.upright(self.leaves["beta"])

    @property
    def count(self) -> int:
        """n = NHW, the numbers in a map of the batch."""
        return self.x[:, 0].numel()


class ByHand(Written):
    """A gradient with each path in a separate method; ``d`` is dL/dx̂ and ``g`` is dL/dy, (N, C, H, W)."""

    def gradient(self, grad_out: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            self.grads.update(gamma=self.kept(self.grad_gamma(grad_out)), beta=self.kept(self.grad_beta(grad_out)))
            d = self.grad_xhat(grad_out)
            paths = self.direct(d)
            if self.statistics_count():
                paths = paths + self.through_mean(d) + self.through_var(d)
            return paths

    def kept(self, grad: torch.Tensor) -> Any:
        """Return a parameter's gradient as a student would keep it: an array, or a number if it has no axes."""
        values = to_numpy(grad, self.dtype)
        return values if values.ndim else values[()]

    def statistics_count(self) -> bool:
        """Return whether mean and variance depend on x, which is so if the latest forward was a training pass."""
        return self.trained

    def grad_xhat(self, g: torch.Tensor) -> torch.Tensor:
        """Return dL/dx̂."""
        return g * self.gamma

    def direct(self, d: torch.Tensor) -> torch.Tensor:
        """Return the direct path, which goes through neither statistic."""
        return d / self.spread

    def through_mean(self, d: torch.Tensor) -> torch.Tensor:
        """Return the path through the mean."""
        return -d.mean(EACH_MAP, keepdim=True) / self.spread

    def through_var(self, d: torch.Tensor) -> torch.Tensor:
        """Return the path through the variance."""
        return -self.xhat * (d * self.xhat).mean(EACH_MAP, keepdim=True) / self.spread

    def grad_gamma(self, g: torch.Tensor) -> torch.Tensor:
        """Return dL/dγ."""
        return (g * self.xhat).sum(EACH_MAP)

    def grad_beta(self, g: torch.Tensor) -> torch.Tensor:
        """Return dL/dβ."""
        return g.sum(EACH_MAP)
