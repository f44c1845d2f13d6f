"""Fully connected layers, softmax and cross-entropy by torch (lecture section 3): the right answers to lesson 03."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit

from ncl_course.nn import Layer
from ncl_course.oracles.layer import Array, TorchLayer, to_numpy, to_torch
from ncl_course.oracles.settings import own_settings


class Flatten(TorchLayer):
    """torch.flatten: (N, C, H, W) to (N, C·H·W), each sample in C order."""

    def compute(self, x: torch.Tensor) -> torch.Tensor:
        return x.flatten(1)


class Linear(TorchLayer):
    """torch.nn.functional.linear, the lecture's Y = A·X + b with A = weight (out_features, in_features)."""

    def __init__(self, in_features: int, out_features: int, rng: np.random.Generator | None = None) -> None:
        rng = rng or np.random.default_rng()
        weight = rng.normal(0.0, (2 / in_features) ** 0.5, (out_features, in_features))
        self.params.update(weight=weight, bias=np.zeros(out_features))

    def compute(self, x: torch.Tensor) -> torch.Tensor:
        return F.linear(x, self.leaves["weight"], self.leaves["bias"])


class Softmax(TorchLayer):
    """torch.softmax over the last axis."""

    def compute(self, x: torch.Tensor) -> torch.Tensor:
        return torch.softmax(x, -1)


class CrossEntropyLoss:
    """torch.nn.functional.cross_entropy of logits (N, C) and labels (N,), the mean over the batch; not a ``Layer``."""

    def compute(self, logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """Return the loss; a misconception of the forward pass alters this."""
        return F.cross_entropy(logits, labels)

    @own_settings()
    def forward(self, logits: Array, labels: Array) -> float:
        """Return the loss, a number of the dtype of ``logits``."""
        self.dtype = logits.dtype
        self.logits = to_torch(logits, requires_grad=True)
        self.labels = torch.tensor(np.array(labels, dtype=np.int64))
        self.loss = self.compute(self.logits, self.labels)
        return to_numpy(self.loss, self.dtype)[()]  # type: ignore[return-value]

    @own_settings()
    def backward(self) -> Array:
        """Return dL/dlogits in the dtype of the logits."""
        return to_numpy(self.gradient(), self.dtype)

    def gradient(self) -> torch.Tensor:
        """Return dL/dlogits as a tensor; a misconception of the backward pass alters this."""
        (grad,) = torch.autograd.grad(self.loss, self.logits, retain_graph=True)
        return grad


class GlobalAvgPool2d(TorchLayer):
    """torch.nn.functional.adaptive_avg_pool2d to one cell: (N, C, H, W) to (N, C)."""

    def compute(self, x: torch.Tensor) -> torch.Tensor:
        return F.adaptive_avg_pool2d(x, 1).flatten(1)


def parameter_count(layers: Sequence[Layer]) -> int:
    """Return how many numbers torch stores for these layers' parameters."""
    return sum(torch.from_numpy(values).numel() for layer in layers for values in layer.params.values())
