"""Dropout by torch (lecture section 4): the right answers to lesson 04. ``keep_prob`` is the lecture's p."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from ncl_course.oracles.layer import Array, TorchLayer, to_torch
from ncl_course.oracles.settings import own_settings


class RandomMask(TorchLayer):
    """The common part of both kinds: each training forward draws a new mask and keeps it.

    Any mask of independent neurons is right, so the oracle uses the student's own mask, which the step after the
    forward has read. If that is not a mask, the oracle uses the zeros of the student's output instead: then a bad mask
    fails because it is bad, and right numbers pass.
    """

    adapts = True
    follows = "mask"

    def __init__(self, keep_prob: float, rng: np.random.Generator | None = None) -> None:
        self.keep_prob = keep_prob
        self.rng = np.random.default_rng(0) if rng is None else rng  # a fixed seed, so that answers repeat

    @own_settings()
    def forward(self, x: Array) -> Array:
        self.at_test = not self.training
        if self.training:
            self.mask = self.choose(x.shape)
        return super().forward(x)

    def choose(self, shape: tuple[int, ...]) -> Array:
        """Return the student's mask, or a mask that the oracle draws."""
        mask = self.students_mask(shape)
        return self.draw(shape) if mask is None else mask

    def students_mask(self, shape: tuple[int, ...]) -> Array | None:
        """Return the student's mask as bool, whatever its dtype."""
        mask = self.students_answer(later=1)
        if mask is not None and mask.dtype.kind in "biuf" and is_broadcastable(mask.shape, shape):
            return np.array(np.broadcast_to(mask != 0, shape))
        return self.seen(shape)

    def seen(self, shape: tuple[int, ...]) -> Array | None:
        """Return where the student's array at this step is not 0, or None if it is not an array of that shape."""
        answer = self.students_answer()
        return answer != 0 if answer is not None and answer.shape == shape else None

    def draw(self, shape: tuple[int, ...], keep_prob: float | None = None) -> Array:
        """Return a mask of independent neurons by torch.bernoulli, with a seed from ``rng``."""
        generator = torch.Generator().manual_seed(int(self.rng.integers(2**62)))
        chance = torch.full(shape, self.keep_prob if keep_prob is None else keep_prob, dtype=torch.float64)
        return torch.bernoulli(chance, generator=generator).bool().numpy()

    def compute(self, x: torch.Tensor) -> torch.Tensor:
        return self.tested(x) if self.at_test else self.trained(x, to_torch(self.mask))

    def trained(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return the output in training; ``mask`` contains 0 and 1."""
        raise NotImplementedError

    def tested(self, x: torch.Tensor) -> torch.Tensor:
        """Return the output at test time."""
        raise NotImplementedError


class ClassicDropout(RandomMask):
    """The lecture's first way (Srivastava et al. 2014): the test output is scaled to the expectation px of training."""

    def trained(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return x * mask

    def tested(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.keep_prob


class Dropout(RandomMask):
    """The lecture's second way, torch.nn.Dropout(1 − keep_prob): divide by p in training, change nothing at test."""

    def trained(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return x * mask / self.keep_prob

    def tested(self, x: torch.Tensor) -> torch.Tensor:
        return x * 1.0


def is_broadcastable(shape: tuple[int, ...], to: Any) -> bool:
    """Return whether an array of the first shape broadcasts to the second."""
    try:
        return np.broadcast_shapes(shape, to) == tuple(to)
    except ValueError:
        return False
