"""The witnesses of lesson 03: torch's flatten, linear, softmax, cross_entropy and mean, and counts by definition."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit

from ncl_course.nn import Layer
from ncl_course.oracles.settings import own_settings
from tests.mutants.witnesses.disagreement import close, demand, same_array
from tests.mutants.witnesses.walk import ORDERS, Array, Arrays, Reference, Tensors, laid, witness


class Maps(Reference):
    """A layer from maps to vectors, as torch computes it."""

    def __init__(self, function: Callable[[torch.Tensor], torch.Tensor]) -> None:
        self.function = function

    def inputs(self, rng: np.random.Generator, settings: tuple[Any, ...], dtype: str) -> Array:
        offset = rng.choice([0.0, 0.0, 900.0]) if dtype == "float64" else 0.0
        return rng.standard_normal(tuple(rng.integers(1, 6, 4))) + offset

    def compute(
        self, x: torch.Tensor, params: Tensors, settings: tuple[Any, ...], state: Arrays, *, training: bool
    ) -> torch.Tensor:
        return self.function(x)


class Linear(Reference):
    """torch.nn.functional.linear."""

    def settings(self, rng: np.random.Generator) -> tuple[Any, ...]:
        D, M = (int(n) for n in rng.integers(1, 8, 2))
        return (D, M) if rng.random() < 0.3 else (D, np.int64(M), np.random.default_rng(int(rng.integers(99))))

    def inputs(self, rng: np.random.Generator, settings: tuple[Any, ...], dtype: str) -> Array:
        return rng.standard_normal((int(rng.integers(1, 8)), settings[0]))

    def parameters(self, rng: np.random.Generator, settings: tuple[Any, ...]) -> Arrays:
        shapes = {"weight": (settings[1], settings[0]), "bias": (settings[1],)}
        return {name: rng.standard_normal(shape).astype(np.float32).astype(float) for name, shape in shapes.items()}

    def compute(
        self, x: torch.Tensor, params: Tensors, settings: tuple[Any, ...], state: Arrays, *, training: bool
    ) -> torch.Tensor:
        return F.linear(x, params["weight"], params["bias"])


class Softmax(Reference):
    """torch.softmax over the last axis."""

    silent = True

    def inputs(self, rng: np.random.Generator, settings: tuple[Any, ...], dtype: str) -> Array:
        shape = tuple(rng.integers(1, 6, int(rng.integers(1, 5))))
        return rng.standard_normal(shape) * rng.choice([0.1, 1.0, 3.0, 300.0])

    def compute(
        self, x: torch.Tensor, params: Tensors, settings: tuple[Any, ...], state: Arrays, *, training: bool
    ) -> torch.Tensor:
        return torch.softmax(x, -1)

    def scale(self, x: Array, grad_out: Array, params: Arrays, settings: tuple[Any, ...]) -> float:
        return float(np.abs(grad_out).max())


def random_weights(
    target: Callable[..., Any], args: tuple[Any, ...], weight: tuple[int, ...], bias: tuple[int, ...]
) -> None:
    """Demand random weights of these shapes, which ``rng`` alone decides if it is given; args are all but ``rng``."""
    drawn = {}
    for seed in (1, 1, 2, None):
        layer = target(*args, rng=None if seed is None else np.random.default_rng(seed))
        for name, shape in (("weight", weight), ("bias", bias)):
            values = layer.params[name]
            demand(isinstance(values, np.ndarray) and values.dtype.kind == "f", f"{name} is no float array")
            demand(values.shape == shape, f"{name} has the shape {values.shape} for {shape}")
        values = layer.params["weight"].copy()
        demand(np.ptp(values) > 0 and np.isfinite(values).all(), "the weights are constant or not finite")
        demand(seed not in drawn or np.array_equal(drawn[seed], values), "rng does not decide the weights")
        drawn[seed] = values
    demand(not np.array_equal(drawn[1], drawn[2]), "rng does not matter")


def new_linear(target: Callable[..., Any]) -> None:
    """New layers: random weights of the right shapes, which ``rng`` decides."""
    random_weights(target, (4, 3), (3, 4), (3,))
    random_weights(target, (2, 6), (6, 2), (6,))


@own_settings()
def cross_entropy() -> Callable[[Callable[..., Any]], None]:
    """Return the witness of ``CrossEntropyLoss``: torch's, on batches of all sizes, dtypes and memory orders."""
    rng = np.random.default_rng(21)
    known = []
    for _ in range(300):
        N, C = (int(n) for n in rng.integers(1, 9, 2))
        dtype = "float32" if rng.random() < 0.3 else "float64"
        x = (rng.standard_normal((N, C)) * rng.choice([0.1, 1.0, 4.0, 200.0])).astype(dtype)
        labels = rng.integers(0, C, N).astype(rng.choice(["int64", "int32", "uint8", "int8", "uint64", "int16"]))
        leaf = torch.tensor(x.astype(float), requires_grad=True)
        value = F.cross_entropy(leaf, torch.tensor(labels.astype(np.int64)))
        (grad,) = torch.autograd.grad(value, leaf)
        known.append((x, labels, str(rng.choice(ORDERS[:-1])), float(value.detach()), grad.numpy()))

    def judge(target: Callable[..., Any]) -> None:
        other, layer = target(), target()
        other.forward(np.array([[1.0, 2.0, 0.5]]), np.array([1]))
        first = other.backward().copy()
        kept: list[tuple[Array, Array]] = []
        for x, labels, order, value, grad in known:
            given, named = laid(x, order), laid(labels, order)
            got = layer.forward(given, named)
            demand(np.ndim(got) == 0 and np.isrealobj(got), f"the loss is a {type(got).__name__}")
            close(float(got), value, 1e-4 if x.dtype == np.float32 else 1e-7, "the loss", 1.0)
            for _ in range(2):
                back = layer.backward()
                same_array(back, grad, x.dtype, "the gradient", 1 / len(x))
                kept.append((back, back.copy()))
            demand(np.array_equal(given, x) and np.array_equal(named, labels), "an input is changed")
        demand(np.array_equal(other.backward(), first), "two losses share something")
        demand(all(np.array_equal(live, copy) for live, copy in kept), "a returned gradient is changed later")

    return judge


