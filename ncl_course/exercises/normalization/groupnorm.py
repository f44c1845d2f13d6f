"""The cases of layer, instance and group normalization (lecture section 5).

Each case is named for what it catches; ``messages`` holds the sentence under ``case.NAME``. Sets are small and ε is
0.1 nearly everywhere: with ε = 1e-5 and large sets half of the known mistakes are smaller than any tolerance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ncl_course.exercises.arrays import Array, distinct, normal, upstream
from ncl_course.exercises.exercise import Case
from ncl_course.exercises.normalization.rules import one_a_channel, refused
from ncl_course.protocol.script import Layout, Script, Step, Tensor, call, get, new, put, refuse

EPS = 0.1


def uneven(rng: np.random.Generator, N: int, C: int, H: int, W: int, dtype: type = np.float64) -> Array:
    """Channels of very different scale and level, and samples that differ: any other set of cells shows."""
    scales = 2.0 ** rng.permutation(np.arange(C) - C // 2)
    levels = 3.0 * rng.permutation(np.arange(C) - C // 2)
    cells = rng.integers(-8, 9, (N, C, H, W)) * scales[:, None, None] + levels[:, None, None]
    return ((cells + 5 * np.arange(N)[:, None, None, None]) * rng.choice([1, 2], (N, 1, 1, 1))).astype(dtype)


def random_affine(rng: np.random.Generator, C: int) -> tuple[Array, Array]:
    """γ of either sign and nowhere 0, and β; float32 holds them exactly."""
    return rng.integers(32, 192, C) * rng.choice([-1, 1], C) / 64, rng.integers(-128, 129, C) / 64


class Norms:
    """The scripts for one of the three layers, whose constructors take ``(C)`` or ``(G, C)``."""

    def __init__(self, name: str, rng: np.random.Generator) -> None:
        self.name, self.rng = name, rng

    def numbers(self, G: int, C: int) -> tuple[Any, ...]:
        """What the constructor is given before ε."""
        return (G, C) if self.name == "GroupNorm" else (C,)

    def affine(self, C: int, obj: str = "norm") -> tuple[Step, Step]:
        """Overwrite γ and β by random numbers."""
        gamma, beta = random_affine(self.rng, C)
        return put(obj, "params.gamma", gamma), put(obj, "params.beta", beta)

    def made(self, C: int, G: int, *eps: float, obj: str = "norm") -> Script:
        """Make the layer with random γ and β."""
        return new(obj, *self.numbers(G, C), *eps), *self.affine(C, obj)

    def forward(self, name: str, x: Array, G: int, *eps: float, layout: Layout = Layout.C) -> Case:
        """Normalize ``x`` once; judged."""
        return Case(name, (*self.made(x.shape[1], G, *(eps or (EPS,))), judged(x, layout)))

    def backward(self, name: str, x: Array, G: int, *eps: float, layout: Layout = Layout.C) -> Case:
        """Normalize ``x`` once and send a random gradient back; all three gradients are judged."""
        made = self.made(x.shape[1], G, *(eps or (EPS,)))
        grad_out = upstream(self.rng, *x.shape, dtype=x.dtype.type)
        forward = call("norm", "forward", Tensor(x, layout))
        return Case(name, (*made, forward, *self.sent_back(made, x, grad_out, layout)))

    def sent_back(self, made: Script, x: Array, grad_out: Array, layout: Layout = Layout.C) -> Script:
        """Send ``grad_out`` back through the layer that ``made`` makes, after it has seen ``x``."""
        from ncl_course.oracles.normalization import groupnorm

        layer = getattr(groupnorm, self.name)(*made[0].args)
        scale = groupnorm.natural_scale(layer, x, grad_out, made[1].args[0].values)
        size = float(np.sqrt((grad_out.astype(np.float64) ** 2).sum((0, 2, 3))).max())
        obj = made[0].obj
        return (
            call(obj, "backward", Tensor(grad_out, layout), label="backward", scale=scale),
            get(obj, "grads.gamma", label="grads.gamma", scale=size),
            get(obj, "grads.beta", label="grads.beta", scale=size),
        )


def judged(x: Array, layout: Layout = Layout.C, obj: str = "norm") -> Step:
    """One forward pass, judged."""
    return call(obj, "forward", Tensor(x, layout), label="forward")


Write = Callable[..., Case]


def sizes(rng: np.random.Generator, write: Write) -> Iterator[Case]:
    """One pass of either direction over inputs of every kind that hides or shows a mistake."""
    yield write("norm-two-numbers", distinct(rng, 1, 1, 1, 2), 1)
    yield write("norm-small", distinct(rng, 1, 2, 2, 2), 1)
    yield write("norm-channels", uneven(rng, 1, 6, 2, 3), 2)
    yield write("norm-batch", uneven(rng, 3, 2, 2, 4), 1)
    yield write("non-square", uneven(rng, 2, 3, 1, 4), 3)
    yield write("non-square", uneven(rng, 3, 2, 5, 1), 1)
    yield write("norm-all-sizes-differ", uneven(rng, 3, 4, 2, 5), 2)
    yield write("norm-width-as-channels", uneven(rng, 2, 4, 3, 4), 2)
    yield write("norm-batch-as-channels", uneven(rng, 4, 4, 2, 3), 2)
    yield write("norm-all-sizes-equal", uneven(rng, 4, 4, 4, 4), 2)
    yield write("norm-large-eps", normal(rng, 2, 4, 2, 3) / 4, 2, 0.5)
    yield write("norm-default-eps", normal(rng, 2, 4, 2, 3) / 256, 2, 1e-5)
    yield write("norm-constant", np.full((1, 2, 2, 2), 3.0), 1)
    yield write("norm-constant", np.repeat(uneven(rng, 2, 4, 1, 1), 6, 3).reshape(2, 4, 2, 3), 2)
    yield write("large-offset", 1000 + distinct(rng, 2, 4, 2, 3), 2)
    yield write("float32", normal(rng, 2, 6, 3, 4, dtype=np.float32), 3)
    yield write("float64", normal(rng, 3, 6, 4, 5), 2)
    for layout in Layout:
        if layout is not Layout.C:
            yield write(f"layout-{layout.value}", uneven(rng, 2, 4, 3, 5), 2, layout=layout)
    for _ in range(3):
        G, many = (int(v) for v in rng.integers(1, 4, 2))
        N, H, W = (int(v) for v in rng.integers(1, 5, 3))
        yield write("norm-random", uneven(rng, N, G * many, H, W + 1), G)


def forward_cases(name: str, rng: np.random.Generator) -> tuple[Case, ...]:
    """The forward pass of one of the layers."""
    norms = Norms(name, rng)
    x, y, small = uneven(rng, 4, 4, 2, 3), uneven(rng, 3, 4, 3, 5), distinct(rng, 1, 2, 1, 2)
    made, other = norms.made(4, 2, EPS), norms.made(2, 1, 0.5, obj="other")
    by_name = dict(zip(("num_groups", "num_channels")[-len(norms.numbers(2, 4)) :], norms.numbers(2, 4), strict=True))
    shape = get("norm", "params.gamma", "params.gamma", rule=one_a_channel(4, 2))
    beta_shape = get("norm", "params.beta", "params.beta", rule=one_a_channel(4, 2))
    called = call("norm", "__call__", Tensor(x), label="forward")
    return (
        *sizes(rng, norms.forward),
        Case("keywords", (new("norm", **by_name, eps=EPS), *norms.affine(4), called)),
        Case(
            "norm-omitted-eps",
            (new("norm", *norms.numbers(2, 4)), *norms.affine(4), judged(normal(rng, 1, 4, 2, 2) / 256)),
        ),
        Case("norm-numpy-ints", (new("norm", *map(np.int64, norms.numbers(2, 4))), *norms.affine(4), judged(x))),
        Case("norm-parameters", (made[0], shape, beta_shape)),
        Case("norm-parameters-change", (*made, judged(x), *norms.affine(4), judged(x))),
        Case("two-forwards", (*made, judged(x), judged(y), judged(x))),
        Case("norm-batch-split", (*made, judged(x), judged(x[:1]), judged(x[1:]))),
        Case("two-instances", (*made, *other, judged(small, obj="other"), judged(x))),
        Case("norm-test-mode-first", (*other, call("other", "eval"), judged(small, obj="other"))),
        Case("norm-test-mode-first", (*made, call("norm", "eval"), judged(x))),
        Case("norm-test-mode-first", (*made, call("norm", "eval"), judged(y))),
        Case("norm-test-mode", (*made, judged(x), call("norm", "eval"), judged(y))),
        *(groups_forward(norms, rng) if name == "GroupNorm" else ()),
    )


def groups_forward(norms: Norms, rng: np.random.Generator) -> tuple[Case, ...]:
    """Which channels stand in a group, and numbers that do not divide."""
    divided = [
        refuse("norm", "ValueError", G, C, x=normal(rng, 2, C, 3, 4), rule=refused) for G, C in ((2, 5), (4, 6), (3, 2))
    ]
    return (*group_sizes(rng, norms.forward), *(Case("group-indivisible", (step,)) for step in divided))


def group_sizes(rng: np.random.Generator, write: Write) -> Iterator[Case]:
    """Few channels that can be read at a glance, many, all in one group, each in its own."""
    for C, G in ((4, 2), (6, 2), (6, 3)):
        yield write("group-neighbours", uneven(rng, 1, C, 1, 1), G)
    yield write("group-neighbours", uneven(rng, 2, 12, 2, 1), 3)
    yield write("group-one", uneven(rng, 2, 6, 2, 3), 1)
    yield write("group-each", uneven(rng, 2, 6, 2, 3), 6)


def backward_cases(name: str, rng: np.random.Generator) -> tuple[Case, ...]:
    """The backward pass of one of the layers, with the gradients of γ and β."""
    norms = Norms(name, rng)
    x, y, small, two = (uneven(rng, *s) for s in ((3, 4, 2, 3), (3, 4, 2, 3), (1, 4, 2, 2), (2, 2, 3, 2)))
    g, h, small_g, two_g = (upstream(rng, *values.shape) for values in (x, y, small, two))
    made, other = norms.made(4, 2, EPS), norms.made(2, 1, 0.5, obj="other")
    first, second = call("norm", "forward", Tensor(x)), call("norm", "forward", Tensor(y))
    of_x, of_y = norms.sent_back(made, x, g), norms.sent_back(made, y, h)
    third = call("norm", "forward", Tensor(small)), *norms.sent_back(made, small, small_g)
    beside = call("other", "forward", Tensor(two))
    twin = norms.made(4, 2, EPS, obj="twin")
    flat = made[0], put("norm", "params.gamma", np.array([0.0, 1.5, -0.75, 0.0])), made[2]
    both = first, call("twin", "forward", Tensor(y)), *of_x, *norms.sent_back(twin, y, h)
    return (
        *sizes(rng, norms.backward),
        Case("norm-parameters-change", (*made, first, *norms.affine(4), second, *norms.sent_back(made, y, h)[:2])),
        Case("latest-forward", (*made, first, second, *of_y)),
        Case("latest-forward-resized", (*made, first, *third)),
        Case("backward-twice", (*made, first, *of_x, *norms.sent_back(made, x, h))),
        Case("latest-forward", (*made, first, *of_x, second, *of_y)),
        Case("norm-gamma-zero", (*flat, first, *norms.sent_back(flat, x, g))),
        Case("two-instances", (*made, *other, first, beside, *of_x, *norms.sent_back(other, two, two_g))),
        Case("two-instances", (*made, *twin, *both)),
        Case("norm-test-mode", (*made, call("norm", "eval"), first, call("norm", "train"), *of_x)),
        Case("norm-test-mode", (*made, first, call("norm", "eval"), second, *of_y)),
        *(group_sizes(rng, norms.backward) if name == "GroupNorm" else ()),
    )
