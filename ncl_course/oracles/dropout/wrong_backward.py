"""Wrong backward passes of dropout: another mask than the forward's, another scale, another mode."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from ncl_course.oracles.dropout.right import RandomMask
from ncl_course.oracles.layer import Array, to_torch

Formula = Callable[[Any, torch.Tensor], torch.Tensor]


def gradient_as(
    oracle: type[RandomMask], train: Formula | None = None, test: Formula | None = None
) -> type[RandomMask]:
    """The oracle with another dL/dx after a forward in training, or at test; ``self.right`` is the right one."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def gradient(self, grad_out: torch.Tensor) -> torch.Tensor:
            self.right = super().gradient
            formula = test if self.at_test else train
            return formula(self, grad_out) if formula else self.right(grad_out)

    return Altered


def masked(self: Any, mask: Array, grad_out: torch.Tensor) -> torch.Tensor:
    """The training gradient that another mask would give."""
    x = self.x.detach().requires_grad_()
    (grad_x,) = torch.autograd.grad(self.trained(x, to_torch(mask)), x, grad_out)
    return grad_x


def other_mask(self: Any) -> Array:
    """The mask that the student's gradient shows, where it is another than the forward's; else a fresh one."""
    shape = tuple(self.x.shape)
    mask: Array | None = self.seen(shape)
    if mask is None or mask.all() or (mask == self.mask).all():
        mask = self.draw(shape)
    return mask


def fresh_mask(oracle: type[RandomMask]) -> type[RandomMask]:
    """``backward`` draws a mask of its own."""
    return gradient_as(oracle, lambda self, grad_out: masked(self, other_mask(self), grad_out))


def unmasked(oracle: type[RandomMask], formula: Formula) -> type[RandomMask]:
    """The mask is not used in ``backward``; the formula says how the gradient is scaled."""
    return gradient_as(oracle, formula)


def scaled(oracle: type[RandomMask], factor: Callable[[float], float]) -> type[RandomMask]:
    """The right gradient in training, times a factor made from p."""
    return gradient_as(oracle, lambda self, grad_out: self.right(grad_out) * factor(self.keep_prob))


def unscaled_at_test(oracle: type[RandomMask], factor: Callable[[float], float]) -> type[RandomMask]:
    """The right gradient at test, times a factor made from p."""
    return gradient_as(oracle, test=lambda self, grad_out: self.right(grad_out) * factor(self.keep_prob))


def mask_from_output(oracle: type[RandomMask]) -> type[RandomMask]:
    """``backward`` asks where the output is not 0: a kept neuron whose value was 0 gets no gradient."""
    return gradient_as(oracle, lambda self, grad_out: self.right(grad_out) * (self.x.detach() != 0))


def masked_at_test(oracle: type[RandomMask]) -> type[RandomMask]:
    """``backward`` uses the latest training forward's mask after a forward at test too."""

    def formula(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
        if getattr(self, "mask", None) is None or self.mask.shape != tuple(grad_out.shape):
            return self.right(grad_out)
        mask = self.seen(self.mask.shape)
        return masked(self, self.mask if mask is None else mask, grad_out)

    return gradient_as(oracle, test=formula)


def stale_mask(oracle: type[RandomMask]) -> type[RandomMask]:
    """``backward`` uses the first mask that was ever drawn."""

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
    """The mask for ``backward`` lives on the class, so layers overwrite one another's."""

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
    """``backward`` asks for the mode that the layer is in now, not for its latest forward's."""

    def gradient(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
        if self.training != self.at_test:
            return self.right(grad_out)
        if self.training:
            return masked(self, other_mask(self), grad_out) if hasattr(self, "mask") else grad_out * 0
        x = self.x.detach().requires_grad_()
        (grad_x,) = torch.autograd.grad(self.tested(x), x, grad_out)
        return grad_x

    return gradient_as(oracle, gradient, gradient)
