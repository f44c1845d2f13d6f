"""Wrong masks: shared by several layers or slices, drawn too rarely or from a wrong source, or kept in a wrong form."""

from __future__ import annotations

import copy
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


def kept_as(oracle: type[RandomMask], keep: Callable[[Array], Any]) -> type[RandomMask]:
    """Return the oracle whose ``mask`` is not the mask that it uses."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def compute(self, x: torch.Tensor) -> torch.Tensor:
            y: torch.Tensor = super().compute(x)
            if not self.at_test:
                self.mask = keep(self.mask)
            return y

    return Altered


def kept_with(oracle: type[RandomMask], chance: Callable[[float], float]) -> type[RandomMask]:
    """Return the oracle that keeps neurons with another probability."""
    return drawn_as(oracle, lambda self, shape: self.right_draw(shape, chance(self.keep_prob)))


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


def kept_thin(oracle: type[RandomMask]) -> type[RandomMask]:
    """Return the oracle with one mask for the whole batch, kept with an axis of length 1, as it was drawn."""
    return kept_as(shared_along(oracle, 0), lambda mask: mask[:1])


def drawn_once(oracle: type[RandomMask]) -> type[RandomMask]:
    """Return the oracle that draws a mask for the first input of a shape and uses it for all."""

    def draw(self: Any, shape: tuple[int, ...]) -> Array:
        drawn = self.__dict__.setdefault("drawn", {})
        if shape not in drawn:
            drawn[shape] = self.right_draw(shape)
        return np.asarray(drawn[shape])

    return drawn_as(oracle, draw)


def seed_reset(oracle: type[RandomMask]) -> type[RandomMask]:
    """Return the oracle that starts each forward with the same seed."""

    def draw(self: Any, shape: tuple[int, ...]) -> Array:
        self.rng = np.random.default_rng(0)
        return np.asarray(self.right_draw(shape))

    return drawn_as(oracle, draw)


STREAM = np.random.default_rng(2_014)
"""The stand-in for NumPy's global generator: all layers share it, and it is never a layer's ``rng``."""


def own_stream(oracle: type[RandomMask]) -> type[RandomMask]:
    """Return the oracle whose masks come from a generator that all layers share."""

    def draw(self: Any, shape: tuple[int, ...]) -> Array:
        self.rng = STREAM
        return np.asarray(self.right_draw(shape))

    return drawn_as(oracle, draw)


def fixed_seed(oracle: type[RandomMask]) -> type[RandomMask]:
    """Return the oracle whose constructor makes a generator with a fixed seed and ignores ``rng``."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def __init__(self, keep_prob: float, rng: np.random.Generator | None = None) -> None:
            super().__init__(keep_prob, rng)
            self.rng = np.random.default_rng(0)

    return Altered


def copied_rng(oracle: type[RandomMask]) -> type[RandomMask]:
    """Return the oracle that draws from a copy of ``rng``, so that two layers with one ``rng`` draw the same masks."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def __init__(self, keep_prob: float, rng: np.random.Generator | None = None) -> None:
            super().__init__(keep_prob, copy.deepcopy(rng))

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

    class Altered(kept_as(oracle, lambda mask: ~mask)):  # type: ignore[misc]
        def students_mask(self, shape: tuple[int, ...]) -> Array | None:
            mask: Array | None = super().students_mask(shape)
            return None if mask is None else ~mask

    return Altered


def as_numbers(oracle: type[RandomMask]) -> type[RandomMask]:
    """Return the oracle that keeps the mask as numbers 0 and 1."""
    return kept_as(oracle, lambda mask: mask.astype(np.float64))


def forgotten(oracle: type[RandomMask]) -> type[RandomMask]:
    """Return the oracle that does not keep the mask, or keeps it under another name."""
    return kept_as(oracle, lambda mask: None)


def zeros_dropped(oracle: type[RandomMask]) -> type[RandomMask]:
    """Return the oracle that derives the mask from the output, so that a kept 0 counts as switched off."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def compute(self, x: torch.Tensor) -> torch.Tensor:
            y: torch.Tensor = super().compute(x)
            if not self.at_test:
                self.mask = (y != 0).detach().numpy()
            return y

    return Altered
