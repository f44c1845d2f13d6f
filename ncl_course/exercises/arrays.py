"""Inputs for cases: easy to read in a panel, and chosen so that mistakes show."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

LARGE = 1e30
"""A number beyond every bound at which a layer may cut off its values; float32 holds it."""


def distinct(rng: np.random.Generator, *shape: int, dtype: type = np.float64) -> Array:
    """Return distinct whole numbers of both signs: easy to read, without ties."""
    size = math.prod(shape)
    values = rng.permutation(np.arange(size) - size // 3)
    return values.reshape(shape).astype(dtype)


def normal(rng: np.random.Generator, *shape: int, dtype: type = np.float64) -> Array:
    """Return standard normal numbers."""
    return rng.standard_normal(shape).astype(dtype)


def few_values(rng: np.random.Generator, *shape: int, dtype: type = np.float64) -> Array:
    """Return whole numbers from 0 to 2: most windows contain a tie, and there are zeros as after a ReLU."""
    return rng.integers(0, 3, shape).astype(dtype)


def upstream(rng: np.random.Generator, *shape: int, dtype: type = np.float64) -> Array:
    """Return an upstream gradient: whole numbers from 1 to 9 with random signs, never 0."""
    return (rng.integers(1, 10, shape) * rng.choice([-1, 1], shape)).astype(dtype)


def near_thousand(numbers: Array) -> Array:
    """Return numbers near 1000 that differ by a third of the given ones: float32 would round them."""
    return 1000.0 + numbers / 3


def outlier(rng: np.random.Generator, *shape: int) -> Array:
    """Return small numbers and one million, which lies √(n − 1) standard deviations from the mean of the n numbers."""
    values = distinct(rng, *shape)
    values.flat[0] = 1e6
    return values


def in_eighths(grad_out: Array) -> Array:
    """Return an upstream gradient as it occurs in a network: eighths, not whole numbers, and 0 as the first entry."""
    eighths: Array = grad_out / 8
    eighths.flat[:1] = 0
    return eighths


def powers_of_two(rng: np.random.Generator, *shape: int, dtype: type = np.float64) -> Array:
    """Return a power of two for each window of a map, in random order, with one sign per map.

    Any sum of them shows which ones were added, so dx shows which of the tied cells a layer chose.

    Args:
        shape: (N, C, OH, OW) with OH·OW ≤ 20, so that float32 holds every sum exactly.
    """
    N, C, OH, OW = shape
    maps = [rng.choice([-1, 1]) * 2.0 ** rng.permutation(OH * OW) for _ in range(N * C)]
    return np.array(maps).reshape(shape).astype(dtype)
