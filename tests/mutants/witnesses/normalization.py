"""The witnesses of lesson 05: each normalization by torch's own functions, with the lecture's running statistics."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit

from tests.mutants.witnesses.disagreement import TOLERANCE, demand
from tests.mutants.witnesses.walk import Array, Arrays, Reference, Tensors, witness

BATCH = (0, 2, 3)


def natural(x: Array, grad_out: Array, gamma: Array, axes: tuple[int, ...], eps: float) -> float:
    """Return max|g·γ|/σ, the natural scale of a normalization's gradient."""
    sigma = np.sqrt(x.var(axes, keepdims=True) + eps)
    return float((np.abs(grad_out * gamma.reshape(1, -1, 1, 1)).max(axes, keepdims=True) / sigma).max())


class Normalization(Reference):
    """A layer with γ and β for each channel."""

    def parameters(self, rng: np.random.Generator, settings: tuple[Any, ...]) -> Arrays:
        C = self.channels(settings)
        return {name: rng.standard_normal(C).astype(np.float32).astype(float) for name in ("gamma", "beta")}

    def channels(self, settings: tuple[Any, ...]) -> int:
        """Return the number of channels."""
        return int(settings[0])

    def inputs(self, rng: np.random.Generator, settings: tuple[Any, ...], dtype: str) -> Array:
        N, W = int(rng.integers(1, 5)), int(rng.integers(2, 6))
        H = int(rng.integers(2, 5)) if dtype == "float32" else int(rng.integers(1, 5))
        offset = rng.choice([0.0, 0.0, 0.0, 700.0]) if dtype == "float64" else 0.0
        W = 6 if offset or dtype == "float32" else W
        spread = rng.choice([0.02, 1.0, 1.0, 20.0]) if not offset else 1.0
        x = rng.standard_normal((N, self.channels(settings), H, W)) * spread
        apart = 3.0 * rng.standard_normal((1, self.channels(settings), 1, 1)) * x.std()
        return x + apart + offset


class BatchNorm2d(Normalization):
    """torch.nn.functional.batch_norm, and α·running + (1 − α)·batch with the biased variance."""

    def settings(self, rng: np.random.Generator) -> tuple[Any, ...]:
        C = int(rng.integers(1, 5))
        alpha, eps = float(rng.choice([0.0, 0.3, 0.9, 0.99, 1.0])), float(rng.choice([1e-5, 1e-3, 0.2]))
        return (C,) if rng.random() < 0.15 else (C, alpha) if rng.random() < 0.15 else (C, alpha, eps)

    def options(self, settings: tuple[Any, ...]) -> tuple[float, float]:
        """Return α and ε."""
        return (*settings[1:], *(0.9, 1e-5)[len(settings) - 1 :])

    def state(self, settings: tuple[Any, ...]) -> Arrays:
        return {"running_mean": np.zeros(settings[0]), "running_var": np.ones(settings[0])}

    def compute(
        self, x: torch.Tensor, params: Tensors, settings: tuple[Any, ...], state: Arrays, *, training: bool
    ) -> torch.Tensor:
        alpha, eps = self.options(settings)
        means = {name: torch.tensor(values) for name, values in state.items()}
        y = F.batch_norm(
            x, means["running_mean"], means["running_var"], params["gamma"], params["beta"], training, 0.0, eps
        )
        if training:
            values = x.detach().numpy()
            for name, batch in (("running_mean", values.mean(BATCH)), ("running_var", values.var(BATCH))):
                state[name] = alpha * state[name] + (1 - alpha) * batch
        return y

    def scale(self, x: Array, grad_out: Array, params: Arrays, settings: tuple[Any, ...]) -> float:
        return natural(x, grad_out, params["gamma"], BATCH, self.options(settings)[1])


class Constantly(BatchNorm2d):
    """Batches with a constant map, on which a wrong place of ε, or none, shows."""

    def inputs(self, rng: np.random.Generator, settings: tuple[Any, ...], dtype: str) -> Array:
        x = super().inputs(rng, settings, dtype)
        x[:, 0] = 1.5
        return x


