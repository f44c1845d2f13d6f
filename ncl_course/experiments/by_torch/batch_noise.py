"""The scatter of small batches' statistics, and of one sample's output with them: real digits, torch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import torch
from torch.nn.functional import batch_norm

from ncl_course.experiments.by_torch.normalization_trials import digits
from ncl_course.oracles.layer import Array
from ncl_course.oracles.settings import own_settings


@dataclass(frozen=True)
class Noise:
    """One digit in many random batches of one size, in a new layer (γ = 1, β = 0).

    Attributes:
        means: the mean of each batch; pixels go from 0 to 16.
        outputs: the output of one pixel in the digit's middle, with the statistics of each batch.
        mean: the mean of all digits.
        tested: the output of that pixel with the statistics of all digits.
    """

    means: Array
    outputs: Array
    mean: float
    tested: float


@cache
@own_settings()
def noise(batch: int, side: int, draws: int = 100, seed: int = 1) -> Noise:
    """Put the first digit into ``draws`` batches with random others, each digit cut to its middle.

    Args:
        batch: the number of samples in a batch, including the digit itself; at least 2.
        side: the number of rows and columns of a map.
        draws: the number of batches.
        seed: the seed of the draws.
    """
    x = middles(side)
    generator = torch.Generator().manual_seed(seed)
    rows = torch.randint(1, len(x), (batch - 1, draws), generator=generator)
    batches = torch.cat([x[:1].expand(1, draws, side, side), x[:, 0][rows]])  # each batch is a separate channel
    normalized = batch_norm(batches, None, None, training=True)
    alone = batch_norm(x[:1], x.mean().reshape(1), x.var(unbiased=False).reshape(1))
    at = side // 2
    outputs = normalized[0, :, at, at].numpy()
    return Noise(batches.mean((0, 2, 3)).numpy(), outputs, float(x.mean()), float(alone[0, 0, at, at]))


@cache
@own_settings()
def middles(side: int) -> torch.Tensor:
    """Return the middle of every digit as a separate map: (1797, 1, side, side), from 0 to 16."""
    images, _ = digits()
    first = (images.shape[-1] - side) // 2
    cut = slice(first, first + side)
    return (images.double()[:, :, cut, cut] + 1) * 8
