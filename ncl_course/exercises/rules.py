"""Rules for parameters, which have no single right value: shapes, random initial weights, and changes to them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ncl_course.protocol.script import Opaque, Remark, Rule, Trace


def weights_of(trace: Trace, step: int, shape: tuple[int, ...], name: str) -> Remark | None:
    """Return a remark if a parameter that a step has read has the wrong type, dtype or shape, or is not finite."""
    value, raised = trace[step].value, trace[step].raised
    if raised is not None and raised.type_name in ("KeyError", "AttributeError"):
        return Remark("parameter_missing", {"name": name})
    if not isinstance(value, np.ndarray) or value.dtype.kind != "f":
        kind = str(value.dtype) if isinstance(value, np.ndarray) else type(value).__name__
        return Remark("parameter_kind", {"name": name, "kind": kind})
    if value.shape != shape:
        return Remark("parameter_shape", {"name": name, "got": value.shape, "right": shape}, f"{name}-shape")
    return None if np.isfinite(value).all() else Remark("parameter_finite", {"name": name})


def returns_layer(method: str) -> Rule:
    """Require that ``train`` or ``eval`` returns the layer, so that ``layer.eval()(x)`` works."""

    def rule(trace: Trace, step: int) -> Remark | None:
        seen = trace[step]
        fine = seen.raised is not None or isinstance(seen.value, Opaque)
        return None if fine else Remark("mode_returns", {"method": method})

    return rule


def shaped(name: str, *shape: int) -> Rule:
    """Require a float array of that shape; its values are free."""
    return lambda trace, step: weights_of(trace, step, shape, name)


def begins(name: str, start: float, *shape: int) -> Rule:
    """Require a float array of that shape whose numbers are all ``start``."""

    def rule(trace: Trace, step: int) -> Remark | None:
        remark, value = weights_of(trace, step, shape, name), trace[step].value
        if remark is None and (value != start).any():
            got = f"{value[value != start][0]:.3g}"
            return Remark("parameter_start", {"name": name, "got": got, "right": start}, f"{name}-start")
        return remark

    return rule


def random_weights(*shape: int) -> Rule:
    """Require weights of that shape that are not all the same."""

    def rule(trace: Trace, step: int) -> Remark | None:
        remark = weights_of(trace, step, shape, "weight")
        if remark is None and not differ(trace[step].value):
            return Remark("weights_constant", {"value": f"{trace[step].value.flat[0]:.3g}"}, "weights-constant")
        return remark

    return rule


def same_as(earlier: int) -> Rule:
    """Require that the weights equal those that an earlier step has read: both generators had the same seed."""

    def rule(trace: Trace, step: int) -> Remark | None:
        return None if equal(trace[step].value, trace[earlier].value) else Remark("rng_other", {}, "rng-ignored")

    return rule


def unlike(earlier: int) -> Rule:
    """Require that the weights differ from those that an earlier step has read: the generators had different seeds."""

    def rule(trace: Trace, step: int) -> Remark | None:
        return Remark("rng_same", {}, "rng-ignored") if equal(trace[step].value, trace[earlier].value) else None

    return rule


def still(earlier: int) -> Rule:
    """Require that the weights equal those at an earlier step: an optimiser changes weights, ``backward`` does not."""

    def rule(trace: Trace, step: int) -> Remark | None:
        if equal(trace[step].value, trace[earlier].value):
            return None
        return Remark("weights_changed", {}, "weights-changed-in-backward")

    return rule


def moved(earlier: int) -> Rule:
    """Require that the output differs from an earlier one, because the weights were overwritten in between.

    The rule does not judge an output that is not an array of different numbers: other rules find that fault.
    """

    def rule(trace: Trace, step: int) -> Remark | None:
        before, now = trace[earlier].value, trace[step].value
        tells = isinstance(now, np.ndarray) and differ(now)
        return Remark("weights_copied", {}, "weights-copied") if tells and equal(now, before) else None

    return rule


def differ(values: NDArray[Any]) -> bool:
    """Return whether an array of any dtype has different numbers."""
    return values.size > 0 and bool((values != values.flat[0]).any())


def equal(one: Any, other: Any) -> bool:
    """Return whether two values are arrays of the same numbers."""
    return bool(np.array_equal(one, other))
