"""Find the place of a wrong result: one side of 0, or some indices of an axis; and edits that hold only there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ncl_course.checking.naming.arranged import letters
from ncl_course.checking.naming.edit import Edit, bound
from ncl_course.checking.naming.edits import elementwise, replaced, rounded, scaled, with_arrays
from ncl_course.checking.naming.formulas import ENOUGH, formulas
from ncl_course.checking.naming.sight import Array, Sight

Mask = NDArray[np.bool_]
COMPARISONS: tuple[tuple[str, Callable[[Array], Mask]], ...] = (
    ("< 0", lambda a: a < 0),
    ("> 0", lambda a: a > 0),
    ("= 0", lambda a: a == 0),
    ("≤ 0", lambda a: a <= 0),
    ("≥ 0", lambda a: a >= 0),
)
"""The sides of 0."""


def side(sight: Sight, name: str, compare: Callable[[Array], Mask]) -> Mask | None:
    """Return where an array of the case lies on that side of 0; None if its shape is not that of the result."""
    values = sight.arrays.get(name)
    return compare(values) if values is not None and values.shape == sight.expected.shape and values.ndim else None


def sides(wrong: Sequence[Sight]) -> Iterator[tuple[str, str, Callable[[Array], Mask]]]:
    """Yield the sides of the arrays outside which all of these results are right, and inside which many are wrong."""
    for name in ("x", "grad_out"):
        for words, compare in COMPARISONS:
            masks = [side(sight, name, compare) for sight in wrong]
            if any(mask is None or (sight.wrong & ~mask).any() for mask, sight in zip(masks, wrong, strict=True)):
                continue
            inside = sum(int(mask.sum()) for mask in masks if mask is not None)
            outside = sum(mask.size for mask in masks if mask is not None) - inside
            if 4 * outside >= inside and 2 * sum(int(sight.wrong.sum()) for sight in wrong) >= inside:
                yield name, words, compare


def simple(sight: Sight) -> Iterator[Edit]:
    """Yield the edits that can hold in a part of a result."""
    yield from (*replaced(sight), *scaled(sight), *with_arrays(sight), *elementwise())


def on_one_side(wrong: Sequence[Sight]) -> Iterator[Edit]:
    """Yield the edits that hold on one side of 0 only."""
    for name, words, compare in sides(wrong):
        for edit in simple(wrong[0]):
            values = {**edit.values, "side": f"{name} {words}"}
            yield replace(edit, formula=bound(partly, edit, name, compare), values=values)
        first = next((sight for sight in wrong if sight.wrong.sum() >= ENOUGH), wrong[0])
        for edit in formulas(first, side(first, name, compare)):
            values = {**edit.values, "side": f"{name} {words}"}
            yield replace(edit, formula=bound(partly, edit, name, compare), values=values)


def partly(sight: Sight, edit: Edit, name: str, compare: Callable[[Array], Mask]) -> Array | None:
    """Return the right result with an edit on one side of 0."""
    mask, values = side(sight, name, compare), edit.made(sight)
    if mask is None or values is None:
        return None
    return np.where(mask, values, sight.expected) if values.shape == mask.shape else None


PARTS: tuple[tuple[str, slice], ...] = (
    ("{n} = 0", slice(0, 1)),
    ("{n} > 0", slice(1, None)),
    ("{n} = {N} − 1", slice(-1, None)),
    ("{n} < {N} − 1", slice(0, -1)),
)
"""The indices n of an axis of length N at which a result may be wrong."""


def parts(wrong: Sequence[Sight]) -> Iterator[tuple[str, int, slice]]:
    """Yield the slices outside which all of these results are right, and inside which most are wrong."""
    ndim = wrong[0].expected.ndim
    if any(sight.expected.ndim != ndim for sight in wrong):
        return
    for axis in range(ndim):
        long = [sight for sight in wrong if sight.expected.shape[axis] > 1]
        for words, kept in PARTS:
            if len(long) < ENOUGH_CASES or any((sight.wrong & ~within(sight, axis, kept)).any() for sight in wrong):
                continue
            if all(
                2 * (sight.wrong & within(sight, axis, kept)).sum() >= within(sight, axis, kept).sum() for sight in long
            ):
                letter = letters(wrong[0], axis)
                yield words.format(n=letter.lower() if letter.isalpha() else f"i{letter}", N=letter), axis, kept


ENOUGH_CASES = 2
"""The number of results that must show a part, to exclude a coincidence."""


def within(sight: Sight, axis: int, kept: slice) -> Mask:
    """Return the places of a result whose index along an axis is kept."""
    mask = np.zeros(sight.expected.shape, bool)
    mask[(slice(None),) * axis + (kept,)] = True
    return mask


def in_one_part(wrong: Sequence[Sight]) -> Iterator[Edit]:
    """Yield the edits that hold at some indices of an axis only."""
    for words, axis, kept in parts(wrong):
        for edit in simple(wrong[0]):
            yield replace(edit, formula=bound(inside, edit, axis, kept), values={**edit.values, "side": words})


def inside(sight: Sight, edit: Edit, axis: int, kept: slice) -> Array | None:
    """Return the right result with an edit at some indices of an axis."""
    values = edit.made(sight)
    if values is None or values.shape != sight.expected.shape or axis >= sight.expected.ndim:
        return None
    return np.where(within(sight, axis, kept), values, sight.expected)


def located(wrong: Sequence[Sight]) -> Edit | None:
    """Return a fact about where all of these results are wrong, if they share one; it says nothing of the cause."""
    nothing = lambda _: None  # noqa: E731 - a fact about places has no formula
    for name, words, _ in sides(wrong):
        return Edit("wrong-on-one-side", nothing, "side", {"side": f"{name} {words}"})
    for words, _, _ in parts(wrong):
        return Edit("part-wrong", nothing, "side", {"side": words})
    for name in ("x", "grad_out"):
        words = in_a_range(wrong, name)
        if words:
            return Edit("wrong-in-a-range", nothing, "side", {"side": words})
    return None


def in_a_range(wrong: Sequence[Sight], name: str) -> str:
    """Return the range of an array's numbers outside which all of these results are right; empty if there is none."""
    arrays = [sight.arrays.get(name) for sight in wrong]
    if any(a is None or a.shape != sight.expected.shape for a, sight in zip(arrays, wrong, strict=True)):
        return ""
    values = np.concatenate([np.ravel(a) for a in arrays if a is not None])
    mask = np.concatenate([sight.wrong.ravel() for sight in wrong])
    inside, outside = np.unique(values[mask]), np.unique(values[~mask])
    if min(inside.size, outside.size) < ENOUGH or ((inside[0] <= outside) & (outside <= inside[-1])).any():
        return ""
    low = f"{rounded(inside[0])} ≤ " if (outside < inside[0]).any() else ""
    high = f" ≤ {rounded(inside[-1])}" if (outside > inside[-1]).any() else ""
    return f"{low}{name}{high}" if high or not low else f"{name} ≥ {rounded(inside[0])}"
