"""What batch normalization gives, in training and at test: the cases of its forward passes.

ε is 0.1 and a map has few
numbers wherever that is not the point: there a misplaced ε or an N − 1 changes a result by whole per cents.
"""

from __future__ import annotations

import numpy as np

from ncl_course.exercises.arrays import Array, normal
from ncl_course.exercises.exercise import Case
from ncl_course.protocol.script import Layout, Script, Step, Tensor, call, get, new, put

OTHER_LAYOUTS = tuple(layout for layout in Layout if layout is not Layout.C)

STATE_SCALE = 100.0
"""What the running statistics and all that is made from them may be off by, in tolerances: they may be float32."""


def maps(rng: np.random.Generator, N: int, C: int, H: int, W: int, apart: int = 10) -> Array:
    """Whole numbers, all different within a map, and the maps about ``apart`` from one another."""
    n = N * H * W
    values = [rng.permutation(n) - n // 3 + apart * place for place in rng.permutation(C)]
    return np.array(values, dtype=np.float64).reshape(C, N, H, W).swapaxes(0, 1).copy()


def exact(rng: np.random.Generator, C: int, low: float, high: float) -> Array:
    """Numbers for ``put``: multiples of 1/64, never 0, so that any float dtype holds them exactly."""
    return (rng.integers(round(low * 64), round(high * 64), C) * 2 + 1) / 128


def affine(rng: np.random.Generator, C: int, obj: str = "bn") -> Script:
    """Random γ of both signs and β, written into the layer's parameters."""
    gamma = exact(rng, C, 0.5, 3) * rng.choice([-1, 1], C)
    return put(obj, "params.gamma", gamma), put(obj, "params.beta", exact(rng, C, -4, 4))


def known(rng: np.random.Generator, C: int, obj: str = "bn") -> Script:
    """Random running statistics, written over the layer's own."""
    return put(obj, "running_mean", exact(rng, C, -4, 4)), put(obj, "running_var", exact(rng, C, 0.25, 4))


def made(rng: np.random.Generator, C: int, alpha: float = 0.5, eps: float = 0.1, obj: str = "bn") -> Script:
    """A layer with random γ and β."""
    return new(obj, C, alpha, eps), *affine(rng, C, obj)


def trained(*batches: Array, obj: str = "bn") -> Script:
    """Training passes; not judged."""
    return tuple(call(obj, "forward", Tensor(x)) for x in batches)


def asked(x: Array, layout: Layout = Layout.C, obj: str = "bn", silent: bool = False) -> Step:
    """A forward pass in the mode that the layer is in; judged."""
    return call(obj, "forward", Tensor(x, layout), label="forward", silent=silent)


def at_test(x: Array, layout: Layout = Layout.C, obj: str = "bn") -> Step:
    """A forward pass at test; judged."""
    scale = STATE_SCALE * max(1.0, float(np.abs(x).max())) if x.dtype == np.float64 else 0.0
    return call(obj, "forward", Tensor(x, layout), label="forward", scale=scale)


def state(*batches: Array, obj: str = "bn") -> Script:
    """Both running statistics; judged, against the size of what they were made from."""
    largest = max((float(np.abs(x).max()) for x in batches), default=1.0)
    return (
        get(obj, "running_mean", label="running_mean", scale=STATE_SCALE * max(1.0, largest)),
        get(obj, "running_var", label="running_var", scale=STATE_SCALE * max(1.0, largest)),
    )


def forward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """The output in training."""

    def one(name: str, x: Array, layout: Layout = Layout.C, alpha: float = 0.5, eps: float = 0.1) -> Case:
        return Case(name, (*made(rng, x.shape[1], alpha, eps), asked(x, layout)))

    x, y = maps(rng, 2, 2, 2, 3), maps(rng, 3, 2, 1, 2)
    flat = maps(rng, 2, 3, 2, 2)
    flat[:, 1] = 7
    beside = np.concatenate([x[:1], maps(rng, 1, 2, 2, 3) + 20])
    zero_gamma = put("bn", "params.gamma", np.array([0.0, 1.5]))
    by_name = new("bn", num_features=3, eps=0.1, alpha=0.5)
    return (
        Case("bn-one-map", (new("bn", 1, 0.5, 0.1), asked(maps(rng, 2, 1, 1, 2)))),
        one("bn-two-numbers", maps(rng, 2, 1, 1, 1)),
        one("bn-one-map-affine", maps(rng, 2, 1, 1, 2)),
        one("bn-offsets", maps(rng, 2, 3, 1, 2, apart=100)),
        one("bn-offsets", maps(rng, 2, 2, 2, 1)),
        one("bn-one-sample", maps(rng, 1, 2, 2, 3)),
        one("bn-one-pixel", maps(rng, 4, 2, 1, 1)),
        one("bn-all-sizes-differ", maps(rng, 2, 3, 4, 5)),
        one("bn-width-is-channels", maps(rng, 2, 3, 1, 3)),
        one("bn-batch-is-channels", maps(rng, 3, 3, 2, 1)),
        one("bn-all-sizes-equal", maps(rng, 3, 3, 3, 3)),
        Case("bn-constant-map", (*made(rng, 3), asked(flat, silent=True))),
        Case("bn-constant-map", (*made(rng, 3, eps=1e-5), asked(flat, silent=True))),
        Case("bn-gamma-zero", (*made(rng, 2), zero_gamma, asked(x))),
        Case("bn-defaults", (new("bn", 2), asked(maps(rng, 2, 2, 1, 3)))),
        Case("keywords", (by_name, call("bn", "__call__", Tensor(maps(rng, 2, 3, 1, 2)), label="forward"))),
        one("large-offset", maps(rng, 2, 2, 2, 2) + 1000.0),
        *(one(f"layout-{layout.value}", maps(rng, 2, 2, 2, 3), layout) for layout in OTHER_LAYOUTS),
        one("float32", normal(rng, 3, 2, 2, 4, dtype=np.float32)),
        one("float64", normal(rng, 8, 4, 3, 2), eps=1e-5),
        Case("bn-same-sample", (*made(rng, 2), asked(x), asked(beside))),
        Case("bn-parameters-change", (*made(rng, 2), asked(x), *affine(rng, 2), asked(x))),
        Case("two-forwards", (*made(rng, 2), asked(x), asked(y), asked(x[:1] * 2))),
        Case("two-instances", (*made(rng, 2), *made(rng, 3, obj="other"), asked(flat, obj="other"), asked(x))),
        *(
            one("bn-random", normal(rng, *sizes(rng)) * 3 + 1, eps=float(rng.choice([1e-3, 0.1, 1.0])))
            for _ in range(3)
        ),
    )


def sizes(rng: np.random.Generator) -> tuple[int, int, int, int]:
    """A random shape with at least four numbers a map."""
    N, C, H, W = (int(v) for v in rng.integers((2, 1, 1, 2), (5, 5, 5, 5)))
    return N, C, H, W


def running_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """What training leaves for the test."""

    def after(name: str, *batches: Array, alpha: float = 0.5, start: Script = ()) -> Case:
        C = batches[0].shape[1]
        return Case(name, (*made(rng, C, alpha), *start, *trained(*batches), *state(*batches)))

    x, y, z = maps(rng, 2, 2, 1, 2), maps(rng, 2, 2, 1, 2) - 5, maps(rng, 3, 2, 2, 1)
    own, other = maps(rng, 2, 3, 1, 2), maps(rng, 2, 3, 2, 2) + 9
    by_name = new("bn", num_features=2, eps=0.1, alpha=0.75)
    flat = np.full((2, 2, 1, 2), 4.0)
    return (
        after("bn-one-step", maps(rng, 2, 1, 1, 2)),
        after("bn-one-step", x),
        after("bn-one-sample", maps(rng, 1, 2, 2, 2)),
        Case("bn-fresh", (new("bn", 3), *state())),
        Case("bn-default-alpha", (new("bn", 2), *trained(x), *state(x))),
        Case("keywords", (by_name, *trained(x), *state(x))),
        Case("bn-every-step", (*made(rng, 2), *trained(x), *state(x), *trained(y), *state(y), *trained(z), *state(z))),
        after("bn-two-steps", x, y, alpha=0.9),
        after("bn-three-steps", x, z, y, alpha=0.75),
        after("bn-alpha-zero", x, y, alpha=0.0),
        after("bn-alpha-one", x, y, alpha=1.0),
        after("bn-overwritten", x, y, start=known(rng, 2)),
        after("bn-constant-batch", flat),
        after("large-offset", maps(rng, 2, 2, 2, 2) + 1000.0, alpha=0.9),
        after("bn-width-is-channels", maps(rng, 2, 3, 1, 3)),
        after("bn-all-sizes-differ", maps(rng, 2, 3, 4, 5), alpha=0.9),
        after("float32", normal(rng, 3, 2, 2, 4, dtype=np.float32), normal(rng, 2, 2, 3, 3, dtype=np.float32)),
        *(
            Case(f"layout-{o.value}", (*made(rng, 2), call("bn", "forward", Tensor(x, o)), *state(x)))
            for o in (Layout.FORTRAN, Layout.REVERSED, Layout.BROADCAST)
        ),
        Case(
            "two-instances",
            (
                *made(rng, 3),
                *made(rng, 3, 0.9, obj="other"),
                *trained(own),
                *trained(other, obj="other"),
                *state(own),
                *state(other, obj="other"),
            ),
        ),
    )


def test_mode_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """The output at test, which must leave the running statistics as they are."""

    def one(name: str, x: Array, layout: Layout = Layout.C, eps: float = 0.1) -> Case:
        C = x.shape[1]
        return Case(name, (*made(rng, C, eps=eps), *known(rng, C), call("bn", "eval"), at_test(x, layout)))

    x, y, z = maps(rng, 2, 2, 1, 2), maps(rng, 2, 2, 1, 2) - 5, maps(rng, 3, 2, 2, 1)
    beside = np.concatenate([x[:1], maps(rng, 2, 2, 1, 2) + 20])
    to_test, to_training = call("bn", "eval"), call("bn", "train")
    read = get("bn", "running_mean"), get("bn", "running_var")
    return (
        Case("bn-untrained", (new("bn", 1, 0.5, 0.1), to_test, at_test(maps(rng, 2, 1, 1, 1)))),
        Case("bn-untrained", (*made(rng, 2), to_test, at_test(x))),
        one("bn-known-statistics", maps(rng, 2, 1, 1, 2)),
        one("bn-known-statistics", z),
        one("bn-one-number", maps(rng, 1, 2, 1, 1)),
        one("bn-one-sample", maps(rng, 1, 3, 2, 2)),
        one("bn-all-sizes-differ", maps(rng, 2, 3, 4, 5)),
        one("bn-width-is-channels", maps(rng, 2, 3, 1, 3)),
        one("bn-batch-is-channels", maps(rng, 3, 3, 2, 1)),
        Case(
            "bn-small-variance", (*made(rng, 2), put("bn", "running_var", np.array([0.0, 1 / 64])), to_test, at_test(x))
        ),
        Case("bn-defaults", (new("bn", 2), *known(rng, 2), to_test, at_test(x))),
        Case("bn-same-sample", (*made(rng, 2), *known(rng, 2), to_test, at_test(x), at_test(beside), at_test(x[:1]))),
        Case("bn-state-kept", (*made(rng, 2), *known(rng, 2), to_test, *trained(x, z), *state(), at_test(x))),
        Case("bn-parameters-change", (*made(rng, 2), *known(rng, 2), to_test, at_test(x), *affine(rng, 2), at_test(x))),
        Case("bn-train-then-test", (*made(rng, 2), *trained(x, y, z), to_test, *read, at_test(y)), free=True),
        Case("bn-train-then-test", (*made(rng, 2, 0.9), *trained(x, y), to_test, *read, at_test(z)), free=True),
        Case("bn-back-to-training", (*made(rng, 2), *known(rng, 2), to_test, *trained(z), to_training, asked(x))),
        one("large-offset", maps(rng, 2, 2, 2, 2) + 1000.0),
        *(one(f"layout-{layout.value}", maps(rng, 2, 2, 2, 3), layout) for layout in OTHER_LAYOUTS),
        one("float32", normal(rng, 3, 2, 2, 4, dtype=np.float32)),
        Case(
            "two-instances",
            (
                *made(rng, 2),
                *made(rng, 2, obj="other"),
                *known(rng, 2),
                *known(rng, 2, obj="other"),
                to_test,
                asked(x, obj="other"),
                at_test(x),
                call("other", "eval"),
                at_test(y),
            ),
        ),
        *(
            one("bn-random", normal(rng, *sizes(rng)) * 3 + 1, eps=float(rng.choice([1e-3, 0.1, 1.0])))
            for _ in range(2)
        ),
    )
