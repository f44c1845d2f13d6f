"""The witnesses of lesson 01: torch's pooling, and windows with ties by the definition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit

from tests.mutants.witnesses.disagreement import demand
from tests.mutants.witnesses.walk import Array, Arrays, Reference, Tensors, witness


class MaxPool2d(Reference):
    """torch.nn.functional.max_pool2d."""

    def settings(self, rng: np.random.Generator) -> tuple[Any, ...]:
        kernel = int(rng.integers(1, 6))
        return (kernel,) if rng.random() < 0.2 else (kernel, int(rng.integers(1, 7)))

    def inputs(self, rng: np.random.Generator, settings: tuple[Any, ...], dtype: str) -> Array:
        least = max(settings)
        H, W = rng.integers(least, least + 7, 2)
        N, C = rng.integers(1, 4, 2)
        offset = rng.choice([0.0, 0.0, -500.0, 800.0]) if dtype == "float64" else 0.0
        return rng.standard_normal((N, C, H, W)) + offset

    def compute(
        self, x: torch.Tensor, params: Tensors, settings: tuple[Any, ...], state: Arrays, *, training: bool
    ) -> torch.Tensor:
        return F.max_pool2d(x, *settings)


class LargeMaps(MaxPool2d):
    """A few windows on a map with more cells than two bytes can number."""

    def settings(self, rng: np.random.Generator) -> tuple[Any, ...]:
        return 3, int(rng.integers(70, 90))

    def inputs(self, rng: np.random.Generator, settings: tuple[Any, ...], dtype: str) -> Array:
        return rng.standard_normal((1, 1, 280, 300 - int(rng.integers(30))))


class AvgPool2d(MaxPool2d):
    """torch.nn.functional.avg_pool2d."""

    def compute(
        self, x: torch.Tensor, params: Tensors, settings: tuple[Any, ...], state: Arrays, *, training: bool
    ) -> torch.Tensor:
        return F.avg_pool2d(x, *settings)


def one_of_the_tied(target: Callable[..., Any]) -> None:
    """Windows that do not overlap, with ties: each gives its whole gradient to one of its maxima."""
    rng = np.random.default_rng(5)
    for _ in range(100):
        kernel = int(rng.integers(2, 4))
        stride = kernel + int(rng.integers(0, 2))
        H, W = rng.integers(kernel, 9, 2)
        x = np.maximum(rng.integers(-2, 3, (2, 2, max(H, stride), max(W, stride))), 0).astype(np.float64)
        layer = target(kernel, stride)
        y = layer.forward(x)
        g = rng.standard_normal(y.shape)
        left = layer.backward(g).copy()
        for n, c, i, j in np.ndindex(*y.shape):
            window = np.s_[n, c, i * stride : i * stride + kernel, j * stride : j * stride + kernel]
            (place,) = np.flatnonzero(left[window]) if np.count_nonzero(left[window]) == 1 else (-1,)
            demand(place >= 0, "the gradient of a tied window does not go to one cell")
            demand(left[window].flat[place] == g[n, c, i, j], "a tied window gets another gradient")
            demand(x[window].flat[place] == y[n, c, i, j] == x[window].max(), "the gradient misses the tied maxima")
            left[window] = 0
        demand(not left.any(), "the gradient reaches cells outside all windows")


def output_size() -> Callable[[Callable[..., Any]], None]:
    """Return the witness of ``pool_output_size``: torch's pooled shape."""
    rng = np.random.default_rng(3)
    known = []
    for _ in range(400):
        kernel, stride = (int(v) for v in rng.integers(1, 30, 2))
        size = max(kernel, stride) + int(rng.integers(0, 60))
        known.append((size, kernel, stride, F.max_pool1d(torch.zeros(1, 1, size), kernel, stride).shape[2]))

    def judge(target: Callable[..., Any]) -> None:
        for size, kernel, stride, right in known:
            got = target(size, kernel, stride)
            demand(isinstance(got, int | np.integer) and got == right, f"{got!r} for {size, kernel, stride}")

    return judge


WITNESSES = {
    "pool_output_size": output_size,
    "MaxPool2d": witness(MaxPool2d(), one_of_the_tied),
    "AvgPool2d": witness(AvgPool2d()),
}
