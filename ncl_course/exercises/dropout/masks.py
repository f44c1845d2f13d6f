"""Rules for dropout's random masks: independent neurons pass them almost surely, in whatever way they are drawn.

Every statistical rule refuses a right answer with a probability of at most ``ALPHA``. A count k of n independent
trials of probability q satisfies P(k/n ≥ a) ≤ exp(−n·KL(a‖q)) for a ≥ q, and the mirrored bound for a ≤ q
(Chernoff, 1952; Hoeffding, 1963, theorem 1). So a rule refuses a count if n·KL(k/n‖q) > ln(2/ALPHA): ALPHA/2 for
either side. With n numbers the left side is at most n·ln(1/q), so the rules never refuse a small mask.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ncl_course.exercises.rules import differ
from ncl_course.protocol.script import Outcome, Remark, Rule, Trace

ALPHA = 1e-12
"""The largest probability with which one statistical rule refuses a right answer."""

LIMIT = math.log(2 / ALPHA)
Mask = NDArray[np.bool_]


def surprise(count: int, trials: int, probability: float) -> float:
    """Return n·KL(k/n‖q) in nats: 0 if the share is as expected, infinite if it is impossible."""
    total = 0.0
    for seen, expected in ((count, trials * probability), (trials - count, trials * (1 - probability))):
        if seen:
            total += seen * math.log(seen / expected) if expected else math.inf
    return total


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
            return nowhere_alike(masks, keep_prob)
        place = ", ".join(str(i) for i in np.argwhere(always)[0])
        values = {"place": f"[{place}]", "forwards": len(readings), "keep_prob": keep_prob}
        return Remark("mask_always_kept" if kept else "mask_always_dropped", values)

    return rule


def nowhere_alike(masks: Mask, keep_prob: float) -> Remark | None:
    """Return a remark if no slice of masks (R, *shape) is dropped as a whole if p is small, or kept if 1 − p is.

    A slice of n neurons holds none that is kept with a probability of q = (1−p)^n, so each of K slices holds one with a
    probability of (1 − q)^K; for neurons that are dropped, q = p^n.
    """
    kept = keep_prob < 0.5
    for axis in range(1, masks.ndim):
        others = tuple(a for a in range(1, masks.ndim) if a != axis)
        size = math.prod(masks.shape[a] for a in others)
        chance = math.log1p(-(max(keep_prob, 1 - keep_prob) ** size)) * len(masks) * masks.shape[axis]
        if chance < math.log(ALPHA) and (masks == kept).any(others).all():
            values = {"axis": axis - 1, "size": size, "forwards": len(masks), "keep_prob": keep_prob}
            return Remark("mask_none_dropped_whole" if kept else "mask_none_kept_whole", values)
    return None


def kept_in_each_slice(shape: tuple[int, ...], keep_prob: float) -> Rule:
    """Require that the share of kept neurons is right in each slice of a mask along axis 0."""

    def rule(trace: Trace, step: int) -> Remark | None:
        found = flaw(trace[step], shape) or wrong_total(trace[step].value, keep_prob)
        if found:
            return found
        size = math.prod(shape[1:])
        odd = [k for k in trace[step].value.reshape(-1, size).sum(1).tolist() if surprise(k, size, keep_prob) > LIMIT]
        values = {"share": f"{odd[0] / size:.3f}", "keep_prob": keep_prob, "axis": 0} if odd else {}
        return Remark("mask_share_of_slice", values) if odd else None

    return rule


def judged(masks: Mask, keep_prob: float) -> Remark | None:
    """Return the simplest remark on masks (R, *shape) of R forwards that are not independent draws, or None."""
    return (
        copied(masks) or wrong_share(masks, keep_prob) or dependent(masks, keep_prob) or same_counts(masks, keep_prob)
    )


def copied(masks: Mask) -> Remark | None:
    """Return a remark if one mask is repeated in every forward, or for every sample, channel, row or column."""
    if masks.all() or not masks.any():
        return None  # wrong_share describes these masks better
    for axis in range(masks.ndim):
        if masks.shape[axis] > 1 and (masks == masks.take([0], axis)).all():
            return repeated(axis)
    return None


def repeated(axis: int) -> Remark:
    """Return the remark on masks that repeat along an axis of the stack; axis 0 counts the forwards."""
    if axis == 0:
        return Remark("mask_repeated", {}, "mask-drawn-once")
    return Remark("mask_shared", {"axis": axis - 1}, "mask-shared")


def wrong_share(masks: Mask, keep_prob: float) -> Remark | None:
    """Return a remark if the share of kept neurons is wrong, overall or in a forward, sample, channel, row, column."""
    total = wrong_total(masks, keep_prob)
    if total:
        return total
    for axis in range(masks.ndim):
        counts = masks.sum(tuple(a for a in range(masks.ndim) if a != axis))
        trials = masks.size // masks.shape[axis]
        odd = [k for k in map(int, counts) if surprise(k, trials, keep_prob) > LIMIT]
        if odd:
            values = {"share": f"{odd[0] / trials:.3f}", "keep_prob": keep_prob, "axis": max(axis - 1, 0)}
            return Remark("mask_share_of_slice", values, "keep-prob-not-used")
    return None


def wrong_total(masks: Mask, keep_prob: float) -> Remark | None:
    """Return a remark if the share of kept neurons is wrong overall."""
    count, size = int(masks.sum()), masks.size
    if surprise(count, size, keep_prob) <= LIMIT:
        return None
    swapped = surprise(count, size, 1 - keep_prob) <= LIMIT
    values = {"share": f"{count / size:.3f}", "keep_prob": keep_prob, "size": size}
    return Remark("mask_share", values, "keep-and-drop-swapped" if swapped else "keep-prob-not-used")


def dependent(masks: Mask, keep_prob: float) -> Remark | None:
    """Return a remark if two neurons at some distance along an axis agree too often or too rarely.

    Independent neurons agree with a probability of p² + (1−p)². Pairs (i, i + lag) with i in every other block of
    ``lag`` share no neuron, so they are independent.
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
    """Return a remark if the same number of neurons, or nearly the same, is kept in each forward or in each sample.

    Let m be the largest binomial probability. If one of K independent counts is the smallest, each of the others lies
    among the w whole numbers from it on with a probability of at most w·m. Any of the K can be the smallest, so all
    counts lie among w neighbouring numbers with a probability of at most K·(w·m)^(K−1).
    """
    for lead in (1, 2):
        counts = masks.reshape(math.prod(masks.shape[:lead]), -1).sum(-1)
        trials = math.prod(masks.shape[lead:])
        least, most = int(counts.min()), int(counts.max())
        within = math.log(most - least + 1) + log_mode(trials, keep_prob)
        if math.log(len(counts)) + (len(counts) - 1) * within < math.log(ALPHA):
            values = {"least": least, "most": most, "size": trials}
            return Remark("mask_same_count" if least == most else "mask_near_count", values, "mask-exact-count")
    return None


def log_mode(trials: int, probability: float) -> float:
    """Return the logarithm of the largest probability of a binomial distribution."""
    k = min(math.floor((trials + 1) * probability), trials)
    ways = math.lgamma(trials + 1) - math.lgamma(k + 1) - math.lgamma(trials - k + 1)
    chance = k * math.log(probability) if k else 0.0
    return ways + chance + ((trials - k) * math.log(1 - probability) if trials > k else 0.0)