class GroupNorm(Normalization):
    """torch.nn.functional.group_norm with G groups, 1 group, or a group for each channel."""

    def __init__(self, groups: str) -> None:
        self.groups = groups

    def settings(self, rng: np.random.Generator) -> tuple[Any, ...]:
        G, each = (int(n) for n in rng.integers(1, 4, 2))
        sizes = (G, G * each) if self.groups == "G" else (G * each,)
        sizes = tuple(np.int64(n) for n in sizes) if rng.random() < 0.2 else sizes
        return sizes if rng.random() < 0.2 else (*sizes, float(rng.choice([1e-5, 1e-3, 0.2])))

    def channels(self, settings: tuple[Any, ...]) -> int:
        return int(settings[1] if self.groups == "G" else settings[0])

    def options(self, settings: tuple[Any, ...]) -> tuple[int, float]:
        """Return the number of groups and ε."""
        C, given = self.channels(settings), settings[2:] if self.groups == "G" else settings[1:]
        return {"G": int(settings[0]), "1": 1, "C": C}[self.groups], given[0] if given else 1e-5

    def compute(
        self, x: torch.Tensor, params: Tensors, settings: tuple[Any, ...], state: Arrays, *, training: bool
    ) -> torch.Tensor:
        groups, eps = self.options(settings)
        return F.group_norm(x, groups, params["gamma"], params["beta"], eps)

    def scale(self, x: Array, grad_out: Array, params: Arrays, settings: tuple[Any, ...]) -> float:
        groups, eps = self.options(settings)
        N, C = x.shape[:2]
        sigma = np.sqrt(x.reshape(N, groups, -1).var(-1) + eps)
        largest = np.abs(grad_out * params["gamma"].reshape(1, C, 1, 1)).reshape(N, groups, -1).max(-1)
        return float((largest / sigma).max())


class WeightStandardization(Reference):
    """Each filter's weights, normalized by torch.nn.functional.layer_norm."""

    def settings(self, rng: np.random.Generator) -> tuple[Any, ...]:
        return () if rng.random() < 0.2 else (float(rng.choice([1e-5, 1e-3, 0.2])),)

    def inputs(self, rng: np.random.Generator, settings: tuple[Any, ...], dtype: str) -> Array:
        K, M, p, q = (int(n) for n in rng.integers(1, 5, 4))
        x = rng.standard_normal((K, M, p + (dtype == "float32") * 2, q + 1 + (dtype == "float32") * 3))
        return x * rng.choice([0.02, 1.0, 9.0]) * (1 + 5 * rng.random((K, 1, 1, 1))) + rng.standard_normal((K, 1, 1, 1))

    def compute(
        self, x: torch.Tensor, params: Tensors, settings: tuple[Any, ...], state: Arrays, *, training: bool
    ) -> torch.Tensor:
        return F.layer_norm(x, tuple(x.shape[1:]), eps=settings[0] if settings else 1e-5)

    def scale(self, x: Array, grad_out: Array, params: Arrays, settings: tuple[Any, ...]) -> float:
        sigma = np.sqrt(x.var((1, 2, 3)) + (settings[0] if settings else 1e-5))
        return float((np.abs(grad_out).max((1, 2, 3)) / sigma).max())


def new_batchnorm(target: Callable[..., Any]) -> None:
    """New layers start with running_mean 0 and running_var 1; both may be overwritten in place, and then count."""
    for C in (1, 4):
        layer = target(C)
        demand(np.array_equal(layer.running_mean, np.zeros(C)), "running_mean does not start at 0")
        demand(np.array_equal(layer.running_var, np.ones(C)), "running_var does not start at 1")
        layer.running_mean[...], layer.running_var[...] = np.arange(C), 2.0 + np.arange(C)
        for name, value in (("gamma", 2.0), ("beta", 1.0)):
            layer.params[name][...] = value
        x = np.random.default_rng(C).standard_normal((3, C, 2, 2))
        shift, spread = (np.arange(C) + start for start in (0.0, 2.0))
        for _ in range(2):
            y = layer.eval().forward(x)
            right = 2 * (x - shift.reshape(1, C, 1, 1)) / np.sqrt(spread + 1e-5).reshape(1, C, 1, 1) + 1
            within = TOLERANCE[layer.running_var.dtype.name]
            demand(np.allclose(y, right, within, within), "overwritten running statistics do not count at test")


def refuses_groups(target: Callable[..., Any]) -> None:
    """Numbers of groups that do not divide the channels raise ValueError, at the latest in forward."""
    for G, C in ((2, 3), (4, 2), (3, 7), (5, 9)):
        try:
            target(G, C).forward(np.ones((1, C, 2, 2)))
        except ValueError:
            continue
        demand(False, f"{G} groups of {C} channels are accepted")


def counts() -> Callable[[Callable[..., Any]], None]:
    """Return the witness of ``batchnorm_parameter_count``: four numbers for each map of each layer."""

    def judge(target: Callable[..., Any]) -> None:
        for layers, maps in np.random.default_rng(6).integers(1, 900, (200, 2)).tolist():
            got = target(layers, maps)
            demand(isinstance(got, int | np.integer) and got == 4 * layers * maps, f"{got!r} for {layers, maps}")

    return judge


WITNESSES = {
    "BatchNorm2d": witness(BatchNorm2d(), new_batchnorm, also=(Constantly(),)),
    "LayerNorm2d": witness(GroupNorm("1")),
    "InstanceNorm2d": witness(GroupNorm("C")),
    "GroupNorm": witness(GroupNorm("G"), refuses_groups),
    "WeightStandardization": witness(WeightStandardization()),
    "batchnorm_parameter_count": counts,
}
