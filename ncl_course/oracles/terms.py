"""The terms of the sums in a lesson's results, by exercise and method; they help to name a wrong sum."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch

from ncl_course.oracles.layer import Array, to_numpy, to_torch

Tensors = Mapping[str, torch.Tensor]


def by_method(sight: Any, kinds: Mapping[tuple[str, str], Callable[[Tensors], Tensors]]) -> Mapping[str, Array]:
    """Return the terms of a result (a ``checking.naming.sight.Sight``) by what a student would call them.

    Args:
        kinds: by exercise and method, a function from the case's arrays to terms.
    """
    kind = kinds.get((sight.exercise, sight.method))
    arrays = {name: to_torch(values) for name, values in sight.arrays.items()}
    return shaped(kind(arrays) if kind and "x" in arrays else {}, sight.expected.shape)


def shaped(found: Tensors, shape: tuple[int, ...]) -> dict[str, Array]:
    """Return the terms that can be expanded to a shape, expanded to it."""
    return {
        name: to_numpy(values.expand(shape), values.numpy().dtype)
        for name, values in found.items()
        if values.ndim <= len(shape) and all(a in (1, b) for a, b in zip(values.shape[::-1], shape[::-1], strict=False))
    }
