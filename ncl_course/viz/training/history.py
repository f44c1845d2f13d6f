"""The history of a training: a loss for each step, and sometimes the accuracy on validation images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

POINTS = 300
"""The number of blocks whose means are drawn if a curve is longer."""


@dataclass
class TrainingHistory:
    """A growing record that a stopped training leaves behind; a second training continues it.

    Attributes:
        losses: the loss of every step, before its update.
        measured: the numbers of finished steps at which the accuracy was measured.
        accuracies: the shares of right answers, in [0, 1], at those steps.
    """

    losses: list[float] = field(default_factory=list)
    measured: list[int] = field(default_factory=list)
    accuracies: list[float] = field(default_factory=list)

    @property
    def steps(self) -> int:
        """The number of finished steps."""
        return len(self.losses)

    def add_loss(self, loss: float) -> None:
        """Add the loss of one more step."""
        self.losses.append(float(loss))

    def add_accuracy(self, share: float) -> None:
        """Add the share of right answers after the finished steps; it replaces an earlier share at the same step."""
        if self.measured and self.measured[-1] == self.steps:
            self.accuracies[-1] = float(share)
            return
        self.measured.append(self.steps)
        self.accuracies.append(float(share))


def thinned(values: Sequence[float], points: int = POINTS) -> tuple[Array, Array]:
    """Return steps, counted from 1, and values of a curve of at most ``points`` points, only finite ones.

    Each point is the mean of a block of neighbours, drawn at the block's middle.
    """
    size = max(1, -(-len(values) // points))
    blocks = [np.asarray(values[start : start + size], dtype=np.float64) for start in range(0, len(values), size)]
    middles = np.array([1 + size * n + (len(block) - 1) / 2 for n, block in enumerate(blocks)])
    means = np.array([block.mean() for block in blocks])
    return middles[np.isfinite(means)], means[np.isfinite(means)]


def smoothed(values: Sequence[float], keep: float = 0.8) -> Array:
    """Return a mean of all values so far at each step; a value that is k steps old has the weight keep^k.

    This is the running mean with the correction of Kingma and Ba, "Adam", 2015, section 3.
    """
    if not values:
        return np.empty(0)
    weights = keep ** np.arange(len(values))
    return np.convolve(values, weights)[: len(values)] / np.cumsum(weights)
