"""Students' mistakes in ``PReLU``: the slope's gradient, and the axis of the slopes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit

from ncl_course.oracles.activations.right import PReLU
from ncl_course.oracles.altered import (
    Misconception,
    backward_as,
    forward_as,
    general,
    shared_grads,
    shared_input,
)
from ncl_course.oracles.layer import TorchLayer, to_numpy


def slope_gradient(formula: Callable[[Any, torch.Tensor], Any]) -> type[TorchLayer]:
    """Return the oracle with a right dL/dx and a wrong dL/dalpha, which is ``formula(self, each)``.

    ``each`` has each element's contribution to the sum, and ``self.grad_out`` is the upstream gradient.
    """

    def wrong(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
        grad_x: torch.Tensor = self.right_gradient(grad_out)
        x, self.grad_out = self.x.detach(), grad_out
        grad = formula(self, grad_out * x * (x < 0))
        self.grads["alpha"] = to_numpy(grad, self.dtype) if isinstance(grad, torch.Tensor) else grad
        return grad_x

    return backward_as(PReLU, wrong)


def summed(self: Any, each: torch.Tensor) -> torch.Tensor:
    """Sum ``each`` over the right axes: over all, or over all except axis 1."""
    if len(self.params["alpha"]) == 1:
        return each.sum().reshape(1)
    return each.sum([axis for axis in range(each.ndim) if axis != 1])


def over_everything(self: Any, each: torch.Tensor) -> Any:
    """Compute one number for all slopes; it is a float, because the sum has no axis."""
    return to_numpy(each.sum(), self.dtype)[()]


def over_everything_in_one(_self: Any, each: torch.Tensor) -> torch.Tensor:
    """Sum over all channels, and return one number for all slopes: (1,)."""
    return each.sum().reshape(1)


def over_everything_filled(self: Any, each: torch.Tensor) -> torch.Tensor:
    """Sum over all channels, and give every slope the same sum."""
    return torch.full((len(self.params["alpha"]),), float(each.sum()), dtype=torch.float64)


def over_all_but_last(self: Any, each: torch.Tensor) -> torch.Tensor:
    """Compute a sum per column of the image instead of a sum per channel."""
    if len(self.params["alpha"]) == 1:
        return summed(self, each)
    return each.sum(list(range(each.ndim - 1)))


def from_positives(self: Any, _each: torch.Tensor) -> torch.Tensor:
    """Sum over the positive elements."""
    x = self.x.detach()
    return summed(self, self.grad_out * x * (x > 0))


def from_all(self: Any, _each: torch.Tensor) -> torch.Tensor:
    """Sum over all elements, regardless of their sign."""
    return summed(self, self.grad_out * self.x.detach())


def averaged(self: Any, each: torch.Tensor) -> torch.Tensor:
    """Compute the mean instead of the sum."""
    return summed(self, each) / (each.numel() / len(self.params["alpha"]))


def of_several(formula: Callable[[Any, torch.Tensor], torch.Tensor]) -> Callable[[Any, torch.Tensor], torch.Tensor]:
    """Return the formula for a slope per channel, and the right sum for one shared slope."""
    return lambda self, each: (formula if len(self.params["alpha"]) > 1 else summed)(self, each)


def divided_by_batch(self: Any, each: torch.Tensor) -> torch.Tensor:
    """Divide the sum by N."""
    return summed(self, each) / len(each)


def without_upstream(self: Any, _each: torch.Tensor) -> torch.Tensor:
    """Compute dL/dalpha without grad_out."""
    x = self.x.detach()
    return summed(self, x * (x < 0))


def kept_adding(self: Any, each: torch.Tensor) -> torch.Tensor:
    """Add dL/dalpha to that of the previous backward."""
    self.total = summed(self, each) + getattr(self, "total", 0.0)
    return self.total


def along_last_axis(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Broadcast alpha · x as NumPy does it by default: along the last axis."""
    return torch.where(x > 0, x, self.leaves["alpha"] * x)


