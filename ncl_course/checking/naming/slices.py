"""Find a number that a wrong result shares along some axes: each slice is right up to a factor, a summand, or both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ncl_course.checking.naming.arranged import letters
from ncl_course.checking.naming.edit import Edit
from ncl_course.checking.naming.edits import rounded
from ncl_course.checking.naming.sight import Array, Sight

TIMES, PLUS, BOTH = "slices-scaled", "slices-shifted", "slices-scaled-and-shifted"
NAMES = (TIMES, PLUS, BOTH)
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

AXES = {4: ((1, 2, 3), (0, 2, 3), (2, 3)), 3: ((1, 2), (0, 2), (2,)), 2: ((1,), (0,))}
"""Axes along which a number may be the same, by the number of axes; the largest slices come first."""


def of_slices(wrong: Sequence[Sight], kinds: Sequence[Kind]) -> Edit | None:
    """Return the relation that holds in every slice of all of these results, or None."""
    for kind in kinds:
        for along in range(len(AXES[4])):
            found = list(numbers(wrong, kind, along))
            if len(found) != len(wrong):
                continue
            telling = np.concatenate([some for some, _ in found])
            if sum(differ(some) for some, _ in found) >= ENOUGH:
                values = {"axes": found[0][1], "least": rounded(telling.min()), "most": rounded(telling.max())}
                return Edit(kind.name, lambda _: None, kind.key, values)
    return None


def differ(some: Array) -> bool:
    """Return whether the numbers of a result's slices are several and not the same."""
    return some.size > 1 and bool(np.ptp(some) > 1e-3 * np.abs(some).max())


def numbers(wrong: Sequence[Sight], kind: Kind, along: int) -> Iterator[tuple[Array, str]]:
    """Yield for each result in which the relation holds the numbers of its telling slices, and the slices' axes."""
    for sight in wrong:
        choices = AXES.get(sight.expected.ndim, ())
        if along >= len(choices):
            return
        axes = choices[along]
        right, got = rows(sight.expected, axes), rows(sight.got, axes)
        made, by = kind.fit(right, got)
        largest = max(sight.scale, float(np.abs(got).max(initial=0.0)))
        if (np.abs(made - got) > sight.close * largest).any():
            return
        several = np.array([len(set(np.round(row, 6).tolist())) >= kind.many for row in right], bool)
        changed = (np.abs(right - got) > sight.close * largest).any(1)
        yield by[several & changed], letters(sight, *axes)


def rows(values: Array, axes: tuple[int, ...]) -> Array:
    """Return the slices along some axes as rows."""
    moved = np.moveaxis(values, axes, range(-len(axes), 0))
    return moved.reshape(-1, int(np.prod([values.shape[a] for a in axes])))
