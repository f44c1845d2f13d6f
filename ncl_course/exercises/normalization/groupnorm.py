"""The cases of layer, instance and group normalization (lecture section 5).

Each case is named after the mistake that it catches; ``messages`` has the sentence under ``case.NAME``. Sets are small
and ε is 0.1 nearly everywhere: with ε = 1e-5 and large sets half of the known mistakes are smaller than any tolerance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ncl_course.exercises.arrays import Array, distinct, near_thousand, normal, outlier
from ncl_course.exercises.consulted import consult
from ncl_course.exercises.exercise import Case
from ncl_course.exercises.normalization.rules import one_a_channel, refused
from ncl_course.exercises.trials import Backward, Forward, Trials, Use
from ncl_course.protocol.script import get, refuse

EPS = 0.1

SIZES = (
    ("norm-channels", (1, 6, 2, 3), 2),
    ("batch", (3, 2, 2, 4), 1),
    ("non-square", (2, 3, 1, 4), 3),
    ("non-square", (3, 2, 5, 1), 1),
    ("all-sizes-differ", (3, 4, 2, 5), 2),
    ("width-equals-channels", (2, 4, 3, 4), 2),
    ("batch-equals-channels", (4, 4, 2, 3), 2),
    ("all-sizes-equal", (4, 4, 4, 4), 2),
)
"""The case's name, the input's N, C, H, W, and the number of groups."""

GROUPS = (
    ("group-neighbours", (1, 4, 1, 1), 2),
    ("group-neighbours", (1, 6, 1, 1), 2),
    ("group-neighbours", (1, 6, 1, 1), 3),
    ("group-neighbours", (2, 12, 2, 1), 3),
    ("group-one", (2, 6, 2, 3), 1),
    ("group-each", (2, 6, 2, 3), 6),
)
"""The same for group normalization: few channels that are easy to read, many, all in one group, one per group."""


@dataclass(frozen=True)
class Norm(Use):
    """One of the three layers, by its name, with given γ and β."""

    name: str = ""

    def scales(self, grad_out: Array) -> dict[str, float]:
        def compute() -> float:
            from ncl_course.oracles.normalization import groupnorm

            layer = getattr(groupnorm, self.name)(*self.args, **self.kwargs)
            return groupnorm.natural_scale(layer, self.x, grad_out, self.params["gamma"])

        natural = consult(compute, self.name, (self.args, self.kwargs), self.x, grad_out, self.params["gamma"])
        size = float(np.sqrt((grad_out.astype(np.float64) ** 2).sum((0, 2, 3))).max())
        return {"backward": natural, "grads.gamma": size, "grads.beta": size}


@dataclass(frozen=True)
class Norms:
    """A maker of uses of one of the three layers, whose constructors take ``(C)`` or ``(G, C)``."""

    name: str
    rng: np.random.Generator

    def numbers(self, C: int, G: int) -> dict[str, Any]:
        """Return the constructor's arguments before ε."""
        return ({"num_groups": G} if self.name == "GroupNorm" else {}) | {"num_channels": C}

    def use(self, x: Array, G: int, *eps: float) -> Norm:
        """Return the layer for ``x`` with random γ and β."""
        C = x.shape[1]
        gamma, beta = random_affine(self.rng, C)
        return Norm(x, (*self.numbers(C, G).values(), *eps), {"gamma": gamma, "beta": beta}, name=self.name)


