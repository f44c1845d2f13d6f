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


def diagonal(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Multiply by p·(1 − p) alone, the diagonal of the Jacobian."""
    return grad_out * self.y * (1 - self.y)


def sign_of_sum(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Use plus instead of minus for the off-diagonal entries −p·q."""
    return self.y * (grad_out + (grad_out * self.y).sum(-1, keepdim=True) - 2 * grad_out * self.y)


FORWARD = (
    ("maximum-not-subtracted", naive),
    ("global-maximum", global_maximum),
    ("maximum-over-batch", column_maximum),
    ("axis-one", lambda x: torch.softmax(x, 1)),
    ("normalized-over-batch", over_batch),
    ("normalized-over-batch", sum_over_batch_alone),
    ("normalized-over-everything", lambda x: torch.softmax(x.flatten(), 0).reshape(x.shape)),
    ("keepdims-forgotten", sum_without_keepdims),
    ("keepdims-forgotten", maximum_without_keepdims),
    ("keepdims-forgotten", both_without_keepdims),
    ("softmax-twice", twice),
    ("exponential-forgotten", normalized),
)
BACKWARD = (
    ("diagonal-only", diagonal),
    ("input-in-derivative", lambda self, grad_out: grad_out * self.y * (1 - self.x)),
    ("input-in-derivative", lambda self, grad_out: grad_out * self.x * (1 - self.x)),
    ("gradient-passed-through", lambda self, g: g),
    ("loss-gradient-returned", lambda self, grad_out: self.y - grad_out),
    ("factor-forgotten", lambda self, grad_out: grad_out - (grad_out * self.y).sum(-1, keepdim=True)),
    ("sum-over-everything", lambda self, grad_out: self.y * (grad_out - (grad_out * self.y).sum())),
    ("sum-over-everything", lambda self, grad_out: self.y * (grad_out - (grad_out * self.y).sum(0))),
    ("keepdims-forgotten", lambda self, grad_out: self.y * (grad_out - (grad_out * self.y).sum(-1))),
    ("sum-forgotten", lambda self, g: self.y * g),
    ("sum-not-weighted", lambda self, grad_out: self.y * (grad_out - grad_out.sum(-1, keepdim=True))),
    ("off-diagonal-sign", sign_of_sum),
    ("off-diagonal-sign", lambda self, grad_out: self.y * (grad_out + (grad_out * self.y).sum(-1, keepdim=True))),
    ("upstream-forgotten", lambda self, g: self.y * (1 - self.y)),
)
SOFTMAX = (
    *(Misconception(name, forward_as(Softmax, lambda self, x, f=f: f(x))) for name, f in FORWARD),  # type: ignore[misc]
    *(Misconception(name, backward_as(Softmax, f)) for name, f in BACKWARD),
    *general(Softmax, "stale-cache", "shared-between-instances", "gradient-accumulated", "upstream-forgotten"),
)
