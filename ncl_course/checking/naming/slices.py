"""Find a number that a wrong result shares along some axes: each slice is right up to a factor, a summand, or both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ncl_course.checking.naming.arranged import letters
from ncl_course.checking.naming.edit import Edit
from ncl_course.checking.naming.edits import rounded
from ncl_course.checking.naming.sight import Array, Sight

TIMES, PLUS, BOTH = "slices-scaled", "slices-shifted", "slices-scaled-and-shifted"
PLACES = "right-sums-in-wrong-places"
NAMES = (TIMES, PLUS, BOTH, PLACES)
ENOUGH = 2
"""The number of results whose slices must differ in this way, to exclude a coincidence."""


@dataclass(frozen=True)
class Kind:
    """A relation between a slice of the right result and that slice of the student's.

    Attributes:
        name: the misconception; ``key`` is the key of the sentence on it.
        fit: returns the slice that comes nearest to the student's, and the number that it took; both get rows.
        many: how many different right numbers a telling slice has.
    """

    name: str
    key: str
    fit: Callable[[Array, Array], tuple[Array, Array]]
    many: int


def scaled(right: Array, got: Array) -> tuple[Array, Array]:
    """Return each right row times the factor that fits best, and the factors."""
    squares = (right * right).sum(1)
    by = np.divide((right * got).sum(1), squares, out=np.ones_like(squares), where=squares > 0)
    return right * by[:, None], by


def shifted(right: Array, got: Array) -> tuple[Array, Array]:
    """Return each right row plus the number that fits best, and the numbers."""
    by = (got - right).mean(1)
    return right + by[:, None], by


def scaled_and_shifted(right: Array, got: Array) -> tuple[Array, Array]:
    """Return each right row times a factor plus a number, and the factors."""
    centred = right - right.mean(1, keepdims=True)
    made, by = scaled(centred, got - got.mean(1, keepdims=True))
    return made + got.mean(1, keepdims=True), by


ALONE = (Kind(TIMES, "slice_times", scaled, 3), Kind(PLUS, "slice_plus", shifted, 3))
TOGETHER = (Kind(BOTH, "slice_both", scaled_and_shifted, 4),)
"""The relations of one number, and that of two, which says less."""

KINDS_OF_SLICES: tuple[Callable[[int], tuple[int, ...]], ...] = (
    lambda ndim: tuple(range(1, ndim)),
    lambda ndim: (0, *range(2, ndim)),
    lambda ndim: tuple(range(2, ndim)) if ndim == 4 else (),
    lambda ndim: (ndim - 1,) if ndim else (),
)
"""The axes along which a number may be the same, of a result with ``ndim`` axes; the largest slices come first."""


def of_slices(wrong: Sequence[Sight], kinds: Sequence[Kind]) -> Edit | None:
    """Return the relation that holds in every slice of all of these results, or None."""
    for kind in kinds:
        for axes_of in KINDS_OF_SLICES:
            found = [
                some for sight in wrong if (some := numbers(sight, kind, axes_of(sight.expected.ndim))) is not None
            ]
            if len(found) < len(wrong) or sum(map(differ, found)) < ENOUGH:
                continue
            several = [sight for sight, some in zip(wrong, found, strict=True) if differ(some)]
            telling = np.concatenate([some for some in found if differ(some)])
            axes = letters(several[0], *axes_of(several[0].expected.ndim))
            values = {"axes": axes, "least": rounded(telling.min()), "most": rounded(telling.max())}
            return Edit(kind.name, lambda _: None, kind.key, values)
    return None


def of_sums(wrong: Sequence[Sight]) -> Edit | None:
    """Return the fact that each slice of a gradient has the right sum, so that only its places are wrong; or None.

    Only a gradient that is 0 in some places shows this: in a dense one, the sum is often right for other reasons.
    """
    if any(sight.method != "backward" or (sight.expected != 0).all() for sight in wrong):
        return None
    for axes_of in KINDS_OF_SLICES:
        telling = 0
        for sight in wrong:
            axes = axes_of(sight.expected.ndim)
            right, got = (rows(values, axes).sum(1) for values in (sight.expected, sight.got)) if axes else ([], [1.0])
            largest = max(float(np.abs(sight.expected).max(initial=0.0)), float(np.abs(sight.got).max(initial=0.0)))
            if np.shape(right) != np.shape(got) or (np.abs(right - got) > 10 * sight.close * largest).any():
                break
            telling += len(right) > 1 and int((np.abs(right) > 0.01 * largest).sum()) > 1 and bool(differ(right))
        else:
            if telling >= ENOUGH:
                axes_of_first = letters(wrong[0], *axes_of(wrong[0].expected.ndim))
                return Edit(PLACES, lambda _: None, "slice_sums", {"axes": axes_of_first})
    return None


def differ(some: Array) -> bool:
    """Return whether the numbers of a result's slices are several and not the same."""
    return some.size > 1 and bool(np.ptp(some) > 1e-4 * np.abs(some).max())


def numbers(sight: Sight, kind: Kind, axes: tuple[int, ...]) -> Array | None:
    """Return the numbers of a result's telling slices along some axes, or None if the relation does not hold there."""
    if not axes or max(axes) >= sight.expected.ndim:
        return None
    right, got = rows(sight.expected, axes), rows(sight.got, axes)
    made, by = kind.fit(right, got)
    largest = max(sight.scale, float(np.abs(got).max(initial=0.0)))
    if (np.abs(made - got) > sight.close * largest).any():
        return None
    several = np.array([len(set(np.round(row, 6).tolist())) >= kind.many for row in right], bool)
    changed = (np.abs(right - got) > sight.close * largest).any(1)
    return np.asarray(by[several & changed])


def rows(values: Array, axes: tuple[int, ...]) -> Array:
    """Return the slices along some axes as rows."""
    moved = np.moveaxis(values, axes, range(-len(axes), 0))
    return moved.reshape(-1, int(np.prod([values.shape[a] for a in axes])))
