"""Dropout by torch (lecture section 4): the right answers to lesson 04. ``keep_prob`` is the lecture's p."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from ncl_course.oracles.layer import Array, TorchLayer, to_torch


class RandomMask(TorchLayer):
    """What both kinds share: a mask drawn anew by each training forward, and kept.

    Any mask of independent neurons is right, so beside a student the oracle takes the student's own, which the step
    after the forward has read. Where that is none, the zeros of the student's output tell it: then a bad mask fails
    for what it is, and not the numbers that were right.
    """

    adapts = True

    def __init__(self, keep_prob: float, rng: np.random.Generator | None = None) -> None:
        self.keep_prob = keep_prob
        self.rng = np.random.default_rng(0) if rng is None else rng  # a seed of its own, so that answers repeat

    def forward(self, x: Array) -> Array:
        self.at_test = not self.training
        if self.training:
            self.mask = self.choose(x.shape)
        return super().forward(x)

    def choose(self, shape: tuple[int, ...]) -> Array:
        """The student's mask, or one of the oracle's own."""
        mask = self.students_mask(shape)
        return self.draw(shape) if mask is None else mask

    def students_mask(self, shape: tuple[int, ...]) -> Array | None:
        """What the student's mask says of each neuron, whatever its dtype."""
        mask = self.students_answer(later=1)
        if mask is not None and mask.dtype.kind in "biuf" and is_broadcastable(mask.shape, shape):
            return np.array(np.broadcast_to(mask != 0, shape))
        return self.seen(shape)

    def seen(self, shape: tuple[int, ...]) -> Array | None:
        """Where the student's array at this step is not 0, if it is an array of that shape."""
        answer = self.students_answer()
        return answer != 0 if answer is not None and answer.shape == shape else None

    def draw(self, shape: tuple[int, ...], keep_prob: float | None = None) -> Array:
        """A mask of independent neurons by torch.bernoulli, from a seed that ``rng`` gives."""
        generator = torch.Generator().manual_seed(int(self.rng.integers(2**62)))
        chance = torch.full(shape, self.keep_prob if keep_prob is None else keep_prob, dtype=torch.float64)
        mask: Array = torch.bernoulli(chance, generator=generator).bool().numpy()
        return mask

    def compute(self, x: torch.Tensor) -> torch.Tensor:
        return self.tested(x) if self.at_test else self.trained(x, to_torch(self.mask))

    def trained(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """The output in training; ``mask`` holds 0 and 1."""
        raise NotImplementedError

    def tested(self, x: torch.Tensor) -> torch.Tensor:
        """The output at test."""
        raise NotImplementedError


class ClassicDropout(RandomMask):
    """Srivastava et al. 2014, the lecture's first way: the expectation px of training is made up for at test."""

    def trained(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return x * mask

    def tested(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.keep_prob


class Dropout(RandomMask):
    """torch.nn.Dropout(1 − keep_prob), the lecture's second way: divided in training, nothing to do at test."""

    def trained(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return x * mask / self.keep_prob

    def tested(self, x: torch.Tensor) -> torch.Tensor:
        return x * 1.0


def is_broadcastable(shape: tuple[int, ...], to: Any) -> bool:
    """Whether an array of the one shape can be spread to the other."""
    try:
        return np.broadcast_shapes(shape, to) == tuple(to)
    except ValueError:
        return False
