"""Wrong running statistics of batch normalization: changed updates and starting values of ``Written``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import torch

from ncl_course.oracles.normalization.batchnorm_written import Pair, Written


def nothing(*_: Any) -> None:
    """Do not update."""


def blending(numbers: Callable[[Written, torch.Tensor, torch.Tensor], Pair]) -> Callable[..., None]:
    """Return an update that blends ``numbers`` of the batch's mean and variance into the running statistics."""
    return lambda self, mean, var: self.blend(*numbers(self, mean, var), self.alpha)


UNBIASED = blending(lambda self, mean, var: (mean, var * self.count / (self.count - 1)))
EPS_STORED = blending(lambda self, mean, var: (mean, var + self.eps))
MEAN_IN_BOTH = blending(lambda _, mean, __: (mean, mean))
DEVIATIONS = (
    blending(lambda _, mean, var: (mean, var.sqrt())),
    blending(lambda self, mean, var: (mean, self.std(var))),
)
ONLY_ONE = (
    blending(lambda self, mean, _: (mean, torch.tensor(self.running_var))),
    blending(lambda self, _, var: (torch.tensor(self.running_mean), var)),
)


def swapped(self: Written, mean: torch.Tensor, var: torch.Tensor) -> None:
    """Exchange α and 1 − α."""
    self.blend(mean, var, 1 - self.alpha)


def last_batch(self: Written, mean: torch.Tensor, var: torch.Tensor) -> None:
    """Keep only the last batch's statistics."""
    self.blend(mean, var, 0.0)


def counted(self: Written) -> int:
    """Return the number of this training pass, from 1."""
    vars(self)["passes"] = vars(self).get("passes", 0) + 1
    return int(vars(self)["passes"])


def first_batch_taken(self: Written, mean: torch.Tensor, var: torch.Tensor) -> None:
    """Replace the starting values by the first batch's, and blend in later batches."""
    self.blend(mean, var, self.alpha if counted(self) > 1 else 0.0)


def mean_of_batches(self: Written, mean: torch.Tensor, var: torch.Tensor) -> None:
    """Take the plain mean over all batches, without α."""
    self.blend(mean, var, 1 - 1 / counted(self))


def alone(update: Callable[..., None], which: str) -> Callable[..., None]:
    """Return an update whose mistake is in one of the statistics only."""

    def updated(self: Written, mean: torch.Tensor, var: torch.Tensor) -> None:
        kept = {name: vars(self)[name].copy() for name in ("running_mean", "running_var")}
        update(self, mean, var)
        wrong = vars(self)[which].copy()
        for name, values in kept.items():
            vars(self)[name][...] = values
        self.blend(mean, var, self.alpha)
        vars(self)[which][...] = wrong

    return updated


def in_one(update: Callable[..., None]) -> tuple[dict[str, Any], ...]:
    """Return an update, and the same with its mistake in the mean only or in the variance only."""
    return {"update": update}, *({"update": alone(update, name)} for name in ("running_mean", "running_var"))


def without_decay(self: Written, mean: torch.Tensor, var: torch.Tensor) -> None:
    """Keep the whole old value, so that the statistics only grow."""
    self.running_mean[...] += (1 - self.alpha) * mean.numpy()
    self.running_var[...] += (1 - self.alpha) * var.numpy()


def both_in_mean(self: Written, mean: torch.Tensor, var: torch.Tensor) -> None:
    """Write the variance's average into the running mean, too."""
    self.blend(mean, torch.tensor(self.running_var), self.alpha)
    self.running_mean[...] = self.alpha * self.running_mean + (1 - self.alpha) * var.numpy()


def variance_in_mean(self: Written, _: torch.Tensor, var: torch.Tensor) -> None:
    """Write the whole average of the variance into the running mean."""
    self.running_mean[...] = self.alpha * self.running_var + (1 - self.alpha) * var.numpy()


def with_axes(self: Written, mean: torch.Tensor, var: torch.Tensor) -> None:
    """Keep the running statistics as (1, C, 1, 1)."""
    shape = (1, len(mean), 1, 1)
    self.running_mean, self.running_var = self.running_mean.reshape(-1), self.running_var.reshape(-1)
    self.blend(mean, var, self.alpha)
    self.running_mean, self.running_var = self.running_mean.reshape(shape), self.running_var.reshape(shape)


def at_test_with_axes(self: Written, _: torch.Tensor) -> Pair:
    """Return running statistics of either shape."""
    return self.upright(self.running_mean.reshape(-1)), self.upright(self.running_var.reshape(-1))


def starting_with_axes(self: Written, num_features: int, alpha: float = 0.9, eps: float = 1e-5) -> None:
    """Start with running statistics of shape (1, C, 1, 1)."""
    Written.__init__(self, num_features, alpha, eps)
    shape = (1, num_features, 1, 1)
    self.running_mean, self.running_var = self.running_mean.reshape(shape), self.running_var.reshape(shape)


WITH_AXES: tuple[dict[str, Any], ...] = (
    {"update": with_axes, "at_test": at_test_with_axes},
    {"__init__": starting_with_axes, "update": with_axes, "at_test": at_test_with_axes},
)


def starting_at(mean: float, var: float) -> Callable[..., None]:
    """Return a constructor with other initial running statistics."""

    def constructor(self: Written, num_features: int, alpha: float = 0.9, eps: float = 1e-5) -> None:
        Written.__init__(self, num_features, alpha, eps)
        self.running_mean[...], self.running_var[...] = mean, var

    return constructor


class SharedState(Written):
    """A layer whose running statistics are on the class, where all layers write them."""

    state: ClassVar[dict[int, tuple[Any, Any]]] = {}

    def __init__(self, num_features: int, alpha: float = 0.9, eps: float = 1e-5) -> None:
        super().__init__(num_features, alpha, eps)
        self.state[num_features] = self.running_mean, self.running_var

    def compute(self, x: torch.Tensor) -> torch.Tensor:
        self.running_mean, self.running_var = self.state[x.shape[1]]
        return super().compute(x)
