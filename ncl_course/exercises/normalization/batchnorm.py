"""The cases of batch normalization's gradient, and of ``batchnorm_parameter_count``.

Each case is named for what it catches; ``messages`` holds the sentence under ``case.NAME``.
"""

from __future__ import annotations

import numpy as np

from ncl_course.exercises.arrays import Array, normal, upstream
from ncl_course.exercises.exercise import Case
from ncl_course.exercises.normalization.batchnorm_forward import (
    OTHER_LAYOUTS,
    STATE_SCALE,
    exact,
    known,
    maps,
    sizes,
    trained,
)
from ncl_course.protocol.script import (
    FUNCTION,
    Layout,
    Remark,
    Rule,
    Script,
    Step,
    Tensor,
    Trace,
    apply,
    call,
    get,
    new,
    put,
)


def natural_scale(x: Array, grad_out: Array, gamma: Array, eps: float) -> float:
    """What errors of dL/dx are measured against, asked of the oracle: how to compute a σ is an exercise."""
    from ncl_course.oracles.normalization.batchnorm import gradient_scale

    return gradient_scale(x, grad_out, gamma, eps)


def sent_back(x: Array, g: Array, gamma: Array, eps: float = 0.1, layout: Layout = Layout.C) -> Script:
    """Send ``g`` back through the latest forward, which was of ``x`` in training; all three gradients are judged."""
    total = float(np.abs(g).sum(axis=(0, 2, 3)).max())
    scale = natural_scale(x, g, gamma, eps)
    return (
        call("bn", "backward", Tensor(g, layout), label="backward", scale=scale),
        get("bn", "grads.gamma", label="grads.gamma", scale=total),
        get("bn", "grads.beta", label="grads.beta", scale=total),
    )


def tested_back(g: Array) -> Script:
    """Send ``g`` back through the latest forward, which was a test; all three gradients are judged."""
    total = float(np.abs(g).sum(axis=(0, 2, 3)).max())
    loose = STATE_SCALE if g.dtype == np.float64 else 1.0
    return (
        call("bn", "backward", Tensor(g), label="backward", scale=loose * float(np.abs(g).max())),
        get("bn", "grads.gamma", label="grads.gamma", scale=loose * total),
        get("bn", "grads.beta", label="grads.beta", scale=total),
    )


def layer(gamma: Array, beta: Array, eps: float = 0.1, obj: str = "bn") -> Script:
    """A layer with those γ and β."""
    return new(obj, len(gamma), 0.5, eps), put(obj, "params.gamma", gamma), put(obj, "params.beta", beta)


def affine(rng: np.random.Generator, C: int) -> tuple[Array, Array]:
    """Random γ of both signs, and β."""
    return exact(rng, C, 0.5, 3) * rng.choice([-1, 1], C), exact(rng, C, -4, 4)


def one(name: str, rng: np.random.Generator, x: Array, layout: Layout = Layout.C, eps: float = 0.1) -> Case:
    """One training pass and one gradient, both arrays in the same memory order."""
    g = upstream(rng, *x.shape, dtype=x.dtype.type)
    gamma, beta = affine(rng, x.shape[1])
    forward = call("bn", "forward", Tensor(x, layout))
    return Case(name, (*layer(gamma, beta, eps), forward, *sent_back(x, g, gamma, eps, layout)))


def backward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """The gradients in both modes."""
    flat = maps(rng, 2, 3, 2, 2)
    flat[:, 1] = 7
    small = maps(rng, 2, 1, 1, 2)
    ones, zeros = np.ones(1), np.zeros(1)
    return (
        Case("bn-one-map", (*layer(ones, zeros), *trained(small), *sent_back(small, upstream(rng, 2, 1, 1, 2), ones))),
        one("bn-one-map-affine", rng, maps(rng, 2, 1, 1, 2)),
        one("bn-two-numbers", rng, maps(rng, 2, 1, 1, 1)),
        one("bn-two-numbers", rng, maps(rng, 2, 2, 1, 1)),
        one("bn-offsets", rng, maps(rng, 2, 2, 1, 2, apart=100)),
        one("bn-one-sample", rng, maps(rng, 1, 2, 2, 2)),
        one("bn-one-pixel", rng, maps(rng, 4, 2, 1, 1)),
        one("bn-all-sizes-differ", rng, maps(rng, 2, 3, 4, 5)),
        one("bn-width-is-channels", rng, maps(rng, 2, 3, 1, 3)),
        one("bn-batch-is-channels", rng, maps(rng, 3, 3, 2, 1)),
        one("bn-all-sizes-equal", rng, maps(rng, 3, 3, 3, 3)),
        one("bn-constant-map", rng, flat),
        one("bn-constant-map", rng, flat, eps=1e-5),
        one("large-offset", rng, maps(rng, 2, 2, 2, 2) + 1000.0),
        *(one(f"layout-{layout.value}", rng, maps(rng, 2, 2, 2, 3), layout) for layout in OTHER_LAYOUTS),
        one("float32", rng, normal(rng, 3, 2, 2, 4, dtype=np.float32)),
        one("float64", rng, normal(rng, 2, 4, 3, 2), eps=1e-5),
        *gamma_zero(rng),
        *in_both_modes(rng),
        state_unmoved(rng),
        *(
            one("bn-random", rng, normal(rng, *sizes(rng)) * 3 + 1, eps=float(rng.choice([1e-3, 0.1, 1])))
            for _ in range(3)
        ),
    )


