"""Inputs for cases: readable where a student will look at them, and chosen so that mistakes show."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def distinct(rng: np.random.Generator, *shape: int, dtype: type = np.float64) -> Array:
    """Whole numbers of both signs, all different: easy to read, no ties."""
    size = math.prod(shape)
    values = rng.permutation(np.arange(size) - size // 3)
    return values.reshape(shape).astype(dtype)


def normal(rng: np.random.Generator, *shape: int, dtype: type = np.float64) -> Array:
    """Standard normal numbers."""
    return rng.standard_normal(shape).astype(dtype)


def few_values(rng: np.random.Generator, *shape: int, dtype: type = np.float64) -> Array:
    """Whole numbers from 0 to 2, so that most windows hold a tie; zeros as a ReLU leaves them."""
    return rng.integers(0, 3, shape).astype(dtype)


def upstream(rng: np.random.Generator, *shape: int, dtype: type = np.float64) -> Array:
    """A gradient from above: whole numbers from 1 to 9 of random sign, never 0."""
    return (rng.integers(1, 10, shape) * rng.choice([-1, 1], shape)).astype(dtype)


def in_eighths(grad_out: Array) -> Array:
    """A gradient from above as it comes in a network: no whole numbers, and a 0 in the first place."""
    eighths: Array = grad_out / 8
    eighths.flat[:1] = 0
    return eighths


def powers_of_two(rng: np.random.Generator, *shape: int, dtype: type = np.float64) -> Array:
    """A power of two for each window of a map, in random order and of one sign a map.

    Any sum of them tells which ones were added: that is how a tied window's choice is read off dx.

    Args:
        shape: (N, C, OH, OW) with OH·OW ≤ 20, so that float32 holds every sum exactly.
    """
    N, C, OH, OW = shape
    maps = [rng.choice([-1, 1]) * 2.0 ** rng.permutation(OH * OW) for _ in range(N * C)]
    return np.array(maps).reshape(shape).astype(dtype)
