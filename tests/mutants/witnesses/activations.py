"""The witnesses of lesson 02: torch's activations, the points without a derivative, and Maxout by einsum."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit

from tests.mutants.witnesses.disagreement import demand
from tests.mutants.witnesses.linear import random_weights
from tests.mutants.witnesses.walk import Array, Arrays, Reference, Tensors, witness


class Activation(Reference):
    """A function of each number, as torch computes it."""

    silent = True

    def __init__(self, function: Callable[..., torch.Tensor], slopes: bool = False) -> None:
        self.function, self.slopes = function, slopes

    def settings(self, rng: np.random.Generator) -> tuple[Any, ...]:
        if not self.slopes or rng.random() < 0.1:
            return ()
        return (float(rng.choice([0.0, 0.01, 0.3, 1.0, 1.7, 3.0]) * (1 + rng.random())),)

    def inputs(self, rng: np.random.Generator, settings: tuple[Any, ...], dtype: str) -> Array:
        shape = tuple(rng.integers(1, 6, int(rng.integers(1, 6))))
        return rng.standard_normal(shape) * rng.choice([0.01, 1.0, 1.0, 5.0, 40.0, 400.0])

    def compute(
        self, x: torch.Tensor, params: Tensors, settings: tuple[Any, ...], state: Arrays, *, training: bool
    ) -> torch.Tensor:
        return self.function(x, *settings)

    def out_scale(self) -> float:
        return 1.0 if self.function in (torch.sigmoid, torch.tanh, elu) else 0.0

    def scale(self, x: Array, grad_out: Array, params: Arrays, settings: tuple[Any, ...]) -> float:
        return float(np.abs(grad_out).max())


class PReLU(Reference):
    """torch.nn.functional.prelu."""

    def settings(self, rng: np.random.Generator) -> tuple[Any, ...]:
        count = int(rng.integers(1, 6))
        return () if rng.random() < 0.15 else (np.int64(count) if rng.random() < 0.2 else count,)

    def inputs(self, rng: np.random.Generator, settings: tuple[Any, ...], dtype: str) -> Array:
        count = int(settings[0]) if settings else 1
        C = count if count > 1 else int(rng.integers(1, 5))
        return rng.standard_normal((int(rng.integers(1, 5)), C, *rng.integers(1, 5, int(rng.integers(0, 4)))))

    def parameters(self, rng: np.random.Generator, settings: tuple[Any, ...]) -> Arrays:
        return {"alpha": rng.normal(0, 1.5, int(settings[0]) if settings else 1).astype(np.float32).astype(float)}

    def compute(
        self, x: torch.Tensor, params: Tensors, settings: tuple[Any, ...], state: Arrays, *, training: bool
    ) -> torch.Tensor:
        return F.prelu(x, params["alpha"])


class Maxout(Reference):
    """The largest of the pieces of a linear layer, by einsum."""

    def settings(self, rng: np.random.Generator) -> tuple[Any, ...]:
        D, M, pieces = (int(n) for n in rng.integers(1, 6, 3))
        return (D, M) if rng.random() < 0.15 else (D, M, pieces, np.random.default_rng(int(rng.integers(99))))

    def inputs(self, rng: np.random.Generator, settings: tuple[Any, ...], dtype: str) -> Array:
        return rng.standard_normal((int(rng.integers(1, 6)), settings[0]))

    def parameters(self, rng: np.random.Generator, settings: tuple[Any, ...]) -> Arrays:
        D, M, pieces = settings[:3] if len(settings) > 2 else (*settings, 2)
        shapes = {"weight": (pieces, M, D), "bias": (pieces, M)}
        return {name: rng.standard_normal(shape).astype(np.float32).astype(float) for name, shape in shapes.items()}

    def compute(
        self, x: torch.Tensor, params: Tensors, settings: tuple[Any, ...], state: Arrays, *, training: bool
    ) -> torch.Tensor:
        return (torch.einsum("nd,pmd->npm", x, params["weight"]) + params["bias"]).amax(1)


def at_zero(*args: Any, slope: float) -> Callable[[Callable[..., Any]], None]:
    """Return a witness of a layer with a kink at 0: any number between the slopes of both sides is right there."""

    def judge(target: Callable[..., Any]) -> None:
        x = np.array([[0.0, 2.0, -1.0, 0.0, -0.0]])
        for g in (np.full((1, 5), 3.0), np.array([[-2.0, 1.0, 1.0, 5.0, 4.0]])):
            layer = target(*args)
            demand((layer.forward(x)[x == 0] == 0).all(), "the output for 0 is not 0")
            share = (layer.backward(g) / g)[x == 0]
            low, high = min(slope, 1.0), max(slope, 1.0)
            demand(((share >= low - 1e-9) & (share <= high + 1e-9)).all(), f"the derivative at 0 is {share}")

    return judge


def tied_pieces(target: Callable[..., Any]) -> None:
    """Equal pieces: together they get the whole gradient, and all rows of the weight together do."""
    rng = np.random.default_rng(8)
    for _ in range(20):
        D, M, pieces, N = (int(n) for n in rng.integers(2, 5, 4))
        layer = target(D, M, pieces, np.random.default_rng(1))
        weight, bias = rng.standard_normal((M, D)), rng.standard_normal(M)
        layer.params["weight"][...], layer.params["bias"][...] = weight, bias
        x, g = rng.standard_normal((N, D)), rng.standard_normal((N, M))
        weight, bias = layer.params["weight"][0].astype(float), layer.params["bias"][0].astype(float)
        demand(np.allclose(layer.forward(x), x @ weight.T + bias), "equal pieces change the output")
        demand(np.allclose(layer.backward(g), g @ weight), "equal pieces change the gradient")
        demand(
            np.allclose(layer.grads["weight"].sum(0), g.T @ x, rtol=1e-4, atol=1e-4),
            "the weights' gradient is not whole",
        )
        demand(
            np.allclose(layer.grads["bias"].sum(0), g.sum(0), rtol=1e-4, atol=1e-4), "the biases' gradient is not whole"
        )


def silent_at_a_thousand(function: Callable[..., Any], *args: Any) -> Callable[[Callable[..., Any]], None]:
    """Return a witness at ±1000 and beyond the largest numbers of exp: finite and right."""
    x = np.array([-1000.0, 1000, -745.2, 709.9, -88.8, 88.8, -1e-8, 1e-8, 37.0, -37.0])
    right = function(torch.tensor(x), *args).numpy()

    def judge(target: Callable[..., Any]) -> None:
        for dtype, tolerance in ((np.float64, 1e-7), (np.float32, 1e-4)):
            with np.errstate(over="raise", invalid="raise", divide="raise", under="ignore"):
                layer = target(*args)
                got = layer.forward(x.astype(dtype))
                back = layer.backward(np.ones_like(x, dtype))
            demand(np.allclose(got, right, tolerance, tolerance), f"wrong at ±1000 in {np.dtype(dtype)}")
            demand(np.isfinite(back).all(), f"the gradient at ±1000 is not finite in {np.dtype(dtype)}")

    return judge


def parameters(target: Callable[..., Any]) -> None:
    """New layers of Maxout: random weights of the right shapes, which ``rng`` decides."""
    random_weights(target, (4, 3, 5), (5, 3, 4), (5, 3))


def new_slopes(target: Callable[..., Any]) -> None:
    """New layers of PReLU have one slope for each channel, of a float dtype."""
    for count in (1, 3, np.int64(4)):
        alpha = target(count).params["alpha"]
        demand(alpha.shape == (count,) and alpha.dtype.kind == "f", f"the slopes are {alpha.shape} {alpha.dtype}")


def leaky(x: torch.Tensor, alpha: float = 0.1) -> torch.Tensor:
    """Return torch's leaky ReLU with the lecture's default."""
    return F.leaky_relu(x, alpha)


def elu(x: torch.Tensor, alpha: float = 1.0) -> torch.Tensor:
    """Return ELU; torch's own refuses no alpha either."""
    return torch.where(x > 0, x, alpha * torch.expm1(torch.clamp(x, max=0)))


WITNESSES = {
    "ReLU": witness(Activation(F.relu), at_zero(slope=0.0), silent_at_a_thousand(F.relu)),
    "Sigmoid": witness(Activation(torch.sigmoid), silent_at_a_thousand(torch.sigmoid)),
    "Tanh": witness(Activation(torch.tanh), silent_at_a_thousand(torch.tanh)),
    "LeakyReLU": witness(
        Activation(leaky, slopes=True), at_zero(0.3, slope=0.3), at_zero(2.5, slope=2.5), silent_at_a_thousand(leaky)
    ),
    "ELU": witness(
        Activation(elu, slopes=True), at_zero(0.3, slope=0.3), at_zero(2.0, slope=2.0), silent_at_a_thousand(elu)
    ),
    "PReLU": witness(PReLU(), new_slopes),
    "Maxout": witness(Maxout(), tied_pieces, parameters),
}
