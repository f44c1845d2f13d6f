"""Batch normalization by torch (lecture section 5): right answers to the first half of lesson 05."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit

from ncl_course.oracles.layer import Array, TorchLayer, to_torch

EACH_MAP = (0, 2, 3)
"""The axes that batch normalization averages over: samples, rows and columns, but not maps."""


class BatchNorm2d(TorchLayer):
    """torch.nn.functional.batch_norm with the lecture's running statistics.

    The lecture writes running ← α·running + (1 − α)·batch with the biased variance. torch's momentum is 1 − α, and its
    running variance is unbiased, so the update is written here.

    A case may be ``free`` if a test pass follows training: its two ``get`` steps before that pass read the student's
    own running statistics, and the oracle continues from these, so that one mistake does not cost points twice.
    """

    adapts = True

    def __init__(self, num_features: int, alpha: float = 0.9, eps: float = 1e-5) -> None:
        self.alpha, self.eps = alpha, eps
        self.params.update(gamma=np.ones(num_features), beta=np.zeros(num_features))
        self.running_mean, self.running_var = np.zeros(num_features), np.ones(num_features)

    def compute(self, x: torch.Tensor) -> torch.Tensor:
        gamma, beta = self.leaves["gamma"], self.leaves["beta"]
        if self.training:
            self.remember(x.detach())
            return F.batch_norm(x, None, None, gamma, beta, training=True, eps=self.eps)
        mean, var = (to_torch(values) for values in self.known())
        return F.batch_norm(x, mean, var, gamma, beta, training=False, eps=self.eps)

    def remember(self, x: torch.Tensor) -> None:
        """Move the running statistics towards those of the batch ``x`` (N, C, H, W)."""
        mean, var = x.mean(EACH_MAP), x.var(EACH_MAP, unbiased=False)
        for running, batch in ((self.running_mean, mean), (self.running_var, var)):
            running[...] = self.alpha * running + (1 - self.alpha) * batch.numpy()

    def known(self) -> tuple[Array, Array]:
        """Return the student's running statistics if the two steps before have read them, or else the oracle's own."""
        if 2 <= self.step <= len(self.student):
            mean, var = self.students_answer(-2), self.students_answer(-1)
            if mean is not None and var is not None and mean.shape == var.shape == self.running_mean.shape:
                return mean, var
        return self.running_mean, self.running_var


def gradient_scale(x: Array, grad_out: Array, gamma: Array, eps: float) -> float:
    """Return the natural scale of dL/dx under batch statistics, max|g·γ|/σ; the elements themselves may cancel.

    Args:
        x: (N, C, H, W), like ``grad_out``; ``gamma`` is (C,).
    """
    std = torch.sqrt(to_torch(x).var(EACH_MAP, unbiased=False) + eps)
    largest = to_torch(grad_out).abs().amax(EACH_MAP) * to_torch(gamma).abs()
    return float((largest / std).max())


def batchnorm_parameter_count(num_layers: int, num_maps: int) -> int:
    """Return the lecture's 4LM, counted on torch's own layer: gamma, beta and two running statistics per map."""
    layer = torch.nn.BatchNorm2d(num_maps)
    one_layer = sum(
        t.numel() for t in (layer.weight, layer.bias, layer.running_mean, layer.running_var) if t is not None
    )
    return int(num_layers) * one_layer
