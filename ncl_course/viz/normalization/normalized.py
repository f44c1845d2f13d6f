"""The numbers of one map on their way through batch normalization, asked of the oracle; and the lesson's example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

PENCIL = np.array([1.0, 3.0, 5.0, 7.0])
SENT = np.array([9.0, 0.0, 0.0, 0.0])
GAMMA, BETA, EPS = 3.0, 10.0, 4.0
"""The lesson's pencil example: a map whose root is 3."""


@dataclass(frozen=True)
class Normalized:
    """Numbers on their way through a normalization, and what they were divided by."""

    x: Array
    x_hat: Array
    y: Array
    root: float

    @property
    def rows(self) -> tuple[Array, Array, Array]:
        """The three arrays in the order in which they are drawn."""
        return self.x, self.x_hat, self.y


def normalized(x: Array, gamma: float, beta: float, eps: float) -> Normalized:
    """Batch normalization of one map's numbers in training, asked of the oracle (lecture, section 5)."""
    from ncl_course.oracles.normalization.batchnorm import BatchNorm2d

    layer = BatchNorm2d(1, eps=eps)
    maps = x.reshape(-1, 1, 1, 1)
    x_hat = layer.forward(maps).ravel()
    layer.params["gamma"][:], layer.params["beta"][:] = gamma, beta
    return Normalized(x, x_hat, layer.forward(maps).ravel(), float(np.sqrt(x.var() + eps)))


def running_means(batches: Array, alpha: float) -> Array:
    """The running mean after each batch, whose means are given, asked of the oracle; it starts at 0."""
    from ncl_course.oracles.layer import to_torch
    from ncl_course.oracles.normalization.batchnorm import BatchNorm2d

    layer, kept = BatchNorm2d(1, alpha=alpha), []
    for mean in batches:
        layer.remember(to_torch(mean.reshape(1, 1, 1, 1)))
        kept.append(layer.running_mean[0])
    return np.array(kept)
