"""Rules for dropout's random masks: what no honest draw of independent neurons does, however it is drawn.

Every statistical rule refuses a right answer with a probability of at most ``ALPHA``. A count k of n independent
trials of probability q satisfies P(k/n ≥ a) ≤ exp(−n·KL(a‖q)) for a ≥ q, and the same below q (Chernoff, 1952;
Hoeffding, 1963, theorem 1). So a count is refused where n·KL(k/n‖q) > ln(2/ALPHA), ALPHA/2 for either side. On a few
numbers the left side cannot get there, so small masks are never refused: with n numbers it is at most n·ln(1/q).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ncl_course.protocol.script import Outcome, Remark, Rule, Trace

ALPHA = 1e-12
"""How often one statistical rule refuses a right answer at most."""

LIMIT = math.log(2 / ALPHA)
Mask = NDArray[np.bool_]


def surprise(count: int, trials: int, probability: float) -> float:
    """n·KL(k/n‖q), in nats: 0 where the share is as expected, infinite where it is impossible."""
    total = 0.0
    for seen, expected in ((count, trials * probability), (trials - count, trials * (1 - probability))):
        if seen:
            total += seen * math.log(seen / expected) if expected else math.inf
    return total


def flaw(outcome: Outcome, shape: tuple[int, ...]) -> Remark | None:
    """What is wrong with the kind or the shape of a mask, or None."""
    mask = outcome.value
    if outcome.raised is not None or mask is None:
        return Remark("mask_missing", {}, "mask-not-kept")
    if not isinstance(mask, np.ndarray):
        return Remark("mask_kind", {"got": getattr(mask, "type_name", type(mask).__name__)}, "mask-not-bool")
    if mask.shape != shape:
        one_for_many = 1 in mask.shape or 0 < mask.ndim < len(shape)
        return Remark("mask_shape", {"got": mask.shape, "right": shape}, "mask-shared" if one_for_many else "")
    if mask.dtype != np.bool_:
        return Remark("mask_dtype", {"got": mask.dtype}, "mask-not-bool")
    return None


def is_mask(*shape: int) -> Rule:
    """It must be a bool array of the shape of x."""
    return lambda trace, step: flaw(trace[step], shape)


def there(trace: Trace, step: int) -> Remark | None:
    """It must be there; how it must look, the forward pass is asked."""
    seen = trace[step]
    return Remark("mask_missing", {}, "mask-not-kept") if seen.raised is not None or seen.value is None else None


def all_kept(*shape: int) -> Rule:
    """Under keep_prob = 1 nobody is switched off."""

    def rule(trace: Trace, step: int) -> Remark | None:
        found = flaw(trace[step], shape)
        if found is None and not trace[step].value.all():
            return Remark("mask_not_all_kept", {"dropped": int((~trace[step].value).sum())}, "keep-and-drop-swapped")
        return found

    return rule


def kept_where_zero(zero: Mask, keep_prob: float) -> Rule:
    """Neurons whose value is 0 are kept as often as others; ``zero`` says which they are.

    None of n such neurons is kept with a probability of (1−p)^n; the case has enough of them.
    """

    def rule(trace: Trace, step: int) -> Remark | None:
        found = flaw(trace[step], zero.shape)
        impossible = (1 - keep_prob) ** int(zero.sum()) <= ALPHA
        if found is None and impossible and not trace[step].value[zero].any():
            return Remark("mask_zero_dropped", {"zeros": int(zero.sum())}, "mask-from-output")
        return found

    return rule


def unlike(earlier: int, key: str, name: str) -> Rule:
    """The mask must differ from the one that an earlier step has read.

    Independent masks of n neurons are equal with a probability of (p²+(1−p)²)^n; cases have enough of them.
    """

    def rule(trace: Trace, step: int) -> Remark | None:
        mask, before = trace[step].value, trace[earlier].value
        found = flaw(trace[step], before.shape)
        if found is None and (mask.all() or not mask.any()):
            return Remark("mask_constant", {"size": mask.size}, "keep-prob-not-used")
        return Remark(key, {}, name) if np.array_equal(mask, before) else found

    return rule


def drawn_anew(earlier: int) -> Rule:
    """The mask must not be the one that an earlier step has read; whether it is a mask at all, others ask."""

    def rule(trace: Trace, step: int) -> Remark | None:
        mask = trace[step].value
        if isinstance(mask, np.ndarray) and np.ptp(mask.astype(float)) and np.array_equal(mask, trace[earlier].value):
            return Remark("mask_repeated", {}, "mask-drawn-once")
        return None

    return rule


def same_as(earlier: int, key: str, name: str) -> Rule:
    """The mask must equal the one that an earlier step has read."""

    def rule(trace: Trace, step: int) -> Remark | None:
        return None if np.array_equal(trace[step].value, trace[earlier].value) else Remark(key, {}, name)

    return rule


def independent(shape: tuple[int, ...], keep_prob: float, readings: Sequence[int]) -> Rule:
    """The masks that these steps have read must be those of neurons drawn independently, kept with keep_prob."""

    def rule(trace: Trace, step: int) -> Remark | None:  # noqa: ARG001 - a rule is given both
        flaws = [found for reading in readings if (found := flaw(trace[reading], shape))]
        return flaws[0] if flaws else judged(np.stack([trace[reading].value for reading in readings]), keep_prob)

    return rule


def judged(masks: Mask, keep_prob: float) -> Remark | None:
    """What no independent draws would show in masks (R, *shape) of R forwards, the plainest first."""
    return (
        copied(masks) or wrong_share(masks, keep_prob) or dependent(masks, keep_prob) or same_counts(masks, keep_prob)
    )


def copied(masks: Mask) -> Remark | None:
    """One mask again and again: in every forward, or for every sample, channel, row or column."""
    if masks.all() or not masks.any():
        return None  # the share tells that better
    for axis in range(masks.ndim):
        if masks.shape[axis] > 1 and (masks == masks.take([0], axis)).all():
            return repeated(axis)
    return None


def repeated(axis: int) -> Remark:
    """What is said of masks that repeat along an axis of the stack; axis 0 are the forwards."""
    if axis == 0:
        return Remark("mask_repeated", {}, "mask-drawn-once")
    return Remark("mask_shared", {"axis": axis - 1}, "mask-shared")


def wrong_share(masks: Mask, keep_prob: float) -> Remark | None:
    """The share of kept neurons overall, then in each forward, sample, channel, row, column."""
    count, size = int(masks.sum()), masks.size
    values = {"share": f"{count / size:.3f}", "keep_prob": keep_prob, "size": size}
    if surprise(count, size, keep_prob) > LIMIT:
        swapped = surprise(count, size, 1 - keep_prob) <= LIMIT
        return Remark("mask_share", values, "keep-and-drop-swapped" if swapped else "keep-prob-not-used")
    for axis in range(masks.ndim):
        counts = masks.sum(tuple(a for a in range(masks.ndim) if a != axis))
        trials = size // masks.shape[axis]
        odd = [k for k in map(int, counts) if surprise(k, trials, keep_prob) > LIMIT]
        if odd:
            values = {"share": f"{odd[0] / trials:.3f}", "keep_prob": keep_prob, "axis": max(axis - 1, 0)}
            return Remark("mask_share_of_slice", values, "keep-prob-not-used")
    return None


def dependent(masks: Mask, keep_prob: float) -> Remark | None:
    """Two neurons at any distance along an axis agree with a probability of p² + (1−p)².

    Pairs (i, i + lag) with i in every other block of ``lag`` have no neuron in common, so they are independent.
    """
    agree = keep_prob**2 + (1 - keep_prob) ** 2
    for axis in range(masks.ndim):
        for lag in range(1, masks.shape[axis]):
            starts = [i for i in range(masks.shape[axis] - lag) if (i // lag) % 2 == 0]
            same = masks.take(starts, axis) == masks.take([i + lag for i in starts], axis)
            if surprise(int(same.sum()), same.size, agree) > LIMIT:
                return repeated(axis)
    return None


def same_counts(masks: Mask, keep_prob: float) -> Remark | None:
    """Independent neurons do not come out at the same number kept every time, in each forward or in each sample.

    K equal counts have a probability of at most (the largest binomial probability)^(K−1).
    """
    for lead in (1, 2):
        counts = masks.reshape(math.prod(masks.shape[:lead]), -1).sum(-1)
        trials = math.prod(masks.shape[lead:])
        if np.ptp(counts) == 0 and (len(counts) - 1) * log_mode(trials, keep_prob) < math.log(ALPHA):
            return Remark("mask_same_count", {"count": int(counts[0]), "size": trials}, "mask-exact-count")
    return None


def log_mode(trials: int, probability: float) -> float:
    """The logarithm of the largest probability that a binomial count has."""
    k = min(math.floor((trials + 1) * probability), trials)
    ways = math.lgamma(trials + 1) - math.lgamma(k + 1) - math.lgamma(trials - k + 1)
    chance = k * math.log(probability) if k else 0.0
    return ways + chance + ((trials - k) * math.log(1 - probability) if trials > k else 0.0)


def rules_asked(shape: tuple[int, ...], forwards: int) -> int:
    """How many statistical rules ``judged`` asks of so many masks of that shape; their errors add up at most."""
    stack = (forwards, *shape)
    return 1 + sum(stack) + sum(n - 1 for n in stack) + len(stack) + 2
