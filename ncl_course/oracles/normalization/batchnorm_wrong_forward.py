"""Wrong statistics of batch normalization, of the batch and at test: changed steps of ``Written``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from ncl_course.oracles.normalization.batchnorm import EACH_MAP
from ncl_course.oracles.normalization.batchnorm_written import Pair, Written
from ncl_course.oracles.normalization.batchnorm_wrong_running import nothing

# ---- statistics ------------------------------------------------------------------------------------------------


def averaged_over(*axes: int) -> Callable[[Written, torch.Tensor], Pair]:
    """Return a method that computes the statistics over other axes."""

    def batch(_: Written, x: torch.Tensor) -> Pair:
        return x.mean(axes, keepdim=True), x.var(axes, unbiased=False, keepdim=True)

    return batch


def unbiased(_: Written, x: torch.Tensor) -> Pair:
    """Divide the variance by n − 1."""
    return x.mean(EACH_MAP, keepdim=True), x.var(EACH_MAP, unbiased=True, keepdim=True)


def divided_by(count: Callable[[torch.Tensor], int], *, mean: bool = True) -> Callable[[Written, torch.Tensor], Pair]:
    """Return a method that divides the sums by another count; ``mean`` is False if only the variance's sum is."""

    def batch(_: Written, x: torch.Tensor) -> Pair:
        factor = x[:, 0].numel() / count(x)
        average = x.mean(EACH_MAP, keepdim=True) * (factor if mean else 1.0)
        return average, ((x - average) ** 2).mean(EACH_MAP, keepdim=True) * factor

    return batch


WRONG_COUNTS: tuple[Callable[[torch.Tensor], int], ...] = (
    lambda x: x.shape[0],
    lambda x: x.shape[1],
    lambda x: x.shape[2] * x.shape[3],
    lambda x: x.shape[0] * x.shape[1],
    lambda x: x.numel(),
)
"""Numbers that students take for n = N·H·W."""

DIVIDED: tuple[dict[str, Any], ...] = tuple(
    {"batch": divided_by(count, mean=mean)} for mean in (True, False) for count in WRONG_COUNTS
)


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


ALONG_WIDTH: tuple[dict[str, Any], ...] = (
    {
        "batch": batch_along_width,
        "at_test": at_test_along_width,
        "affine": affine_along_width,
        "each_map": lambda _, statistic: statistic.detach(),
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


RUNNING_IN_TRAINING: tuple[dict[str, Any], ...] = (
    {"batch": train_from_running, "update": update_from_seen},
    {"batch": train_from_updated, "update": nothing},
)


# ---- test mode -------------------------------------------------------------------------------------------------


def batch_at_test(self: Written, x: torch.Tensor) -> Pair:
    """Use the batch's own statistics at test."""
    return self.batch(x)


def batch_at_test_and_update(self: Written, x: torch.Tensor) -> Pair:
    """Ignore ``training``, so that a test is another training pass."""
    mean, var = self.batch(x)
    self.update(self.each_map(mean), self.each_map(var))
    return mean, var


def not_normalized_at_test(self: Written, x: torch.Tensor) -> torch.Tensor:
    """Return γx + β at test."""
    if self.training:
        return Written.compute(self, x)
    self.trained, self.spread, self.xhat = False, torch.ones(()).double(), x
    return self.affine(x)


def nothing_kept_at_test(self: Written, x: torch.Tensor) -> torch.Tensor:
    """Return γx + β at test, and leave what backward needs as the last training pass has left it."""
    return Written.compute(self, x) if self.training else self.affine(x)


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


def one_updated_at_test(which: str) -> Callable[[Written, torch.Tensor], Pair]:
    """Return a method that normalizes by the running statistics at test, and then updates one of them."""

    def at_test(self: Written, x: torch.Tensor) -> Pair:
        other = {"running_mean": "running_var", "running_var": "running_mean"}[which]
        kept = getattr(self, other).copy()
        found = used_then_updated(self, x)
        getattr(self, other)[...] = kept
        return found

    return at_test


UPDATED_AT_TEST: tuple[dict[str, Any], ...] = (
    {"at_test": updated_then_used},
    {"at_test": used_then_updated},
    {"at_test": one_updated_at_test("running_mean")},
    {"at_test": one_updated_at_test("running_var")},
)
