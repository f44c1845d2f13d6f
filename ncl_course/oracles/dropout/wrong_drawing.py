"""Wrong masks: whose they are, how often they are drawn, from what, and how they are kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from ncl_course.oracles.dropout.right import RandomMask
from ncl_course.oracles.layer import Array


def drawn_as(oracle: type[RandomMask], draw: Callable[[Any, tuple[int, ...]], Array]) -> type[RandomMask]:
    """The oracle with another way to draw; ``self.right_draw`` is the right one."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def draw(self, shape: tuple[int, ...], keep_prob: float | None = None) -> Array:
            self.right_draw = super().draw
            return draw(self, shape) if keep_prob is None else super().draw(shape, keep_prob)

    return Altered


def kept_as(oracle: type[RandomMask], keep: Callable[[Array], Any]) -> type[RandomMask]:
    """The oracle that keeps something else as its ``mask`` than what it works with."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def compute(self, x: torch.Tensor) -> torch.Tensor:
            y: torch.Tensor = super().compute(x)
            if not self.at_test:
                self.mask = keep(self.mask)
            return y

    return Altered


def kept_with(oracle: type[RandomMask], chance: Callable[[float], float]) -> type[RandomMask]:
    """Kept with another probability."""
    return drawn_as(oracle, lambda self, shape: self.right_draw(shape, chance(self.keep_prob)))


def drop_for_keep(oracle: type[RandomMask]) -> type[RandomMask]:
    """p read as the probability to drop, everywhere."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def __init__(self, keep_prob: float, rng: np.random.Generator | None = None) -> None:
            super().__init__(1 - keep_prob, rng)

        def trained(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            return super().trained(x, mask) if self.keep_prob else x * 0

    return Altered


def shared_along(oracle: type[RandomMask], axis: int) -> type[RandomMask]:
    """One mask for all slices along an axis."""

    def draw(self: Any, shape: tuple[int, ...]) -> Array:
        if not -len(shape) <= axis < len(shape):
            return np.asarray(self.right_draw(shape))
        thin = self.right_draw(tuple(1 if a == axis % len(shape) else n for a, n in enumerate(shape)))
        return np.array(np.broadcast_to(thin, shape))

    return drawn_as(oracle, draw)


def kept_thin(oracle: type[RandomMask]) -> type[RandomMask]:
    """One mask for the whole batch, kept as the thin array that it was drawn as."""
    return kept_as(shared_along(oracle, 0), lambda mask: mask[:1])


def drawn_once(oracle: type[RandomMask]) -> type[RandomMask]:
    """The mask is drawn for the first input of a shape and used for all."""

    def draw(self: Any, shape: tuple[int, ...]) -> Array:
        drawn = self.__dict__.setdefault("drawn", {})
        if shape not in drawn:
            drawn[shape] = self.right_draw(shape)
        return np.asarray(drawn[shape])

    return drawn_as(oracle, draw)


def seed_reset(oracle: type[RandomMask]) -> type[RandomMask]:
    """Each forward begins with one seed."""

    def draw(self: Any, shape: tuple[int, ...]) -> Array:
        self.rng = np.random.default_rng(0)
        return np.asarray(self.right_draw(shape))

    return drawn_as(oracle, draw)


STREAM = np.random.default_rng(2_014)
"""Stands for NumPy's global generator: one for all layers, and nobody's ``rng``."""


def own_stream(oracle: type[RandomMask]) -> type[RandomMask]:
    """The mask comes from a generator that all layers share."""

    def draw(self: Any, shape: tuple[int, ...]) -> Array:
        self.rng = STREAM
        return np.asarray(self.right_draw(shape))

    return drawn_as(oracle, draw)


def fixed_seed(oracle: type[RandomMask]) -> type[RandomMask]:
    """The constructor makes a generator with a seed of its own and forgets ``rng``."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def __init__(self, keep_prob: float, rng: np.random.Generator | None = None) -> None:
            super().__init__(keep_prob, rng)
            self.rng = np.random.default_rng(0)

    return Altered


def exact_count(oracle: type[RandomMask]) -> type[RandomMask]:
    """Exactly p·n neurons are kept: drawn without replacement, they are not independent."""

    def draw(self: Any, shape: tuple[int, ...]) -> Array:
        size = int(np.prod(shape))
        mask = np.zeros(size, bool)
        mask[self.rng.permutation(size)[: round(self.keep_prob * size)]] = True
        return mask.reshape(shape)

    return drawn_as(oracle, draw)


def complement(oracle: type[RandomMask]) -> type[RandomMask]:
    """``mask`` is True where a neuron is switched off."""

    class Altered(kept_as(oracle, lambda mask: ~mask)):  # type: ignore[misc]
        def students_mask(self, shape: tuple[int, ...]) -> Array | None:
            mask: Array | None = super().students_mask(shape)
            return None if mask is None else ~mask

    return Altered


def as_numbers(oracle: type[RandomMask]) -> type[RandomMask]:
    """The mask is kept as numbers 0 and 1."""
    return kept_as(oracle, lambda mask: mask.astype(np.float64))


def forgotten(oracle: type[RandomMask]) -> type[RandomMask]:
    """The mask is kept under no name, or another."""
    return kept_as(oracle, lambda mask: None)


def zeros_dropped(oracle: type[RandomMask]) -> type[RandomMask]:
    """The mask is read off the output, so a kept 0 counts as switched off."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def compute(self, x: torch.Tensor) -> torch.Tensor:
            y: torch.Tensor = super().compute(x)
            if not self.at_test:
                self.mask = (y != 0).detach().numpy()
            return y

    return Altered
