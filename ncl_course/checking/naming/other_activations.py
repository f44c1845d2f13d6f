"""Other activations than the one that is asked for, and their derivatives: hard, clipped and soft ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from ncl_course.checking.naming.sight import Array, Sight

Atom = Callable[[Sight], Array | None]


def sigma(a: Array) -> Array:
    """Return the sigmoid, which does not overflow."""
    return 0.5 * (1 + np.tanh(0.5 * a))


ACTIVATIONS: tuple[tuple[str, Callable[[Array], Array], Callable[[Array], Array]], ...] = (
    ("min(max({a}, 0), 6)", lambda a: np.clip(a, 0, 6), lambda a: ((a > 0) & (a < 6)) * 1.0),
    ("min(max({a}, 0), 1)", lambda a: np.clip(a, 0, 1), lambda a: ((a > 0) & (a < 1)) * 1.0),
    ("max(−1, min({a}, 1))", lambda a: np.clip(a, -1, 1), lambda a: (np.abs(a) < 1) * 1.0),
    ("max(0, min(1, 0.2·{a} + 0.5))", lambda a: np.clip(0.2 * a + 0.5, 0, 1), lambda a: (np.abs(a) < 2.5) * 0.2),
    ("max(0, min(1, {a}/6 + 0.5))", lambda a: np.clip(a / 6 + 0.5, 0, 1), lambda a: (np.abs(a) < 3) / 6),
    ("max(0, min(1, 0.25·{a} + 0.5))", lambda a: np.clip(a / 4 + 0.5, 0, 1), lambda a: (np.abs(a) < 2) / 4),
    ("ln(1 + e^{a})", lambda a: np.logaddexp(0, a), sigma),
    ("{a}/(1 + |{a}|)", lambda a: a / (1 + np.abs(a)), lambda a: (1 + np.abs(a)) ** -2.0),
    ("{a} · σ({a})", lambda a: a * sigma(a), lambda a: sigma(a) * (1 + a * (1 - sigma(a)))),
    ("σ({a})", sigma, lambda a: sigma(a) * (1 - sigma(a))),
    ("tanh {a}", np.tanh, lambda a: 1 - np.tanh(a) ** 2),
    ("tanh({a}/2)", lambda a: np.tanh(a / 2), lambda a: (1 - np.tanh(a / 2) ** 2) / 2),
    ("tanh(2{a})", lambda a: np.tanh(2 * a), lambda a: 2 - 2 * np.tanh(2 * a) ** 2),
    ("arctan {a}", np.arctan, lambda a: 1 / (1 + a * a)),
    ("max({a}, 0)", lambda a: np.maximum(a, 0), lambda a: (a > 0) * 1.0),
    ("max(0.01{a}, {a})", lambda a: np.maximum(0.01 * a, a), lambda a: np.where(a > 0, 1.0, 0.01)),
    ("max({a}, e^{a} − 1)", lambda a: np.maximum(a, np.expm1(np.minimum(a, 0))), lambda a: np.exp(np.minimum(a, 0))),
)
"""Other activations that students know, and their derivatives."""


def activations(first: Sight) -> Iterator[tuple[str, Atom]]:
    """Yield another activation, its derivative times the upstream gradient or not, and both at the wrong place."""
    for words, value, slope in ACTIVATIONS:
        if first.method == "forward":
            yield words.format(a="x"), partial(applied, "x", value)
            continue
        said = words.format(a="x")
        yield f"grad_out · ({said})′", partial(with_upstream, partial(applied, "x", slope))
        yield f"({said})′", partial(applied, "x", slope)
        for name in ("grad_out", "y"):
            said = words.format(a=name)
            yield said, partial(applied, name, value)
            yield f"({said})′", partial(applied, name, slope)
            yield f"grad_out · ({said})′", partial(with_upstream, partial(applied, name, slope))


def with_upstream(formula: Atom, sight: Sight) -> Array | None:
    """Return a formula's result times the upstream gradient."""
    values, upstream = formula(sight), sight.arrays.get("grad_out")
    return values * upstream if values is not None and upstream is not None else None


def applied(name: str, function: Callable[[Array], Array], sight: Sight) -> Array | None:
    """Return a function of the input x or of the right output y."""
    values = sight.others.get("forward") if name == "y" else sight.arrays.get(name)
    return None if values is None or values.shape != sight.expected.shape else function(values)
