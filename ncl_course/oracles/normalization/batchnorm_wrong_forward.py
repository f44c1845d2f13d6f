"""Wrong statistics of batch normalization, of the batch, running and at test: steps of ``Written``, changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import torch

from ncl_course.oracles.normalization.batchnorm import EACH_MAP
from ncl_course.oracles.normalization.batchnorm_written import Pair, Written

# ---- statistics ------------------------------------------------------------------------------------------------


def averaged_over(*axes: int) -> Callable[[Written, torch.Tensor], Pair]:
    """Statistics over other axes."""

    def batch(_: Written, x: torch.Tensor) -> Pair:
        return x.mean(axes, keepdim=True), x.var(axes, unbiased=False, keepdim=True)

    return batch


def unbiased(_: Written, x: torch.Tensor) -> Pair:
    """The variance divided by n − 1."""
    return x.mean(EACH_MAP, keepdim=True), x.var(EACH_MAP, unbiased=True, keepdim=True)


def around_zero(_: Written, x: torch.Tensor) -> Pair:
    """The mean of the squares, from which the mean's square is not taken away."""
    return x.mean(EACH_MAP, keepdim=True), (x * x).mean(EACH_MAP, keepdim=True)


def channels_mixed(_: Written, x: torch.Tensor) -> Pair:
    """Reshaped to (NHW, C) without moving the channels to the end first."""
    rows = x.reshape(-1, x.shape[1])
    return Written.upright(rows.mean(0)), Written.upright(rows.var(0, unbiased=False))


def mixed_through_and_through(self: Written, x: torch.Tensor) -> torch.Tensor:
    """The same, and the rows are normalized as they are and reshaped back."""
    C, self.trained = x.shape[1], self.training
    rows = x.reshape(-1, C)
    mean, var = rows.mean(0), rows.var(0, unbiased=False)
    if self.trained:
        self.update(mean.detach(), var.detach())
    else:
        mean, var = self.at_test(x)[0].reshape(C), self.at_test(x)[1].reshape(C)
    return (self.leaves["gamma"] * (rows - mean) / self.std(var) + self.leaves["beta"]).reshape(x.shape)


def along_width(values: Any) -> torch.Tensor:
    """(C,) left as it is, so that it broadcasts along the last axis."""
    return values if isinstance(values, torch.Tensor) else torch.tensor(np.asarray(values))


def batch_along_width(_: Written, x: torch.Tensor) -> Pair:
    """The batch's statistics without their two axes of length 1."""
    return x.mean(EACH_MAP), x.var(EACH_MAP, unbiased=False)


def affine_along_width(self: Written, xhat: torch.Tensor) -> torch.Tensor:
    """γ and β without their two axes of length 1."""
    return self.leaves["gamma"] * xhat + self.leaves["beta"]


def at_test_along_width(self: Written, _: torch.Tensor) -> Pair:
    """The running statistics without their two axes of length 1."""
    return along_width(self.running_mean), along_width(self.running_var)


def each_map_of_width(_: Written, statistic: torch.Tensor) -> torch.Tensor:
    """The statistics are (C,) already."""
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
    """Training normalizes by the running statistics, as they were before this batch."""
    self.seen = Written.batch(self, x)
    return Written.at_test(self, x)


def update_from_seen(self: Written, *_: torch.Tensor) -> None:
    """The update that belongs to ``train_from_running``."""
    Written.update(self, *(self.each_map(statistic) for statistic in self.seen))


def train_from_updated(self: Written, x: torch.Tensor) -> Pair:
    """Training normalizes by the running statistics, this batch included."""
    Written.update(self, *(self.each_map(statistic) for statistic in Written.batch(self, x)))
    return Written.at_test(self, x)


def nothing(*_: Any) -> None:
    """No update."""


RUNNING_IN_TRAINING: tuple[dict[str, Any], ...] = (
    {"batch": train_from_running, "update": update_from_seen},
    {"batch": train_from_updated, "update": nothing},
)


# ---- running statistics ----------------------------------------------------------------------------------------


def swapped(self: Written, mean: torch.Tensor, var: torch.Tensor) -> None:
    """α and 1 − α have changed places."""
    self.blend(mean, var, 1 - self.alpha)


