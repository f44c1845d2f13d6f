"""Rules for values of lesson 06 that are not unique: a network's layers, its masks, the numbers of its steps."""

from __future__ import annotations

from typing import Any

import numpy as np

from ncl_course.nn import CNNConfig
from ncl_course.protocol.script import Numbers, Opaque, Remark, Rule, Trace

SHOWN = 24
"""The largest number of layers that a sentence lists."""


def in_order(config: CNNConfig) -> Rule:
    """Require that ``model.layers`` is a list of the template's layers; a student's own class may replace any layer."""

    def rule(trace: Trace, step: int) -> Remark | None:
        from ncl_course.oracles.training.template import mistake_in, template

        value = trace[step].value
        if trace[step].raised is not None or not isinstance(value, Opaque) or value.type_name not in ("list", "tuple"):
            return Remark("no_layers", {}, "no-sequential")
        names, right = value.items, template(config)
        place = first_other(names, right)
        if place is None:
            return None
        name = mistake_in(names, config) or difference_from(right, names)
        return Remark("layer_order", order_values(names, right, place, config), name)

    return rule


def difference_from(right: tuple[str, ...], names: tuple[str, ...]) -> str:
    """Return the name of a simple difference of the layers from the right ones; empty if there is none."""
    if is_within(names, right):
        return "layers-missing"
    if is_within(right, names):
        return "layers-too-many"
    return "layers-exchanged" if sorted(names) == sorted(right) else ""


def is_within(some: tuple[str, ...], all_of: tuple[str, ...]) -> bool:
    """Return whether the second sequence contains all of the first one, in the same order."""
    rest = iter(all_of)
    return all(name in rest for name in some)


def sized(key: str, shape: tuple[int, ...]) -> Rule:
    """Require that a parameter has that shape, which fits the output of the layer before."""

    def rule(trace: Trace, step: int) -> Remark | None:
        got = trace[step].value
        if trace[step].raised is not None or not isinstance(got, np.ndarray):
            return Remark("no_parameter", {"key": key})
        if got.shape != shape:
            return Remark("sizes", {"key": key, "got": got.shape, "right": shape})
        return None if np.isfinite(got).all() else Remark("parameter_finite", {"name": key})

    return rule


def first_other(names: tuple[str, ...], right: tuple[str, ...]) -> int | None:
    """Return the number of the first wrong layer, or None."""
    from ncl_course.oracles.training.template import WORDS

    for number in range(max(len(names), len(right))):
        got, wanted = (some[number] if number < len(some) else "" for some in (names, right))
        if got != wanted and (not got or not wanted or got in WORDS.values()):
            return number
    return None


def order_values(names: tuple[str, ...], right: tuple[str, ...], place: int, config: CNNConfig) -> dict[str, Any]:
    """Return the values of the sentence on the order of layers."""
    return {
        "yours": " → ".join(names[:SHOWN]) or "—",
        "number": place,
        "got": names[place] if place < len(names) else "—",
        "right": right[place] if place < len(right) else "—",
        "N": config.convs,
        "M": len(config.filters),
        "K": len(config.hidden),
    }


def kept_share(keep_prob: float, shape: tuple[int, ...], sigmas: float) -> Rule:
    """Require that a mask has that shape and keeps about that share of the neurons."""

    def rule(trace: Trace, step: int) -> Remark | None:
        mask = trace[step].value
        if not isinstance(mask, np.ndarray) or mask.shape != shape:
            return Remark("no_mask", {"shape": shape})
        share = float(np.mean(mask != 0))
        allowed = sigmas * float(np.sqrt(keep_prob * (1 - keep_prob) / mask.size))
        if abs(share - keep_prob) <= allowed:
            return None
        name = "keep-prob-turned-round" if abs(share - (1 - keep_prob)) <= allowed else "keep-prob-fixed"
        return Remark("kept_share", {"share": f"{share:.2f}", "keep_prob": keep_prob}, name)

    return rule


def masks_unlike(earlier: int) -> Rule:
    """Require that a mask differs from the one that an earlier step has read: the generators had different seeds."""

    def rule(trace: Trace, step: int) -> Remark | None:
        alike = np.array_equal(trace[step].value, trace[earlier].value)
        return Remark("masks_same", {}, "rng-ignored") if alike else None

    return rule


def drawn_in_training(shape: tuple[int, ...]) -> Rule:
    """Require that a step of training has drawn a mask of that shape: in test mode ``Dropout`` draws no mask."""

    def rule(trace: Trace, step: int) -> Remark | None:
        mask = trace[step].value
        drawn = isinstance(mask, np.ndarray) and mask.shape == shape
        return None if drawn else Remark("not_in_training", {}, "not-in-training-mode")

    return rule


def counted(losses: int) -> Rule:
    """Require consecutive step numbers in the calls of ``on_step``, from 0 or from 1, as many as there are losses.

    Args:
        losses: the number of the script's step that returned the losses.
    """

    def rule(trace: Trace, step: int) -> Remark | None:
        seen, returned = trace[step].value, trace[losses].value
        wanted = int(np.size(values(returned)))
        if not isinstance(seen, np.ndarray) or seen.ndim == 0 or len(seen) != wanted:
            return Remark("on_step_calls", {"calls": int(np.size(seen)), "losses": wanted}, "on-step-not-called")
        first = seen.ravel()[:6].tolist()
        if wanted and (seen.ndim != 1 or first[0] not in (0, 1) or np.any(np.diff(seen) != 1)):
            name = "steps-start-anew" if seen.ndim == 1 and first[0] in (0, 1) else ""
            return Remark("on_step_numbers", {"numbers": ", ".join(map(str, first))}, name)
        return None

    return rule


def repeats(earlier: int) -> Rule:
    """Require that the losses equal those that an earlier step has returned: both generators had the same seed."""

    def rule(trace: Trace, step: int) -> Remark | None:
        one, other = (values(trace[number].value) for number in (earlier, step))
        if np.array_equal(one, other):
            return None
        return Remark("order_other", {}, "rng-ignored" if len(one) == len(other) else "")

    return rule


def differs(earlier: int) -> Rule:
    """Require that the losses differ from those that an earlier step has returned: the generators had different seeds.

    If there are no losses to compare, other cases report the value that came back instead.
    """

    def rule(trace: Trace, step: int) -> Remark | None:
        one, other = (values(trace[number].value) for number in (earlier, step))
        return Remark("order_same", {}, "rng-ignored") if len(one) and np.array_equal(one, other) else None

    return rule


def values(returned: Any) -> Any:
    """Return the numbers of a list or an array, or an empty tuple for any other value."""
    if isinstance(returned, Numbers):
        return returned.values
    return returned if isinstance(returned, np.ndarray) and returned.ndim else ()