def reshaped_to_columns(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Reshape to (−1, C) without moving the channels to the end: neighbours in memory get the slopes in turn."""
    C = len(self.leaves["alpha"])
    rows = x.reshape(-1, C)
    return torch.where(rows > 0, rows, self.leaves["alpha"] * rows).reshape(x.shape)


def first_slope(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Use the first slope for all channels."""
    return torch.where(x > 0, x, self.leaves["alpha"][:1] * x)


def initial_slope(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Use the slope that the layer had initially, and ignore later values in params."""
    return torch.where(x > 0, x, 0.25 * x) + 0 * self.leaves["alpha"].sum()


def first_seen_slope(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Use the slope of the first forward pass, and ignore changes that an optimiser makes later."""
    self.first = getattr(self, "first", self.leaves["alpha"].detach())
    return F.prelu(x, self.first) + 0 * self.leaves["alpha"].sum()


def sign_of_gradient(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Choose the derivative by the sign of the gradient instead of the sign of the input."""
    self.right_gradient(grad_out)
    return torch.where(grad_out > 0, grad_out, self.slopes(self.x) * grad_out)


def derivative(formula: Callable[[Any, torch.Tensor], torch.Tensor]) -> type[TorchLayer]:
    """Return the oracle with a right dL/dalpha and a dL/dx with another derivative."""

    def wrong(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
        self.right_gradient(grad_out)
        return grad_out * formula(self, self.x.detach())

    return backward_as(PReLU, wrong)


PRELU = (
    Misconception("prelu-gradient-not-summed", slope_gradient(lambda self, each: each)),
    Misconception("prelu-gradient-not-summed", slope_gradient(lambda self, each: each.sum(0))),
    Misconception("prelu-gradient-over-channels", slope_gradient(over_everything)),
    Misconception("prelu-gradient-over-channels", slope_gradient(over_everything_in_one)),
    Misconception("prelu-gradient-over-channels", slope_gradient(over_everything_filled)),
    Misconception("prelu-gradient-wrong-axis", slope_gradient(over_all_but_last)),
    Misconception("prelu-gradient-from-positives", slope_gradient(from_positives)),
    Misconception("prelu-gradient-from-positives", slope_gradient(from_all)),
    Misconception("prelu-gradient-sign", slope_gradient(lambda self, each: -summed(self, each))),
    Misconception("prelu-gradient-averaged", slope_gradient(averaged)),
    Misconception("prelu-gradient-averaged", slope_gradient(divided_by_batch)),
    Misconception("prelu-gradient-averaged", slope_gradient(of_several(averaged))),
    Misconception("prelu-gradient-averaged", slope_gradient(of_several(divided_by_batch))),
    Misconception("prelu-slopes-along-last-axis", forward_as(PReLU, along_last_axis)),
    Misconception("prelu-reshape-scrambled", forward_as(PReLU, reshaped_to_columns)),
    Misconception("prelu-first-slope-for-all", forward_as(PReLU, first_slope)),
    Misconception("prelu-slope-copied", forward_as(PReLU, initial_slope)),
    Misconception("prelu-slope-copied", forward_as(PReLU, first_seen_slope)),
    Misconception("negative-side-cut", derivative(lambda self, x: (x > 0).to(x.dtype))),
    Misconception("sign-of-gradient", backward_as(PReLU, sign_of_gradient)),
    Misconception("derivative-forgotten", derivative(lambda self, x: torch.ones_like(x))),
    Misconception("upstream-forgotten", slope_gradient(without_upstream)),
    Misconception("gradient-accumulated", slope_gradient(kept_adding)),
    Misconception("shared-between-instances", shared_grads(PReLU)),
    Misconception("shared-between-instances", shared_input(PReLU)),
    *general(PReLU, "upstream-forgotten", "stale-cache", "shared-between-instances", "gradient-accumulated"),
)
