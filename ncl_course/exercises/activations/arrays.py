"""Inputs for the cases of lesson 02: float32 holds them exactly, and none is 0 unless the case asks for zeros."""

from __future__ import annotations

import numpy as np

from ncl_course.exercises.arrays import Array, normal

HUGE = np.array([-1000.0, -3.0, -0.5, 0.5, 3.0, 1000.0])
AT_ZERO = np.array([-2.0, 0.0, 3.0, 0.0, 5.0])
NEAR_ZERO = np.array([-2.0, -(2.0**-30), 3.0, 2.0**-30])


def halves(rng: np.random.Generator, *shape: int, dtype: type = np.float64) -> Array:
    """Return nonzero multiples of 0.5 from 0.5 to 4 with random signs; the first two have opposite signs."""
    values = rng.integers(1, 9, shape) * rng.choice([-0.5, 0.5], shape)
    values.flat[:2] = np.abs(values.flat[:2]) * rng.permutation([-1, 1])[: values.size]
    return np.asarray(values, dtype=dtype)


def some_zeros(rng: np.random.Generator, *shape: int, dtype: type = np.float64) -> Array:
    """Return −1, 0 and 1 in random order; the first number is 0, so there is always one."""
    values: Array = rng.integers(-1, 2, shape).astype(dtype)
    values.flat[0] = 0
    return values


def quarters(rng: np.random.Generator, *shape: int) -> Array:
    """Return multiples of 0.25 from 0.25 to 2 with random signs, for parameters: any float dtype holds them exactly."""
    return np.asarray(rng.integers(1, 9, shape) * rng.choice([-0.25, 0.25], shape))


def random_array(rng: np.random.Generator, least: int = 1) -> Array:
    """Return an array of normal numbers in a random shape of ``least`` to 4 axes."""
    return normal(rng, *(int(n) for n in rng.integers(1, 5, rng.integers(least, 5))))
