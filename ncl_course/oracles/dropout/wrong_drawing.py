"""Wrong masks: shared by several layers or slices, drawn too rarely or from a wrong source, or kept in a wrong form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from ncl_course.oracles.dropout.right import RandomMask
from ncl_course.oracles.layer import Array


def drawn_as(oracle: type[RandomMask], draw: Callable[[Any, tuple[int, ...]], Array]) -> type[RandomMask]:
    """Return the oracle with another way to draw masks; ``self.right_draw`` is the right one."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def draw(self, shape: tuple[int, ...], keep_prob: float | None = None) -> Array:
            self.right_draw = super().draw
            return draw(self, shape) if keep_prob is None else super().draw(shape, keep_prob)

    return Altered


def kept_as(oracle: type[RandomMask], keep: Callable[[Array, torch.Tensor], Any]) -> type[RandomMask]:
    """Return the oracle whose ``mask`` is not the mask that it uses; ``keep`` gets that mask and the output."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def compute(self, x: torch.Tensor) -> torch.Tensor:
            y: torch.Tensor = super().compute(x)
            if not self.at_test:
                self.mask = keep(self.mask, y)
            return y

    return Altered


def drop_for_keep(oracle: type[RandomMask]) -> type[RandomMask]:
    """Return the oracle that takes p for the probability of dropping, everywhere."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def __init__(self, keep_prob: float, rng: np.random.Generator | None = None) -> None:
            super().__init__(1 - keep_prob, rng)

        def trained(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            return super().trained(x, mask) if self.keep_prob else x * 0

    return Altered


def shared_along(oracle: type[RandomMask], axis: int) -> type[RandomMask]:
    """Return the oracle with one mask for all slices along an axis."""

    def draw(self: Any, shape: tuple[int, ...]) -> Array:
        if not -len(shape) <= axis < len(shape):
            return np.asarray(self.right_draw(shape))
        thin = self.right_draw(tuple(1 if a == axis % len(shape) else n for a, n in enumerate(shape)))
        return np.array(np.broadcast_to(thin, shape))

    return drawn_as(oracle, draw)


def drawn_once(oracle: type[RandomMask]) -> type[RandomMask]:
    """Return the oracle that draws a mask for the first input of a shape and uses it for all."""

    def draw(self: Any, shape: tuple[int, ...]) -> Array:
        drawn = self.__dict__.setdefault("drawn", {})
        if shape not in drawn:
            drawn[shape] = self.right_draw(shape)
        return np.asarray(drawn[shape])

    return drawn_as(oracle, draw)


def drawn_from(oracle: type[RandomMask], generator: Callable[[], np.random.Generator]) -> type[RandomMask]:
    """Return the oracle that draws each mask from a generator that is not its own."""

    def draw(self: Any, shape: tuple[int, ...]) -> Array:
        self.rng = generator()
        return np.asarray(self.right_draw(shape))

    return drawn_as(oracle, draw)


STREAM = np.random.default_rng(2_014)
"""The stand-in for NumPy's global generator: all layers share it, and it is never a layer's ``rng``."""


def generator_as(oracle: type[RandomMask], made: Callable[[Any], Any]) -> type[RandomMask]:
    """Return the oracle whose constructor makes its generator from ``rng`` in another way."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def __init__(self, keep_prob: float, rng: np.random.Generator | None = None) -> None:
            super().__init__(keep_prob, made(rng))

    return Altered


def mask_at_test(oracle: type[RandomMask], change: Callable[[Array], Any]) -> type[RandomMask]:
    """Return the oracle whose forward in test mode replaces the mask; ``change`` gets a mask of ones for x."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def forward(self, x: Array) -> Array:
            y: Array = super().forward(x)
            if self.at_test:
                self.mask = change(np.ones(x.shape, bool))
            return y

    return Altered


def exact_count(oracle: type[RandomMask]) -> type[RandomMask]:
    """Return the oracle that keeps exactly p·n neurons: drawn without replacement, they are not independent."""

    def draw(self: Any, shape: tuple[int, ...]) -> Array:
        size = int(np.prod(shape))
        mask = np.zeros(size, bool)
        mask[self.rng.permutation(size)[: round(self.keep_prob * size)]] = True
        return mask.reshape(shape)

    return drawn_as(oracle, draw)


def complement(oracle: type[RandomMask]) -> type[RandomMask]:
    """Return the oracle whose ``mask`` is True where a neuron is switched off."""

    class Altered(kept_as(oracle, lambda mask, _: ~mask)):  # type: ignore[misc]
        def students_mask(self, shape: tuple[int, ...]) -> Array | None:
            mask: Array | None = super().students_mask(shape)
            return None if mask is None else ~mask

    return Altered
