"""Edits that put the right numbers in other places, leave a part out, or collect an axis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

import numpy as np

from ncl_course.checking.naming.edit import Edit, bound
from ncl_course.checking.naming.sight import Array, Sight


def letters(sight: Sight, *axes: int) -> str:
    """Return the letters of some axes of a result; an axis without a letter has its number."""
    names = {4: ("N", "C", "H", "W"), 2: ("N", "D")}.get(sight.expected.ndim, ())
    return ", ".join(names[a] if names else str(a) for a in axes)


def moved(sight: Sight) -> Iterator[Edit]:
    """Yield edits that put the right numbers in other places."""
    axes = range(sight.expected.ndim)
    for a, b in combinations(axes, 2):
        values = {"axes": letters(sight, a, b)}
        yield Edit("axes-exchanged", bound(lambda s, a, b: s.expected.swapaxes(a, b), a, b), "exchanged", values)
        yield Edit("axes-exchanged", bound(lambda s, a, b: reread(s.expected, a, b), a, b), "reread", values)
        yield Edit("axes-exchanged", bound(lambda s, a, b: rewritten(s.expected, a, b), a, b), "reread", values)
    if len(axes) == 4:
        for arranged in (channels_last, channels_read_last):
            yield Edit("axes-exchanged", bound(lambda s, f: f(s.expected), arranged), "reread", {"axes": "C, H, W"})
    for a in axes:
        yield Edit(
            "order-reversed", bound(lambda s, a: np.flip(s.expected, a), a), "reversed", {"axis": letters(sight, a)}
        )
        for by in (1, -1):
            yield Edit(
                "shifted",
                bound(lambda s, a, by: np.roll(s.expected, by, a), a, by),
                "shifted",
                {"axis": letters(sight, a)},
            )
            yield Edit(
                "shifted",
                bound(lambda s, a, by: pushed(s.expected, by, a), a, by),
                "shifted",
                {"axis": letters(sight, a)},
            )
    if len(axes) > 1:
        yield Edit("order-reversed", lambda s: np.flip(s.expected), "reversed", {"axis": letters(sight, *axes)})
        last = (len(axes) - 2, len(axes) - 1)
        yield Edit("order-reversed", lambda s: np.flip(s.expected, last), "reversed", {"axis": letters(sight, *last)})


def channels_last(y: Array) -> Array:
    """Return the numbers in the order (N, H, W, C), read into the right shape."""
    return y.transpose(0, 2, 3, 1).reshape(y.shape)


def channels_read_last(y: Array) -> Array:
    """Return the numbers read as (N, H, W, C), in the right order of axes."""
    n, c, h, w = y.shape
    return y.reshape(n, h, w, c).transpose(0, 3, 1, 2)


def reread(y: Array, a: int, b: int) -> Array:
    """Exchange two axes, and read the numbers into the right shape in memory's order."""
    return y.swapaxes(a, b).reshape(y.shape)


def rewritten(y: Array, a: int, b: int) -> Array:
    """Read the numbers as if two axes were exchanged, and exchange them back."""
    shape = list(y.shape)
    shape[a], shape[b] = shape[b], shape[a]
    return y.reshape(shape).swapaxes(a, b)


def pushed(y: Array, by: int, axis: int) -> Array:
    """Shift by one along an axis; zeros come in at the other end."""
    moved = np.roll(y, by, axis)
    np.moveaxis(moved, axis, 0)[0 if by > 0 else -1] = 0
    return moved


def cut(sight: Sight) -> Iterator[Edit]:
    """Yield edits that leave zeros in a part of the result."""
    axes = range(sight.expected.ndim)
    for a in axes:
        for which, kept in KEPT:
            values = {"axis": letters(sight, a), "which": which}
            yield Edit("part-left-out", bound(lambda s, a, k: only(s.expected, (a,), k), a, kept), "kept", values)
    for a, b in combinations(axes, 2):
        for which, kept in KEPT:
            values = {"axis": letters(sight, a, b), "which": which}
            yield Edit("part-left-out", bound(lambda s, p, k: only(s.expected, p, k), (a, b), kept), "kept", values)


KEPT = (("0", slice(0, 1)), ("−1", slice(-1, None)), ("0 … −2", slice(0, -1)), ("1 … −1", slice(1, None)))
"""The indices along an axis that are computed, as they are shown and as Python takes them."""


def only(y: Array, axes: tuple[int, ...], kept: slice) -> Array:
    """Return the array with zeros outside the kept indices along some axes."""
    place = tuple(kept if a in axes else slice(None) for a in range(y.ndim))
    made = np.zeros_like(y)
    made[place] = y[place]
    return made


def alike(sight: Sight) -> Iterator[Edit]:
    """Yield edits in which the results along some axes are one result, or are collected in one."""
    ndim = sight.expected.ndim
    for count in range(1, ndim + 1):
        for axes in combinations(range(ndim), count):
            values = {"axes": letters(sight, *axes)}
            for collect in (np.sum, np.mean, np.max):
                yield Edit(
                    "same-along-axis", bound(lambda s, a, f: spread(s.expected, a, f), axes, collect), "same", values
                )
    for a in range(ndim):
        for n in (0, -1):
            values = {"axes": letters(sight, a)}
            yield Edit("same-along-axis", bound(lambda s, a, n: repeated(s.expected, a, n), a, n), "same", values)


def spread(y: Array, axes: tuple[int, ...], collect: Callable[..., Array]) -> Array:
    """Collect the numbers along axes in one, and repeat it there."""
    return np.broadcast_to(collect(y, axis=axes, keepdims=True), y.shape)


def repeated(y: Array, axis: int, n: int) -> Array:
    """Repeat the slice number n along an axis."""
    return np.broadcast_to(np.take(y, [n], axis), y.shape)
