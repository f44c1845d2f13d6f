"""The numbers of one map in each step of batch normalization, computed by the oracle; and the lesson's example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

PENCIL = np.array([1.0, 3.0, 5.0, 7.0])
GAMMA, BETA, EPS = 3.0, 10.0, 4.0
"""The map of the lesson's pencil example, whose root is 3."""


@dataclass(frozen=True)
class Normalized:
    """Numbers in each step of a normalization, and the root that divides them."""

    x: Array
    x_hat: Array
    y: Array
    root: float

    @property
    def rows(self) -> tuple[Array, Array, Array]:
        """The three arrays in drawing order."""
        return self.x, self.x_hat, self.y


def normalized(x: Array, gamma: float, beta: float, eps: float) -> Normalized:
    """Return batch normalization of one map's numbers in training, computed by the oracle (lecture, section 5)."""
    from ncl_course.oracles.normalization.batchnorm import BatchNorm2d

    layer = BatchNorm2d(1, eps=eps)
    maps = x.reshape(-1, 1, 1, 1)
    x_hat = layer.forward(maps).ravel()
    layer.params["gamma"][:], layer.params["beta"][:] = gamma, beta
    return Normalized(x, x_hat, layer.forward(maps).ravel(), float(np.sqrt(x.var() + eps)))


def running_means(batches: Array, alpha: float) -> Array:
    """Return the running mean after each batch, given the batches' means, computed by the oracle; it starts at 0."""
    from ncl_course.oracles.layer import to_torch
    from ncl_course.oracles.normalization.batchnorm import BatchNorm2d
    from ncl_course.oracles.settings import own_settings

    layer, kept = BatchNorm2d(1, alpha=alpha), []
    for mean in batches:
        with own_settings():
            layer.remember(to_torch(mean.reshape(1, 1, 1, 1)))
        kept.append(layer.running_mean[0])
    return np.array(kept)
