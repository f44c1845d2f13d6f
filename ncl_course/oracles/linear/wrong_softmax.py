"""Wrong softmax layers: wrong axes, wrong maxima, and incomplete Jacobians.

``self.right_gradient`` is the right formula.
"""

from __future__ import annotations

from collections.abc import Callable
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


SHIFTS: tuple[Callable[[torch.Tensor], torch.Tensor], ...] = (
    torch.zeros_like,
    lambda x: x.mean(-1, keepdim=True),
    lambda x: x.amin(-1, keepdim=True),
    lambda x: x[..., :1],
    lambda x: x.quantile(0.5, -1, keepdim=True),
)
"""Numbers that students subtract in place of a row's maximum. They do not prevent an overflow."""
CLIPPED = (50.0, 100.0, 500.0, 700.0)
"""Limits that students set to the logits."""


def shifted(shift: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[Any, torch.Tensor], torch.Tensor]:
    """Return softmax with another shift."""
    return lambda self, x: normalized(exponentials(self, x - shift(x)))


def by_logarithm(shift: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[Any, torch.Tensor], torch.Tensor]:
    """Return e^(x − ln Σe^x) with another shift: where the sum is infinite, all is 0, and where it is 0, infinite."""
    return lambda self, x: (x - shift(x) - exponentials(self, x - shift(x)).sum(-1, keepdim=True).log()).exp()


def limited(limit: float) -> Callable[[torch.Tensor], torch.Tensor]:
    """Return softmax of logits that are clipped to ±limit."""
    return lambda x: torch.softmax(x.clamp(-limit, limit), -1)


def exponentials(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Return e^x, which overflows sooner in float32."""
    return x.to(torch.float32 if self.dtype == "float32" else torch.float64).exp().to(x.dtype)


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
    *(("logits-clipped", limited(limit)) for limit in CLIPPED),
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
    *(
        Misconception("maximum-not-subtracted", forward_as(Softmax, way(shift)))
        for way in (shifted, by_logarithm)
        for shift in SHIFTS
    ),
    Misconception("global-maximum", forward_as(Softmax, by_logarithm(torch.max))),
    *(Misconception(name, backward_as(Softmax, f)) for name, f in BACKWARD),
    *general(Softmax, "stale-cache", "shared-between-instances", "gradient-accumulated", "upstream-forgotten"),
)
