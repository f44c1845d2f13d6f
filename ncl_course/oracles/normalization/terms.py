"""The terms of a normalization's results, by torch, for naming a sum that lacks one or has another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import torch

from ncl_course.oracles.layer import Array, to_torch
from ncl_course.oracles.normalization.batchnorm import EACH_MAP
from ncl_course.oracles.normalization.groupnorm import GroupNorm
from ncl_course.oracles.terms import shaped

SETS = {
    "N, H, W": EACH_MAP,
    "C, H, W": (1, 2, 3),
    "H, W": (2, 3),
    "N": (0,),
    "C": (1,),
    "H": (2,),
    "W": (3,),
    "N, C, H, W": (0, 1, 2, 3),
}
"""Axes over which students average, by the letters of the axes."""
OWN = {"BatchNorm2d": EACH_MAP, "LayerNorm2d": (1, 2, 3), "InstanceNorm2d": (2, 3), "WeightStandardization": (1, 2, 3)}
"""The axes over which each layer averages; ``GroupNorm`` has groups."""


def terms(sight: Any) -> Mapping[str, Array]:
    """Return the terms of a result (a ``checking.naming.sight.Sight``) by what a student would call them."""
    x = sight.arrays.get("x")
    if x is None or x.ndim != 4:
        return {}
    made, shape = Made(sight, to_torch(x)), sight.expected.shape
    if sight.exercise == "BatchNorm2d" and not sight.training:  # the running statistics are not at hand
        return shaped({"Σ g": made.g.sum(EACH_MAP)}, shape) if sight.method.startswith("grads.") else {}
    kinds = {"forward": made.forward, "backward": made.backward, "grads.gamma": made.sums, "grads.beta": made.sums}
    found = dict(kinds[sight.method]()) if sight.method in kinds else {}
    if sight.exercise == "WeightStandardization":  # it has neither γ nor β
        found = {name.replace("γ·", ""): values for name, values in found.items() if not name.startswith("γ forgotten")}
    return shaped(found, shape)


class Made:
    """The numbers of a forward and a backward pass: ``hat`` is x̂, ``d`` is γ times the upstream gradient."""

    def __init__(self, sight: Any, x: torch.Tensor) -> None:
        self.groups = int(sight.numbers.get("num_groups", 0)) if sight.exercise == "GroupNorm" else 0
        self.axes = OWN.get(sight.exercise, (1, 2, 3))
        self.x = x
        self.centred = x - self.mean(x)
        self.eps = sight.numbers.get("eps", 0.0)
        self.std = torch.sqrt(self.mean(self.centred**2) + self.eps)
        self.hat = self.centred / self.std
        self.gamma, self.beta = (self.parameter(sight, name) for name in ("gamma", "beta"))
        grad_out = sight.arrays.get("grad_out")
        self.g = to_torch(grad_out) if grad_out is not None else torch.zeros_like(x)

    def parameter(self, sight: Any, name: str) -> torch.Tensor:
        """Return γ or β as (C, 1, 1); where nothing was written, γ is 1 and β is 0."""
        values = sight.arrays.get(name)
        if values is None or sight.exercise == "WeightStandardization":
            return torch.full((1, 1, 1), float(name == "gamma"), dtype=torch.float64)
        return to_torch(values)[:, None, None]

    def mean(self, values: torch.Tensor, axes: tuple[int, ...] | None = None) -> torch.Tensor:
        """Return the mean over the layer's own set, or over some axes."""
        if axes is None and self.groups:
            layer = GroupNorm(self.groups, values.shape[1])
            return layer.average(values)
        return values.mean(axes or self.axes, keepdim=True)

    def forward(self) -> Iterator[tuple[str, torch.Tensor]]:
        """Yield terms of y."""
        yield from (("γ·x̂", self.gamma * self.hat), ("β", self.beta), ("γ·β", self.gamma * self.beta))
        yield "y", self.gamma * self.hat + self.beta
        yield from (("x̂", self.hat), ("x − μ", self.centred), ("γ·x", self.gamma * self.x))
        yield from (("γ·(x − μ)", self.gamma * self.centred), ("γ·x/σ", self.gamma * self.x / self.std))
        yield from (
            ("γ·x̂/σ", self.gamma * self.hat / self.std),
            ("x", self.x),
            ("γ·β·x̂", self.gamma * self.beta * self.hat),
        )
        n, c = self.x.shape[:2]
        by_sample = torch.arange(n) % c
        if self.gamma.shape[0] == c > 1:
            yield "γ[n]·x̂", self.gamma[by_sample][:, None] * self.hat
            yield "β[n]", self.beta[by_sample][:, None]
        if self.axes == EACH_MAP and not self.groups:
            flat = self.x.reshape(c, -1)
            hat = (flat - flat.mean(1, keepdim=True)) / torch.sqrt(flat.var(1, correction=0, keepdim=True) + self.eps)
            back = hat.reshape(c, n, *self.x.shape[2:]).transpose(0, 1)
            yield "γ·x̂, reshaped to (C, −1) without transposing", self.gamma * back
        yield "γ·x/√(mean x² + ε)", self.gamma * self.x / (self.mean(self.x**2) + self.eps).sqrt()
        if self.groups:
            over_batch = self.mean(self.x).mean(0, keepdim=True)
            yield "γ·(x − μ(N, group))/σ", self.gamma * (self.x - over_batch) / self.std
        for words, axes in SETS.items():
            mean = self.mean(self.x, axes)
            std = torch.sqrt(self.mean((self.x - mean) ** 2, axes) + self.eps)
            yield f"γ·(x − μ({words}))/σ", self.gamma * (self.x - mean) / self.std
            yield f"γ·(x − μ)/σ({words})", self.gamma * self.centred / std
            around = torch.sqrt(self.mean((self.x - mean) ** 2) + self.eps)
            yield f"γ·(x − μ({words}))/σ around it", self.gamma * (self.x - mean) / around

        for words, spread in self.spreads():
            yield f"γ·(x − μ)/{words}", self.gamma * self.centred / spread

    def spreads(self) -> Iterator[tuple[str, torch.Tensor]]:
        """Yield what students divide by in place of σ = √(mean of (x − μ)² + ε)."""
        variance, deviation, eps = self.mean(self.centred**2), self.mean(self.centred.abs()), self.eps
        count = self.x[0].numel() / self.groups if self.groups else self.x.numel() / self.mean(self.x).numel()
        total = variance * count
        yield "√(Σ(x − μ)² + ε)", (total + eps).sqrt()
        yield "Σ(x − μ)²", total + eps
        yield "(mean|x − μ| + ε)", deviation + eps
        yield "√(mean|x − μ| + ε)", (deviation + eps).sqrt()
        yield "(σ² + ε)", variance + eps
        yield "(√σ² + ε)", variance.sqrt() + eps
        yield "√(σ² + ε²)", (variance + eps**2).sqrt()
        yield "√(σ² − ε)", (variance - eps).sqrt()
        yield "(√(σ² + ε) + ε)", self.std + eps
        yield "∜(σ² + ε)", self.std.sqrt()
        yield "√(mean σ²(H, W) + ε)", (self.mean(self.x.var((2, 3), correction=0, keepdim=True)) + eps).sqrt()
        yield "√(mean x² + ε)", (self.mean(self.x**2) + eps).sqrt()
        yield "max|x − μ|", self.centred.abs().amax(self.axes, keepdim=True)
        if count > 1:
            yield "√(Σ(x − μ)²/(n − 1) + ε)", (total / (count - 1) + eps).sqrt()

    def backward(self) -> Iterator[tuple[str, torch.Tensor]]:
        """Yield terms of dL/dx: the direct path D, the path through the mean M and that through the variance V."""
        d = self.gamma * self.g
        for words, upstream, power in (
            ("", d, 1), ("γ forgotten: ", self.g, 1), ("σ forgotten: ", d, 0), ("σ twice: ", d, 2)
        ):  # fmt: skip
            scaled = upstream / self.std**power
            through_mean, through_var = self.mean(scaled), self.hat * self.mean(scaled * self.hat)
            yield from ((f"{words}D", scaled), (f"{words}M", through_mean.expand_as(d)), (f"{words}V", through_var))
            yield from ((f"{words}(D − M)", scaled - through_mean), (f"{words}(D − V)", scaled - through_var))
            yield f"{words}(M + V)", through_mean + through_var
            yield f"{words}(D − M − V)", scaled - through_mean - through_var
            yield f"{words}mean of dx̂·x̂", self.mean(scaled * self.hat).expand_as(d)
            yield f"{words}dx̂·x̂", scaled * self.hat
            through_mean = through_mean.expand_as(d)
            for text, outer, inner in (
                ("x̂·mean(dx̂·(x − μ))", self.hat, self.centred),
                ("(x − μ)·mean(dx̂·x̂)", self.centred, self.hat),
                ("(x − μ)·mean(dx̂·(x − μ))", self.centred, self.centred),
                ("x·mean(dx̂·x̂)", self.x, self.hat),
                ("x̂·mean(dx̂·x)", self.hat, self.x),
                ("x̂·mean(dx̂)", self.hat, torch.ones_like(self.x)),
            ):
                yield f"{words}{text}", outer * self.mean(scaled * inner)
        scaled = d / self.std
        paths = scaled - self.mean(scaled) - self.hat * self.mean(scaled * self.hat)
        yield from (("2·V", 2 * self.hat * self.mean(scaled * self.hat)), ("2·M", 2 * self.mean(scaled).expand_as(d)))
        yield from (("(D − M − V)/σ²", paths / self.std**2), ("(D − M − V)·σ²", paths * self.std**2))
        yield "x·mean(dx̂·x)", self.x * self.mean(scaled * self.x)
        for words, axes in SETS.items():
            through_mean, through_var = self.mean(scaled, axes), self.hat * self.mean(scaled * self.hat, axes)
            yield from ((f"M({words})", through_mean.expand_as(d)), (f"V({words})", through_var))
            yield f"(M + V)({words})", through_mean + through_var

    def sums(self) -> Iterator[tuple[str, torch.Tensor]]:
        """Yield terms of dL/dγ and dL/dβ, each summed over the samples and the map."""
        products = {"g·x̂": self.g * self.hat, "g": self.g, "g·x": self.g * self.x, "g·(x − μ)": self.g * self.centred}
        products |= {"x̂": self.hat, "x": self.x, "g·y": self.g * (self.gamma * self.hat + self.beta)}
        products |= {"γ·g·x̂": self.gamma * self.g * self.hat, "γ·g": self.gamma * self.g}
        for words, values in products.items():
            yield f"Σ {words}", values.sum(EACH_MAP)
            yield f"Σ {words} of the last sample", values[-1].sum((1, 2))
            yield f"Σ {words} of the first sample", values[0].sum((1, 2))
            yield f"Σ {words} of everything", values.sum().expand(values.shape[1])
            if values.shape[0] == values.shape[1]:
                yield f"Σ {words} over C, H, W", values.sum((1, 2, 3))