def counts() -> Callable[[Callable[..., Any]], None]:
    """Return the witness of ``parameter_count``: random layers, counted by the definition."""

    class Some(Layer):
        def __init__(self, shapes: list[tuple[int, ...]], dtype: Any) -> None:
            self.params = {f"p{n}": np.zeros(shape, dtype) for n, shape in enumerate(shapes)}
            self.buffer, self.running_mean = np.zeros((3, 5)), np.ones(4)
            self.grads = {"p0": np.zeros(9)}

    def judge(target: Callable[..., Any]) -> None:
        rng = np.random.default_rng(4)
        for _ in range(300):
            shapes = [
                [
                    tuple(int(n) for n in rng.integers(1, 7, int(rng.integers(1, 5))))
                    for _ in range(int(rng.integers(0, 4)))
                ]
                for _ in range(int(rng.integers(0, 5)))
            ]
            layers = [Some(one, rng.choice([np.float64, np.float32])) for one in shapes]
            before = list(layers)
            got = target(layers)
            right = sum(prod(shape) for one in shapes for shape in one)
            demand(isinstance(got, int | np.integer) and got == right, f"{got!r} for {right}")
            demand(layers == before, "the list is changed")
            demand([len(layer.params) for layer in layers] == [len(one) for one in shapes], "the layers are changed")

    return judge


WITNESSES = {
    "Flatten": witness(Maps(lambda x: x.flatten(1))),
    "Linear": witness(Linear(), new_linear),
    "Softmax": witness(Softmax()),
    "CrossEntropyLoss": cross_entropy,
    "GlobalAvgPool2d": witness(Maps(lambda x: F.adaptive_avg_pool2d(x, 1).flatten(1))),
    "parameter_count": counts,
}