def running_std(self: Written, mean: torch.Tensor, var: torch.Tensor) -> None:
    """The standard deviation is averaged."""
    self.blend(mean, var.sqrt(), self.alpha)


def running_std_with_eps(self: Written, mean: torch.Tensor, var: torch.Tensor) -> None:
    """The standard deviation, ε and all, is averaged."""
    self.blend(mean, self.std(var), self.alpha)


def running_unbiased(self: Written, mean: torch.Tensor, var: torch.Tensor) -> None:
    """torch's habit: the running variance is divided by n − 1."""
    self.blend(mean, var * self.count / (self.count - 1), self.alpha)


def last_batch(self: Written, mean: torch.Tensor, var: torch.Tensor) -> None:
    """No memory: the last batch's statistics."""
    self.blend(mean, var, 0.0)


def counted(self: Written) -> int:
    """The number of this training pass, from 1."""
    vars(self)["passes"] = vars(self).get("passes", 0) + 1
    return int(vars(self)["passes"])


def first_batch_taken(self: Written, mean: torch.Tensor, var: torch.Tensor) -> None:
    """The first batch replaces the starting values, and later ones are blended in."""
    self.blend(mean, var, self.alpha if counted(self) > 1 else 0.0)


def mean_of_batches(self: Written, mean: torch.Tensor, var: torch.Tensor) -> None:
    """The plain mean of all batches; α is not used."""
    self.blend(mean, var, 1 - 1 / counted(self))


def only_mean(self: Written, mean: torch.Tensor, _: torch.Tensor) -> None:
    """The variance is forgotten."""
    self.blend(mean, torch.tensor(self.running_var), self.alpha)


def only_var(self: Written, _: torch.Tensor, var: torch.Tensor) -> None:
    """The mean is forgotten."""
    self.blend(torch.tensor(self.running_mean), var, self.alpha)


def eps_stored(self: Written, mean: torch.Tensor, var: torch.Tensor) -> None:
    """ε goes into the running variance, and once more under the root at test."""
    self.blend(mean, var + self.eps, self.alpha)


def without_decay(self: Written, mean: torch.Tensor, var: torch.Tensor) -> None:
    """The old value keeps all of its weight: the statistics only grow."""
    self.running_mean[...] += (1 - self.alpha) * mean.numpy()
    self.running_var[...] += (1 - self.alpha) * var.numpy()


def starting_at(mean: float, var: float) -> Callable[..., None]:
    """Other first values of the running statistics: a constructor."""

    def constructor(self: Written, num_features: int, alpha: float = 0.9, eps: float = 1e-5) -> None:
        Written.__init__(self, num_features, alpha, eps)
        self.running_mean[...], self.running_var[...] = mean, var

    return constructor


class SharedState(Written):
    """The running statistics live on the class, and all layers write there."""

    state: ClassVar[dict[int, tuple[Any, Any]]] = {}

    def __init__(self, num_features: int, alpha: float = 0.9, eps: float = 1e-5) -> None:
        super().__init__(num_features, alpha, eps)
        self.state[num_features] = self.running_mean, self.running_var

    def compute(self, x: torch.Tensor) -> torch.Tensor:
        self.running_mean, self.running_var = self.state[x.shape[1]]
        return super().compute(x)


# ---- test mode -------------------------------------------------------------------------------------------------


def batch_at_test(self: Written, x: torch.Tensor) -> Pair:
    """The batch's own statistics at test."""
    return self.batch(x)


def batch_at_test_and_update(self: Written, x: torch.Tensor) -> Pair:
    """``training`` is never looked at: a test is one more training pass."""
    mean, var = self.batch(x)
    self.update(self.each_map(mean), self.each_map(var))
    return mean, var


def updated_then_used(self: Written, x: torch.Tensor) -> Pair:
    """The running statistics move at test, and then normalize."""
    batch_at_test_and_update(self, x)
    return Written.at_test(self, x)


def used_then_updated(self: Written, x: torch.Tensor) -> Pair:
    """The running statistics normalize at test, and then move."""
    found = Written.at_test(self, x)
    found = found[0].clone(), found[1].clone()
    batch_at_test_and_update(self, x)
    return found
