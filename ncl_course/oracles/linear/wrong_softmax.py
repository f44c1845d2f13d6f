"""Wrong softmax layers: wrong axes, wrong maxima, and incomplete Jacobians.

``self.right_gradient`` is the right formula.
"""

from __future__ import annotations

from typing import Any

import torch

from ncl_course.oracles.altered import Misconception, backward_as, forward_as, general
from ncl_course.oracles.linear.right import Softmax


def normalized(e: torch.Tensor) -> torch.Tensor:
    """Divide exponentials by their sum along the last axis."""
    return e / e.sum(-1, keepdim=True)


def naive(x: torch.Tensor) -> torch.Tensor:
    """Subtract no maximum."""
    return normalized(x.exp())


def global_maximum(x: torch.Tensor) -> torch.Tensor:
    """Subtract the maximum of the whole batch."""
    return normalized((x - x.max()).exp())


def column_maximum(x: torch.Tensor) -> torch.Tensor:
    """Subtract the maximum over the batch of each class."""
    return normalized((x - x.amax(0)).exp())


def over_batch(x: torch.Tensor) -> torch.Tensor:
    """Normalize along the first axis."""
    return torch.softmax(x, 0)


def sum_over_batch_alone(x: torch.Tensor) -> torch.Tensor:
    """Subtract each row's maximum, and divide by the sums along the first axis."""
    e = (x - x.amax(-1, keepdim=True)).exp()
    return e / e.sum(0, keepdim=True)


def over_everything(x: torch.Tensor) -> torch.Tensor:
    """Divide by one sum of the whole array."""
    return torch.softmax(x.flatten(), 0).reshape(x.shape)


def axis_one(x: torch.Tensor) -> torch.Tensor:
    """Normalize along axis 1, whatever the number of axes."""
    return torch.softmax(x, 1)


def sum_without_keepdims(x: torch.Tensor) -> torch.Tensor:
    """Divide by the sums as a row instead of a column, which is possible only if N = C."""
    e = (x - x.amax(-1, keepdim=True)).exp()
    return e / e.sum(-1)


def maximum_without_keepdims(x: torch.Tensor) -> torch.Tensor:
    """Subtract the maxima as a row instead of a column."""
    return normalized((x - x.amax(-1)).exp())


def both_without_keepdims(x: torch.Tensor) -> torch.Tensor:
    """Use maxima and sums as rows."""
    e = (x - x.amax(-1)).exp()
    return e / e.sum(-1)


def twice(x: torch.Tensor) -> torch.Tensor:
    """Apply softmax twice."""
    return torch.softmax(torch.softmax(x, -1), -1)


def not_exponentiated(x: torch.Tensor) -> torch.Tensor:
    """Divide logits by their sum."""
    return normalized(x)


def diagonal(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Multiply by p·(1 − p) alone, the diagonal of the Jacobian."""
    return grad_out * self.y * (1 - self.y)


def input_mixed_in(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Multiply by p·(1 − x)."""
    return grad_out * self.y * (1 - self.x)


def logits_in_derivative(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Multiply by x·(1 − x), the sigmoid's derivative with the input in the place of the output."""
    return grad_out * self.x * (1 - self.x)


def factor_forgotten(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Compute g − Σ g·p, without the factor p in front."""
    return grad_out - (grad_out * self.y).sum(-1, keepdim=True)


def sum_over_everything(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Sum over the whole batch."""
    return self.y * (grad_out - (grad_out * self.y).sum())


def sum_over_batch(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Sum over the first axis."""
    return self.y * (grad_out - (grad_out * self.y).sum(0))


def gradient_sum_without_keepdims(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Use the inner sums as a row instead of a column."""
    return self.y * (grad_out - (grad_out * self.y).sum(-1))


def mean_inside(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Sum g without the weights p."""
    return self.y * (grad_out - grad_out.sum(-1, keepdim=True))


def sign_of_sum(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Use plus instead of minus for the off-diagonal entries −p·q."""
    return self.y * (grad_out + (grad_out * self.y).sum(-1, keepdim=True) - 2 * grad_out * self.y)


def outer_added(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Add the products p·q to the diagonal instead of subtracting them."""
    return self.y * (grad_out + (grad_out * self.y).sum(-1, keepdim=True))


def labels_expected(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Compute p − g, the gradient of the loss with g in the place of the labels."""
    return self.y - grad_out


FORWARD = (
    ("maximum-not-subtracted", naive),
    ("global-maximum", global_maximum),
    ("maximum-over-batch", column_maximum),
    ("axis-one", axis_one),
    ("normalized-over-batch", over_batch),
    ("normalized-over-batch", sum_over_batch_alone),
    ("normalized-over-everything", over_everything),
    ("keepdims-forgotten", sum_without_keepdims),
    ("keepdims-forgotten", maximum_without_keepdims),
    ("keepdims-forgotten", both_without_keepdims),
    ("softmax-twice", twice),
    ("exponential-forgotten", not_exponentiated),
)
BACKWARD = (
    ("diagonal-only", diagonal),
    ("input-in-derivative", input_mixed_in),
    ("input-in-derivative", logits_in_derivative),
    ("gradient-passed-through", lambda self, g: g),
    ("loss-gradient-returned", labels_expected),
    ("factor-forgotten", factor_forgotten),
    ("sum-over-everything", sum_over_everything),
    ("sum-over-everything", sum_over_batch),
    ("keepdims-forgotten", gradient_sum_without_keepdims),
    ("sum-forgotten", lambda self, g: self.y * g),
    ("sum-not-weighted", mean_inside),
    ("off-diagonal-sign", sign_of_sum),
    ("off-diagonal-sign", outer_added),
    ("upstream-forgotten", lambda self, g: self.y * (1 - self.y)),
)
SOFTMAX = (
    *(Misconception(name, forward_as(Softmax, lambda self, x, f=f: f(x))) for name, f in FORWARD),  # type: ignore[misc]
    *(Misconception(name, backward_as(Softmax, f)) for name, f in BACKWARD),
    *general(Softmax, "stale-cache", "shared-between-instances", "gradient-accumulated", "upstream-forgotten"),
)
