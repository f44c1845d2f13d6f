"""Wrong backward passes of dropout: with another mask than the forward's, another scale, or another mode."""

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


def fresh_mask(oracle: type[RandomMask]) -> type[RandomMask]:
    """Return the oracle whose ``backward`` draws another mask."""
    return gradient_as(oracle, lambda self, grad_out: masked(self, other_mask(self), grad_out))


def unmasked(oracle: type[RandomMask], formula: Formula) -> type[RandomMask]:
    """Return the oracle whose ``backward`` does not use the mask; the formula scales the gradient."""
    return gradient_as(oracle, formula)


def complement(oracle: type[RandomMask]) -> type[RandomMask]:
    """Return the oracle whose ``backward`` sends the gradient to the neurons that were switched off."""
    return gradient_as(oracle, lambda self, grad_out: masked(self, ~self.mask, grad_out))


def scaled(oracle: type[RandomMask], factor: Callable[[float], float]) -> type[RandomMask]:
    """Return the oracle whose right gradient in training is multiplied by a factor made from p."""
    return gradient_as(oracle, lambda self, grad_out: self.right(grad_out) * factor(self.keep_prob))


def unscaled_at_test(oracle: type[RandomMask], factor: Callable[[float], float]) -> type[RandomMask]:
    """Return the oracle whose right gradient at test is multiplied by a factor made from p."""
    return gradient_as(oracle, test=lambda self, grad_out: self.right(grad_out) * factor(self.keep_prob))


def mask_from_output(oracle: type[RandomMask]) -> type[RandomMask]:
    """Return the oracle whose ``backward`` looks for nonzero outputs: a kept neuron with value 0 gets no gradient."""
    return gradient_as(oracle, lambda self, grad_out: self.right(grad_out) * (self.x.detach() != 0))


def masked_at_test(oracle: type[RandomMask]) -> type[RandomMask]:
    """Return the oracle whose ``backward`` uses the latest training mask even after a forward at test."""

    def formula(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
        if getattr(self, "mask", None) is None or self.mask.shape != tuple(grad_out.shape):
            return self.right(grad_out)
        mask = self.seen(self.mask.shape)
        return masked(self, self.mask if mask is None else mask, grad_out)

    return gradient_as(oracle, test=formula)


def stale_mask(oracle: type[RandomMask]) -> type[RandomMask]:
    """Return the oracle whose ``backward`` uses the first mask that it ever drew."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def forward(self, x: Array) -> Array:
            y: Array = super().forward(x)
            if not self.at_test:
                self.first = getattr(self, "first", self.mask)
            return y

        def gradient(self, grad_out: torch.Tensor) -> torch.Tensor:
            return super().gradient(grad_out) if self.at_test else masked(self, np.asarray(self.first), grad_out)

    return Altered


def shared_mask(oracle: type[RandomMask]) -> type[RandomMask]:
    """Return the oracle that stores the mask for ``backward`` on the class, so that layers overwrite each other's."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def forward(self, x: Array) -> Array:
            y: Array = super().forward(x)
            if not self.at_test:
                type(self).of_all = self.mask
            return y

        def gradient(self, grad_out: torch.Tensor) -> torch.Tensor:
            return super().gradient(grad_out) if self.at_test else masked(self, type(self).of_all, grad_out)

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
