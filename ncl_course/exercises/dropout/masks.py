"""Rules for the masks that dropout's layers keep: type, shape, where they come from, and how independent they are."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ncl_course.exercises.dropout.independence import (
    ALPHA,
    Mask,
    judged,
    nowhere_alike,
    repeated,
    same_counts,
    wrong_share,
    wrong_slice,
    wrong_total,
)
from ncl_course.exercises.rules import differ
from ncl_course.protocol.script import Outcome, Remark, Rule, Trace


def flaw(outcome: Outcome, shape: tuple[int, ...]) -> Remark | None:
    """Return a remark if a mask has the wrong type, dtype or shape, or else None."""
    mask = outcome.value
    if outcome.raised is not None or mask is None:
        return Remark("mask_missing", {}, "mask-not-kept")
    if not isinstance(mask, np.ndarray):
        name = "mask-shared" if isinstance(mask, bool | np.bool_) else "mask-not-bool"  # one draw for all neurons
        return Remark("mask_kind", {"got": getattr(mask, "type_name", type(mask).__name__)}, name)
    if mask.shape != shape:
        one_for_many = 1 in mask.shape or 0 < mask.ndim < len(shape)
        return Remark("mask_shape", {"got": mask.shape, "right": shape}, "mask-shared" if one_for_many else "")
    if mask.dtype != np.bool_:
        return Remark("mask_dtype", {"got": mask.dtype}, "mask-not-bool")
    return None


def is_mask(*shape: int) -> Rule:
    """Require a bool array of the shape of x."""
    return lambda trace, step: flaw(trace[step], shape)


def there(trace: Trace, step: int) -> Remark | None:
    """Require that the mask exists; the cases of the forward pass judge its type and shape."""
    seen = trace[step]
    return Remark("mask_missing", {}, "mask-not-kept") if seen.raised is not None or seen.value is None else None


def varied(*shape: int) -> Rule:
    """Require that a mask of that shape, drawn with keep_prob = 0.5, is not the same for all neurons.

    With a mask that is False everywhere, or True everywhere, the right gradient is 0 or the gradient from above, so the
    backward pass would not be tested. If ``mask`` says nothing about the single neurons, the zeros of the output are
    used, since the oracle takes its mask from there too.
    """

    def rule(trace: Trace, step: int) -> Remark | None:
        fates = [kept for kept in (trace[step].value, trace[step - 1].value) if says_of_each(kept, shape)]
        constant = bool(fates) and fates[0].any() == fates[0].all()
        missing = Remark("mask_constant", {"size": math.prod(shape)}, "keep-prob-not-used") if constant else None
        return there(trace, step) or missing

    return rule


def says_of_each(value: object, shape: tuple[int, ...]) -> bool:
    """Return whether a value is an array that says for each neuron, or for each slice of them, if it is kept."""
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "biuf":
        return False
    return value.ndim <= len(shape) and all(n in (1, m) for n, m in zip(value.shape[::-1], shape[::-1], strict=False))


def all_kept(*shape: int) -> Rule:
    """Require that keep_prob = 1 keeps every neuron."""

    def rule(trace: Trace, step: int) -> Remark | None:
        found = flaw(trace[step], shape)
        if found is None and not trace[step].value.all():
            return Remark("mask_not_all_kept", {"dropped": int((~trace[step].value).sum())}, "keep-and-drop-swapped")
        return found

    return rule


def kept_where_zero(zero: Mask, keep_prob: float) -> Rule:
    """Require that neurons with value 0 are kept as often as others; ``zero`` is True at these neurons.

    The probability that none of n such neurons is kept is (1−p)^n; the case has enough of them.
    """

    def rule(trace: Trace, step: int) -> Remark | None:
        found = flaw(trace[step], zero.shape)
        impossible = (1 - keep_prob) ** int(zero.sum()) <= ALPHA
        if found is None and impossible and not trace[step].value[zero].any():
            return Remark("mask_zero_dropped", {"zeros": int(zero.sum())}, "mask-from-output")
        return found

    return rule


def unlike(earlier: int, key: str, name: str) -> Rule:
    """Require that the mask differs from the mask that an earlier step has read.

    Independent masks of n neurons are equal with a probability of (p²+(1−p)²)^n; the cases have enough neurons.
    """

    def rule(trace: Trace, step: int) -> Remark | None:
        mask, before = trace[step].value, trace[earlier].value
        found = flaw(trace[step], before.shape)
        if found is None and (mask.all() or not mask.any()):
            return Remark("mask_constant", {"size": mask.size}, "keep-prob-not-used")
        return Remark(key, {}, name) if np.array_equal(mask, before) else found

    return rule


def drawn_anew(earlier: int) -> Rule:
    """Require that the mask is not the one that an earlier step has read; other cases judge its type and shape."""

    def rule(trace: Trace, step: int) -> Remark | None:
        mask = trace[step].value
        if isinstance(mask, np.ndarray) and differ(mask) and np.array_equal(mask, trace[earlier].value):
            return Remark("mask_repeated", {}, "mask-drawn-once")
        return None

    return rule


def same_as(earlier: int, key: str, name: str) -> Rule:
    """Require that the mask equals the one that an earlier step has read."""

    def rule(trace: Trace, step: int) -> Remark | None:
        return None if np.array_equal(trace[step].value, trace[earlier].value) else Remark(key, {}, name)

    return rule


def still_there(earlier: int) -> Rule:
    """Require that a test forward leaves the mask as an earlier step has read it, in the latest training forward."""

    def rule(trace: Trace, step: int) -> Remark | None:
        mask, before = trace[step].value, trace[earlier].value
        if not isinstance(before, np.ndarray):
            return None  # the cases of the forward pass judge a mask that is not an array
        if not isinstance(mask, np.ndarray):
            return Remark("mask_lost_at_test", {}, "mask-changed-at-test")
        return None if np.array_equal(mask, before) else Remark("mask_other_at_test", {}, "mask-changed-at-test")

    return rule


def independent(shape: tuple[int, ...], keep_prob: float, readings: Sequence[int]) -> Rule:
    """Require that neurons in the masks of these steps were kept independently, each with probability keep_prob."""

    def rule(trace: Trace, step: int) -> Remark | None:  # noqa: ARG001 - a rule is given both
        flaws = [found for reading in readings if (found := flaw(trace[reading], shape))]
        return flaws[0] if flaws else judged(np.stack([trace[reading].value for reading in readings]), keep_prob)

    return rule


def never_stuck(shape: tuple[int, ...], keep_prob: float, readings: Sequence[int]) -> Rule:
    """Require that no neuron is kept in all of these steps' masks if p is small, or dropped in all of them if 1 − p is.

    Nor may each slice hold a neuron that is kept (or dropped), or nearly the same number of them.

    The probability that any of n neurons is kept R times is at most n·p^R, and n·(1−p)^R that one is dropped R times.
    """
    kept = keep_prob < 0.5
    chance = keep_prob if kept else 1 - keep_prob
    assert math.prod(shape) * chance ** len(readings) <= ALPHA, "too few forwards to tell"

    def rule(trace: Trace, step: int) -> Remark | None:  # noqa: ARG001 - a rule is given both
        flaws = [found for reading in readings if (found := flaw(trace[reading], shape))]
        if flaws:
            return flaws[0]
        masks = np.stack([trace[reading].value for reading in readings])
        if (masks == masks[0]).all() and 0 < masks.sum() < masks.size:
            return repeated(0)
        always = (masks == kept).all(axis=0)
        share = wrong_share(masks, keep_prob)
        if share and share.name == "keep-and-drop-swapped":
            return share
        if not always.any():
            return same_counts(masks, keep_prob) or nowhere_alike(masks, keep_prob)
        place = ", ".join(str(i) for i in np.argwhere(always)[0])
        values = {"place": f"[{place}]", "forwards": len(readings), "keep_prob": keep_prob}
        return Remark("mask_always_kept" if kept else "mask_always_dropped", values)

    return rule


def kept_in_each_slice(shape: tuple[int, ...], keep_prob: float) -> Rule:
    """Require that the share of kept neurons is right in each slice of a mask along axis 0."""

    def rule(trace: Trace, step: int) -> Remark | None:
        found = flaw(trace[step], shape) or wrong_total(trace[step].value, keep_prob)
        if found:
            return found
        share = wrong_slice(trace[step].value, 0, keep_prob)
        return Remark("mask_share_of_slice", {"share": share, "keep_prob": keep_prob, "axis": 0}) if share else None

    return rule
