"""Wrong backward passes of dropout: with a mask, a scale or a mode that is not the forward's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from ncl_course.oracles.dropout.right import RandomMask
from ncl_course.oracles.layer import Array, gradients, to_torch

Formula = Callable[[Any, torch.Tensor], torch.Tensor]


def gradient_as(
    oracle: type[RandomMask], train: Formula | None = None, test: Formula | None = None
) -> type[RandomMask]:
    """Return the oracle with another dL/dx after a forward in training or at test; ``self.right`` is the right one."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def gradient(self, grad_out: torch.Tensor) -> torch.Tensor:
            self.right = super().gradient
            formula = test if self.at_test else train
            return formula(self, grad_out) if formula else self.right(grad_out)

    return Altered


def masked(self: Any, mask: Array, grad_out: torch.Tensor) -> torch.Tensor:
    """Return the training gradient with another mask."""
    x = self.x.detach().requires_grad_()
    (grad_x,) = gradients(self.trained(x, to_torch(mask)), grad_out, x)
    return grad_x


def other_mask(self: Any) -> Array:
    """Return the mask in the student's gradient if it differs from the forward's mask, or else a new one."""
    shape = tuple(self.x.shape)
    mask: Array | None = self.seen(shape)
    if mask is None or mask.all() or is_part_of(mask, self.mask, self.keep_prob):
        mask = self.draw(shape)
    return mask


RARE = 0.02
"""The probability below which a mask that is a part of the forward's counts as cut, and not as drawn anew."""


def is_part_of(mask: Array, whole: Array, keep_prob: float) -> bool:
    """Return whether a mask is another one, or a part of it that is hardly a new draw."""
    by_chance = (1 - keep_prob * (1 - keep_prob)) ** mask.size
    return bool((mask == whole).all() or (by_chance < RARE and not (mask & ~whole).any()))


def masked_at_test(oracle: type[RandomMask]) -> type[RandomMask]:
    """Return the oracle whose ``backward`` uses the latest training mask even after a forward at test."""

    def formula(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
        if getattr(self, "mask", None) is None or self.mask.shape != tuple(grad_out.shape):
            return self.right(grad_out)
        mask = self.seen(self.mask.shape)
        return masked(self, self.mask if mask is None else mask, grad_out)

    return gradient_as(oracle, test=formula)


def remembered_mask(oracle: type[RandomMask], *, by_class: bool) -> type[RandomMask]:
    """Return the oracle whose ``backward`` uses the first mask that it drew, or the latest of any layer."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        memory: Array | None = None

        def forward(self, x: Array) -> Array:
            y: Array = super().forward(x)
            home: Any = type(self) if by_class else self
            if not self.at_test and (by_class or self.memory is None):
                home.memory = self.mask
            return y

        def gradient(self, grad_out: torch.Tensor) -> torch.Tensor:
            return super().gradient(grad_out) if self.at_test else masked(self, np.asarray(self.memory), grad_out)

    return Altered


def mode_of_now(oracle: type[RandomMask]) -> type[RandomMask]:
    """Return the oracle whose ``backward`` uses the layer's current mode instead of its latest forward's."""

    def gradient(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
        if self.training != self.at_test:
            return self.right(grad_out)
        if self.training:
            return masked(self, other_mask(self), grad_out) if hasattr(self, "mask") else grad_out * 0
        x = self.x.detach().requires_grad_()
        (grad_x,) = gradients(self.tested(x), grad_out, x)
        return grad_x

    return gradient_as(oracle, gradient, gradient)