def uneven(rng: np.random.Generator, N: int, C: int, H: int, W: int) -> Array:
    """Return channels of very different scale and level, and unequal samples: statistics over wrong cells show."""
    scales = 2.0 ** rng.permutation(np.arange(C) - C // 2)
    levels = 3.0 * rng.permutation(np.arange(C) - C // 2)
    cells = rng.integers(-8, 9, (N, C, H, W)) * scales[:, None, None] + levels[:, None, None]
    return (cells + 5 * np.arange(N)[:, None, None, None]) * rng.choice([1, 2], (N, 1, 1, 1))


def random_affine(rng: np.random.Generator, C: int) -> tuple[Array, Array]:
    """Return nonzero γ of both signs, and β; float32 holds them exactly."""
    return rng.integers(32, 192, C) * rng.choice([-1, 1], C) / 64, rng.integers(-128, 129, C) / 64


def cases(norms: Norms, trials: Trials) -> Iterator[Case]:
    """Yield the cases of either pass of one of the layers."""
    rng = norms.rng

    def one(name: str, x: Array, G: int, eps: float = EPS) -> Case:
        return trials.one(name, norms.use(x, G, eps))

    yield one("two-numbers", distinct(rng, 1, 1, 1, 2), 1)
    yield one("norm-small", distinct(rng, 1, 2, 2, 2), 1)
    for name, sizes, G in (*SIZES, *(GROUPS if norms.name == "GroupNorm" else ())):
        yield one(name, uneven(rng, *sizes), G)
    yield one("norm-large-eps", normal(rng, 2, 4, 2, 3) / 4, 2, 0.5)
    yield one("norm-default-eps", normal(rng, 2, 4, 2, 3) / 256, 2, 1e-5)
    yield one("constant-map", np.full((1, 2, 2, 2), 3.0), 1)
    yield one("constant-map", np.repeat(uneven(rng, 2, 4, 1, 1), 6, 3).reshape(2, 4, 2, 3), 2)
    yield one("large-offset", near_thousand(distinct(rng, 2, 4, 2, 3)), 2)
    yield from trials.large(norms.use(uneven(rng, 2, 1, 2, 2), 1, EPS), outlier(rng, 1, 1, 10, 40))
    for _ in range(3):
        G, many = (int(v) for v in rng.integers(1, 4, 2))
        N, H, W = (int(v) for v in rng.integers(1, 5, 3))
        yield one("random", uneven(rng, N, G * many, H, W + 1), G)
    flat = norms.use(uneven(rng, 3, 4, 2, 3), 2, EPS)
    flat.params["gamma"][[0, 3]] = 0
    yield trials.one("gamma-zero", flat)
    yield trials.one("omitted-eps", norms.use(normal(rng, 1, 4, 2, 2) / 256, 2))
    by_name = norms.numbers(4, 2) | {"eps": EPS}
    yield trials.one("keywords", replace(norms.use(uneven(rng, 2, 4, 2, 3), 2), args=(), kwargs=by_name))
    yield from trials.arrays(norms.use(uneven(rng, 2, 4, 3, 5), 2, EPS), norms.use(normal(rng, 3, 6, 4, 5), 3, EPS))
    first, twin = (norms.use(uneven(rng, 3, 4, 2, 3), 2, EPS) for _ in range(2))
    again, resized = first.on(uneven(rng, 3, 4, 2, 3)), first.on(uneven(rng, 1, 4, 3, 2))
    other = norms.use(uneven(rng, 3, 4, 2, 3), 1, 0.5)
    yield from trials.contract(first, again, resized, twin=twin, other=other)
    yield trials.rewritten(first, twin)
    for shape, G in (((260, 2, 1, 2), 1), ((1, 520, 1, 2), 260), ((1, 2, 1, 300), 2)):
        yield one("large-sizes", distinct(rng, *shape), G)


def forward_cases(name: str, rng: np.random.Generator) -> tuple[Case, ...]:
    """Return the cases of the forward pass of one of the layers."""
    norms, trials = Norms(name, rng), Forward(rng)
    use = norms.use(uneven(rng, 4, 4, 2, 3), 2, EPS)
    whole, first, rest = (use.on(x).forward() for x in (use.x, use.x[:1], use.x[1:]))
    counts = replace(use, args=tuple(map(np.int64, norms.numbers(4, 2).values())))
    shapes = (
        get("layer", f"params.{name}", f"params.{name}", rule=one_a_channel(4, 2, start))
        for name, start in (("gamma", 1.0), ("beta", 0.0))
    )
    return (
        *cases(norms, trials),
        trials.one("norm-numpy-ints", counts),
        Case("first-parameters", (use.make()[0], *shapes)),
        Case("norm-batch-split", (*use.make(), *whole, *first, *rest)),
        *(indivisible(rng) if name == "GroupNorm" else ()),
    )


def indivisible(rng: np.random.Generator) -> Iterator[Case]:
    """Yield cases with numbers of groups that do not divide the number of channels."""
    for G, C in ((2, 5), (4, 6), (3, 2)):
        step = refuse("layer", "ValueError", G, C, x=normal(rng, 2, C, 3, 4), rule=refused)
        yield Case("group-indivisible", (step,))


def backward_cases(name: str, rng: np.random.Generator) -> tuple[Case, ...]:
    """Return the cases of the backward pass of one of the layers, with the gradients of γ and β."""
    norms, trials = Norms(name, rng), Backward(rng)
    return (*cases(norms, trials), trials.near_thousand(norms.use(near_thousand(distinct(rng, 2, 4, 2, 3)), 2)))
