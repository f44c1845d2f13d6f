"""Wrong statistics of batch normalization, of the batch, running and at test: changed steps of ``Written``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import torch

from ncl_course.oracles.normalization.batchnorm import EACH_MAP
from ncl_course.oracles.normalization.batchnorm_written import Pair, Written

# ---- statistics ------------------------------------------------------------------------------------------------


def averaged_over(*axes: int) -> Callable[[Written, torch.Tensor], Pair]:
    """Return a method that computes the statistics over other axes."""

    def batch(_: Written, x: torch.Tensor) -> Pair:
        return x.mean(axes, keepdim=True), x.var(axes, unbiased=False, keepdim=True)

    return batch


def unbiased(_: Written, x: torch.Tensor) -> Pair:
    """Divide the variance by n − 1."""
    return x.mean(EACH_MAP, keepdim=True), x.var(EACH_MAP, unbiased=True, keepdim=True)


def around_zero(_: Written, x: torch.Tensor) -> Pair:
    """Compute the mean of the squares, and do not subtract the squared mean."""
    return x.mean(EACH_MAP, keepdim=True), (x * x).mean(EACH_MAP, keepdim=True)


def channels_mixed(_: Written, x: torch.Tensor) -> Pair:
    """Reshape to (NHW, C) without moving the channels to the end first."""
    rows = x.reshape(-1, x.shape[1])
    return Written.upright(rows.mean(0)), Written.upright(rows.var(0, unbiased=False))


def mixed_through_and_through(self: Written, x: torch.Tensor) -> torch.Tensor:
    """Reshape in the same way, normalize the rows, and reshape back."""
    C, self.trained = x.shape[1], self.training
    rows = x.reshape(-1, C)
    mean, var = rows.mean(0), rows.var(0, unbiased=False)
    if self.trained:
        self.update(mean.detach(), var.detach())
    else:
        mean, var = self.at_test(x)[0].reshape(C), self.at_test(x)[1].reshape(C)
    return (self.leaves["gamma"] * (rows - mean) / self.std(var) + self.leaves["beta"]).reshape(x.shape)


def along_width(values: Any) -> torch.Tensor:
    """Leave (C,) as it is, so that it broadcasts along the last axis."""
    return values if isinstance(values, torch.Tensor) else torch.tensor(np.asarray(values))


def batch_along_width(_: Written, x: torch.Tensor) -> Pair:
    """Compute the batch's statistics without the axes of length 1."""
    return x.mean(EACH_MAP), x.var(EACH_MAP, unbiased=False)


def affine_along_width(self: Written, xhat: torch.Tensor) -> torch.Tensor:
    """Use γ and β without the axes of length 1."""
    return self.leaves["gamma"] * xhat + self.leaves["beta"]


def at_test_along_width(self: Written, _: torch.Tensor) -> Pair:
    """Return the running statistics without the axes of length 1."""
    return along_width(self.running_mean), along_width(self.running_var)


def each_map_of_width(_: Written, statistic: torch.Tensor) -> torch.Tensor:
    """Return the statistics unchanged, because they are already (C,)."""
    return statistic.detach()


ALONG_WIDTH: tuple[dict[str, Any], ...] = (
    {
        "batch": batch_along_width,
        "at_test": at_test_along_width,
        "affine": affine_along_width,
        "each_map": each_map_of_width,
    },
    {"affine": affine_along_width},
    {"at_test": at_test_along_width},
)


def train_from_running(self: Written, x: torch.Tensor) -> Pair:
    """Normalize in training by the running statistics from before this batch."""
    self.seen = Written.batch(self, x)
    return Written.at_test(self, x)


def update_from_seen(self: Written, *_: torch.Tensor) -> None:
    """Update the running statistics after ``train_from_running``."""
    Written.update(self, *(self.each_map(statistic) for statistic in self.seen))


def train_from_updated(self: Written, x: torch.Tensor) -> Pair:
    """Normalize in training by the running statistics that already include this batch."""
    Written.update(self, *(self.each_map(statistic) for statistic in Written.batch(self, x)))
    return Written.at_test(self, x)


def nothing(*_: Any) -> None:
    """Do not update."""


RUNNING_IN_TRAINING: tuple[dict[str, Any], ...] = (
    {"batch": train_from_running, "update": update_from_seen},
    {"batch": train_from_updated, "update": nothing},
)


# ---- running statistics ----------------------------------------------------------------------------------------


def swapped(self: Written, mean: torch.Tensor, var: torch.Tensor) -> None:
    """Exchange α and 1 − α."""
    self.blend(mean, var, 1 - self.alpha)


def running_std(self: Written, mean: torch.Tensor, var: torch.Tensor) -> None:
    """Average the standard deviation."""
    self.blend(mean, var.sqrt(), self.alpha)


def running_std_with_eps(self: Written, mean: torch.Tensor, var: torch.Tensor) -> None:
    """Average the standard deviation, with ε."""
    self.blend(mean, self.std(var), self.alpha)


def running_unbiased(self: Written, mean: torch.Tensor, var: torch.Tensor) -> None:
    """Divide the running variance by n − 1, as torch does."""
    self.blend(mean, var * self.count / (self.count - 1), self.alpha)


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


def only_mean(self: Written, mean: torch.Tensor, _: torch.Tensor) -> None:
    """Do not update the variance."""
    self.blend(mean, torch.tensor(self.running_var), self.alpha)


def only_var(self: Written, _: torch.Tensor, var: torch.Tensor) -> None:
    """Do not update the mean."""
    self.blend(torch.tensor(self.running_mean), var, self.alpha)


def eps_stored(self: Written, mean: torch.Tensor, var: torch.Tensor) -> None:
    """Store ε in the running variance, and add it again under the root at test."""
    self.blend(mean, var + self.eps, self.alpha)


def without_decay(self: Written, mean: torch.Tensor, var: torch.Tensor) -> None:
    """Keep the whole old value, so that the statistics only grow."""
    self.running_mean[...] += (1 - self.alpha) * mean.numpy()
    self.running_var[...] += (1 - self.alpha) * var.numpy()


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


# ---- test mode -------------------------------------------------------------------------------------------------


def batch_at_test(self: Written, x: torch.Tensor) -> Pair:
    """Use the batch's own statistics at test."""
    return self.batch(x)


def batch_at_test_and_update(self: Written, x: torch.Tensor) -> Pair:
    """Ignore ``training``, so that a test is another training pass."""
    mean, var = self.batch(x)
    self.update(self.each_map(mean), self.each_map(var))
    return mean, var


def updated_then_used(self: Written, x: torch.Tensor) -> Pair:
    """Update the running statistics at test, and then normalize by them."""
    batch_at_test_and_update(self, x)
    return Written.at_test(self, x)


def used_then_updated(self: Written, x: torch.Tensor) -> Pair:
    """Normalize by the running statistics at test, and then update them."""
    found = Written.at_test(self, x)
    found = found[0].clone(), found[1].clone()
    batch_at_test_and_update(self, x)
    return found