def gamma_zero(rng: np.random.Generator) -> tuple[Case, ...]:
    """A map whose γ is 0, in both modes: its x̂ cannot be found again from the output.

    The numbers are no whole ones, so that dL/dγ of that map is not 0 by chance.
    """
    x, g, gamma = normal(rng, 2, 2, 1, 2), upstream(rng, 2, 2, 1, 2), np.array([0.0, 1.5])
    bn, to_test = layer(gamma, np.array([0.5, -1.0])), call("bn", "eval")
    return (
        Case("bn-gamma-zero", (*bn, *trained(x), *sent_back(x, g, gamma))),
        Case("bn-gamma-zero", (*bn, *known(rng, 2), to_test, *trained(x), *tested_back(g))),
    )


def unmoved(earlier: int) -> Rule:
    """A running statistic must be what an earlier step has read."""

    def rule(trace: Trace, step: int) -> Remark | None:
        if np.array_equal(trace[step].value, trace[earlier].value):
            return None
        return Remark("moved_by_backward", {}, "updated-in-backward")

    return rule


def state_unmoved(rng: np.random.Generator) -> Case:
    """The running statistics before and after a backward: training moves them in its forward passes alone."""
    x, g = maps(rng, 2, 2, 1, 2), upstream(rng, 2, 2, 1, 2)
    before = *layer(*affine(rng, 2)), *trained(x), call("bn", "backward", Tensor(g))
    names = "running_mean", "running_var"
    forward, back = before[:-1], before[-1]
    after = [get("bn", name, label=name, rule=unmoved(len(forward) + place)) for place, name in enumerate(names)]
    return Case("bn-state-kept-by-backward", (*forward, *(get("bn", name) for name in names), back, *after))


def in_both_modes(rng: np.random.Generator) -> tuple[Case, ...]:
    """Gradients at test, and of the latest forward whatever came before and whatever the mode is now."""
    x, y, z = maps(rng, 2, 2, 1, 2), maps(rng, 2, 2, 1, 2) - 5, maps(rng, 3, 2, 2, 1)
    g, h, k = upstream(rng, 2, 2, 1, 2), upstream(rng, 2, 2, 1, 2), upstream(rng, 3, 2, 2, 1)
    tiny, tiny_g = maps(rng, 1, 2, 1, 1), upstream(rng, 1, 2, 1, 1)
    gamma, beta = affine(rng, 2)
    other_gamma, other_beta = affine(rng, 2)
    bn, other = layer(gamma, beta), layer(other_gamma, other_beta, obj="other")
    other_first = layer(other_gamma, other_beta)
    to_test, to_training = call("bn", "eval"), call("bn", "train")
    back_x, back_y, back_z = sent_back(x, g, gamma), sent_back(y, h, gamma), sent_back(z, k, gamma)
    by_other = call("other", "backward", Tensor(h), label="backward", scale=natural_scale(y, h, other_gamma, 0.1))
    float32 = normal(rng, 3, 2, 2, 4, dtype=np.float32)
    float32_g = upstream(rng, *float32.shape, dtype=np.float32)
    return (
        Case("bn-gradient-at-test", (*bn, *known(rng, 2), to_test, *trained(x), *tested_back(g))),
        Case("bn-gradient-at-test", (*bn, *known(rng, 2), to_test, *trained(tiny), *tested_back(tiny_g))),
        Case("bn-gradient-at-test", (*bn, *known(rng, 2), to_test, *trained(float32), *tested_back(float32_g))),
        Case("bn-mode-of-the-forward", (*bn, *trained(x), to_test, *back_x)),
        Case("bn-mode-of-the-forward", (*bn, *known(rng, 2), to_test, *trained(x), to_training, *tested_back(g))),
        Case("bn-train-then-test", (*bn, *trained(x), *known(rng, 2), to_test, *trained(y), *tested_back(h))),
        Case("bn-back-to-training", (*bn, *known(rng, 2), to_test, *trained(x), to_training, *trained(z), *back_z)),
        Case("latest-forward", (*bn, *trained(x), *trained(y), *back_y)),
        Case("latest-forward-resized", (*bn, *trained(x), *trained(z), *back_z)),
        Case("bn-parameters-change", (*other_first, *trained(x), *bn[1:], *trained(y), *back_y)),
        Case("backward-twice", (*bn, *trained(x), *back_x, *sent_back(x, h, gamma))),
        Case("latest-forward", (*bn, *trained(x), *back_x, *trained(y), *back_y)),
        Case("two-instances", (*bn, *other, *trained(x), *trained(y, obj="other"), *back_x, by_other)),
    )


def count_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """Numbers of layers and maps."""
    fixed = [Case(name, (apply(*numbers),)) for name, numbers in COUNTS]
    drawn = [Case("bn-random", (apply(*(int(v) for v in rng.integers(2, 300, 2))),)) for _ in range(4)]
    by_name = Step("call", FUNCTION, kwargs={"num_layers": 3, "num_maps": 16}, label="value")
    return (*fixed, *drawn, Case("keywords", (by_name,)))


COUNTS = (
    ("bn-count-one", (1, 1)),
    ("bn-count-one-layer", (1, 64)),
    ("bn-count-one-map", (5, 1)),
    ("bn-count-network", (10, 64)),
    ("bn-count-network", (13, 256)),
)
