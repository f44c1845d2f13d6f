"""The statistics of dropout's random masks: independent neurons pass them almost surely, however they are drawn.

Every statistical rule refuses a right answer with a probability of at most ``ALPHA``. A count k of n independent
trials of probability q satisfies P(k/n ≥ a) ≤ exp(−n·KL(a‖q)) for a ≥ q, and the mirrored bound for a ≤ q
(Chernoff, 1952; Hoeffding, 1963, theorem 1). So a rule refuses a count if n·KL(k/n‖q) > ln(2/ALPHA): ALPHA/2 for
either side. With n numbers the left side is at most n·ln(1/q), so the rules never refuse a small mask.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ncl_course.protocol.script import Remark

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
        share = wrong_slice(masks, axis, keep_prob)
        if share:
            values = {"share": share, "keep_prob": keep_prob, "axis": max(axis - 1, 0)}
            return Remark("mask_share_of_slice", values, "keep-prob-not-used")
    return None


def wrong_slice(masks: Mask, axis: int, keep_prob: float) -> str:
    """Return the first wrong share of kept neurons among the slices along an axis, or an empty text."""
    counts = masks.sum(tuple(a for a in range(masks.ndim) if a != axis))
    trials = masks.size // masks.shape[axis]
    return next((f"{k / trials:.3f}" for k in map(int, counts) if surprise(k, trials, keep_prob) > LIMIT), "")


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
