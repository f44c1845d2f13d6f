"""The ways in which cases make and use batch normalization, in training and at test time.

Cases that are not about ε have ε = 0.1 and few numbers per map: there a misplaced ε or an N − 1 changes a result by
whole per cents.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from ncl_course.exercises.arrays import Array
from ncl_course.exercises.consulted import consult
from ncl_course.exercises.trials import TO_TEST, Use
from ncl_course.protocol.script import Layout, Script, get, put

STATE_SCALE = 100.0
"""The tolerance factor of the running statistics and everything computed from them, because they may be float32."""


@dataclass(frozen=True)
class Training(Use):
    """A layer in training; its gradients are judged on their natural scale."""

    SAME_AT_TEST: ClassVar[bool] = False

    def scales(self, grad_out: Array) -> dict[str, float]:
        def compute() -> float:
            from ncl_course.oracles.normalization.batchnorm import BatchNorm2d, gradient_scale

            new = BatchNorm2d(*self.args, **self.kwargs)
            return gradient_scale(self.x, grad_out, self.params.get("gamma", new.params["gamma"]), new.eps)

        made = self.args, self.kwargs
        natural = consult(compute, "BatchNorm2d", made, self.x, grad_out, self.params.get("gamma"))
        return {"backward": natural, "grads.gamma": total(grad_out), "grads.beta": total(grad_out)}


@dataclass(frozen=True)
class Tested(Training):
    """A layer in test mode.

    Attributes:
        running: the numbers that overwrite its running statistics.
    """

    running: dict[str, Array] = field(default_factory=dict)

    def make(self, obj: str = "layer") -> Script:
        return *super().make(obj), *self.remember(obj), replace(TO_TEST, obj=obj)

    def remember(self, obj: str = "layer") -> Script:
        """Overwrite the running statistics of a layer of these sizes in place."""
        return tuple(put(obj, name, values) for name, values in self.running.items())

    def forward(self, obj: str = "layer", layout: Layout = Layout.C, method: str = "forward") -> Script:
        scale = STATE_SCALE * largest(self.x) if self.x.dtype == np.float64 else 0.0
        return tuple(replace(step, scale=scale) for step in super().forward(obj, layout, method))

    def scales(self, grad_out: Array) -> dict[str, float]:
        loose = STATE_SCALE if grad_out.dtype == np.float64 else 1.0
        gradient = loose * float(np.abs(grad_out).max())
        return {"backward": gradient, "grads.gamma": loose * total(grad_out), "grads.beta": total(grad_out)}


def total(grad_out: Array) -> float:
    """Return the largest sum of absolute values over a map: the scale on which a parameter's gradient is judged."""
    return float(np.abs(grad_out).sum(axis=(0, 2, 3)).max())


def largest(*batches: Array) -> float:
    """Return the largest absolute value in the batches, but at least 1."""
    return max([1.0, *(float(np.abs(x).max()) for x in batches)])


def state(*batches: Array, obj: str = "layer") -> Script:
    """Return judged readings of both running statistics, on the scale of the batches that they were computed from."""
    scale = STATE_SCALE * largest(*batches)
    return tuple(get(obj, name, label=name, scale=scale) for name in ("running_mean", "running_var"))


def maps(rng: np.random.Generator, N: int, C: int, H: int, W: int, apart: int = 10) -> Array:
    """Return distinct whole numbers within each map; the maps are about ``apart`` apart from each other."""
    n = N * H * W
    values = [rng.permutation(n) - n // 3 + apart * place for place in rng.permutation(C)]
    return np.array(values, dtype=np.float64).reshape(C, N, H, W).swapaxes(0, 1).copy()


def sizes(rng: np.random.Generator) -> tuple[int, int, int, int]:
    """Return a random shape with at least four numbers per map."""
    N, C, H, W = (int(v) for v in rng.integers((2, 1, 1, 2), (5, 5, 5, 5)))
    return N, C, H, W


def exact(rng: np.random.Generator, C: int, low: float, high: float) -> Array:
    """Return odd multiples of 1/128 for ``put``: never 0, and any float dtype holds them exactly."""
    return (rng.integers(round(low * 64), round(high * 64), C) * 2 + 1) / 128


def affine(rng: np.random.Generator, C: int) -> dict[str, Array]:
    """Return random γ of both signs, and random β."""
    return {"gamma": exact(rng, C, 0.5, 3) * rng.choice([-1, 1], C), "beta": exact(rng, C, -4, 4)}


def known(rng: np.random.Generator, C: int) -> dict[str, Array]:
    """Return random running statistics."""
    return {"running_mean": exact(rng, C, -4, 4), "running_var": exact(rng, C, 0.25, 4)}


def training(rng: np.random.Generator, x: Array, eps: float = 0.1, alpha: float = 0.5) -> Training:
    """Return a layer in training with random γ and β."""
    C = x.shape[1]
    return Training(x, (C, alpha, eps), affine(rng, C))


def at_test(rng: np.random.Generator, x: Array, eps: float = 0.1) -> Tested:
    """Return a layer in test mode with random γ, β and running statistics."""
    C = x.shape[1]
    return Tested(x, (C, 0.5, eps), affine(rng, C), running=known(rng, C))
