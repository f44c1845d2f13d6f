"""Wrong fully connected layers: ``self.x`` is (N, in), ``grad_out`` (N, out), weight (out, in).

``self.right_gradient`` is the right formula.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from ncl_course.oracles.altered import (
    Misconception,
    backward_as,
    forward_as,
    general,
    shared_buffers,
    shared_grads,
    shared_input,
)
from ncl_course.oracles.layer import Array, TorchLayer
from ncl_course.oracles.linear.right import Linear

Change = Callable[[Any, torch.Tensor], Any]


def affine_as(formula: Callable[[torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]) -> type[TorchLayer]:
    """Return the oracle with another formula of x, A and b."""
    return forward_as(Linear, lambda self, x: formula(x, self.leaves["weight"], self.leaves["bias"]))


def bias_along_batch(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """Add one number of the bias to each sample, which is possible only if N = out."""
    if len(x) != len(bias):
        raise ValueError("operands could not be broadcast together")
    return x @ weight.T + bias[:, None]


def grads_as(name: str, change: Change) -> type[TorchLayer]:
    """Return the oracle with another gradient for one parameter; ``change`` gets the layer and ``grad_out``."""

    def formula(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
        grad_x: torch.Tensor = self.right_gradient(grad_out)
        changed = change(self, grad_out)
        self.grads[name] = changed.detach().numpy() if isinstance(changed, torch.Tensor) else changed
        return grad_x

    return backward_as(Linear, formula)


def both_over_batch(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Divide both gradients by N."""
    grad_x: torch.Tensor = self.right_gradient(grad_out)
    self.grads.update({name: grad / len(grad_out) for name, grad in self.grads.items()})
    return grad_x


def all_over_batch(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Divide all three gradients by N."""
    return both_over_batch(self, grad_out) / len(grad_out)


def input_not_transposed(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Compute dx = g @ weight.T, which is possible only if in = out."""
    self.right_gradient(grad_out)
    return grad_out @ self.leaves["weight"].T


def grads_accumulate(names: tuple[str, ...]) -> type[TorchLayer]:
    """Return the oracle whose gradients of those parameters accumulate from backward to backward."""

    def formula(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
        before: dict[str, Array] = {name: self.grads[name].copy() for name in names if name in self.grads}
        grad_x: torch.Tensor = self.right_gradient(grad_out)
        self.grads.update({name: self.grads[name] + grad for name, grad in before.items()})
        return grad_x

    return backward_as(Linear, formula)


class StoredInOut(Linear):
    """A layer with a weight of shape (in, out), which computes x @ weight."""

    def __init__(self, in_features: int, out_features: int, rng: np.random.Generator | None = None) -> None:
        super().__init__(in_features, out_features, rng)
        self.params["weight"] = self.params["weight"].T.copy()

    def compute(self, x: torch.Tensor) -> torch.Tensor:
        return x @ self.leaves["weight"] + self.leaves["bias"]


class BiasAsRow(Linear):
    """A layer with a bias of shape (1, out): it broadcasts correctly, but violates the contract."""

    def __init__(self, in_features: int, out_features: int, rng: np.random.Generator | None = None) -> None:
        super().__init__(in_features, out_features, rng)
        self.params["bias"] = self.params["bias"][None]


LINEAR = (
    Misconception("weight-shape", StoredInOut),
    Misconception("weight-not-transposed", affine_as(lambda x, A, b: x @ A + b)),
    Misconception("bias-forgotten", affine_as(lambda x, A, b: x @ A.T + 0 * b)),
    Misconception("bias-before-product", affine_as(lambda x, A, b: (x + b) @ A.T)),
    Misconception("bias-subtracted", affine_as(lambda x, A, b: x @ A.T - b)),
    Misconception("bias-along-batch", affine_as(bias_along_batch)),
    Misconception("output-transposed", affine_as(lambda x, A, b: (x @ A.T + b).T)),
    Misconception("bias-not-summed", grads_as("bias", lambda self, g: g)),
    Misconception("bias-summed-over-features", grads_as("bias", lambda self, g: g.sum(1))),
    Misconception("bias-summed-to-one", grads_as("bias", lambda self, g: np.float64(g.sum().item()))),
    Misconception("bias-keeps-an-axis", grads_as("bias", lambda self, g: g.sum(0, keepdim=True))),
    Misconception("bias-shape", BiasAsRow),
    Misconception("averaged-over-batch", backward_as(Linear, both_over_batch)),
    Misconception("averaged-over-batch", backward_as(Linear, all_over_batch)),
    Misconception("averaged-over-batch", grads_as("bias", lambda self, g: g.mean(0))),
    Misconception("averaged-over-batch", grads_as("weight", lambda self, g: g.T @ self.x / len(g))),
    Misconception("weight-gradient-transposed", grads_as("weight", lambda self, g: self.x.T @ g)),
    Misconception("input-gradient-not-transposed", backward_as(Linear, input_not_transposed)),
    Misconception("gradient-accumulated", grads_accumulate(("weight", "bias"))),
    Misconception("gradient-accumulated", grads_accumulate(("weight",))),
    Misconception("gradient-accumulated", grads_accumulate(("bias",))),
    Misconception("squeezed", forward_as(Linear, lambda self, x: self.right(x).squeeze())),
    Misconception("shared-between-instances", shared_input(Linear)),
    Misconception("shared-between-instances", shared_grads(Linear)),
    Misconception("shared-between-instances", shared_buffers(Linear)),
    *general(Linear, "stale-cache", "gradient-accumulated", "upstream-forgotten"),
)
