"""Generic edits of a right result: what a layer returns if one thing in its formula is lost, added or exchanged.

An edit takes a ``Sight`` and returns the wrong result that it gives there, or None where it means nothing. Edits cost
no oracle: they are computed from the right result and the arrays of its case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np

from ncl_course.checking.naming.factors import factors
from ncl_course.checking.naming.sight import Array, Sight

Formula = Callable[[Sight], Array | None]


def bound(formula: Callable[..., Array | None], *values: Any) -> Formula:
    """Return a formula whose other arguments are these."""
    return lambda sight: formula(sight, *values)


@dataclass(frozen=True)
class Edit:
    """An edit with the misconception that it shows, the key of the sentence on it, and the values in the sentence."""

    name: str
    formula: Formula
    key: str
    values: dict[str, str] = field(default_factory=dict)


def edits(sight: Sight) -> Iterator[Edit]:
    """Yield every edit that means something for a result like this one, the simplest first."""
    yield from replaced(sight)
    yield Edit("sign-reversed", lambda s: -s.expected, "sign")
    yield from scaled(sight)
    yield from elementwise()
    yield from with_arrays(sight)
    if sight.expected.ndim:
        yield from moved(sight)
        yield from cut(sight)
        yield from alike(sight)
    else:
        yield from (counted(by) for by in (1, -1, 2, -2))


def letters(sight: Sight, *axes: int) -> str:
    """Return the letters of some axes of a result; an axis without a letter has its number."""
    names = {4: ("N", "C", "H", "W"), 2: ("N", "D")}.get(sight.expected.ndim, ())
    return ", ".join(names[a] if names else str(a) for a in axes)


def counted(by: int) -> Edit:
    """Return the edit that counts some too many or too few."""
    return Edit("off-by-one", lambda s: s.expected + by, "plus", {"by": f"{by:+d}".replace("-", "−")})


def replaced(sight: Sight) -> Iterator[Edit]:
    """Yield edits in which another array of the case is returned."""
    yield Edit("zeros-returned", lambda s: np.zeros_like(s.expected), "zeros")
    for name in sight.arrays:
        yield Edit("argument-returned", bound(lambda s, n: s.arrays.get(n), name), "argument", {"name": name})
        yield Edit(
            "argument-returned", bound(lambda s, n: negated(s.arrays.get(n)), name), "argument", {"name": f"−{name}"}
        )
    for other in sight.others:
        yield Edit("another-result", bound(lambda s, n: s.others.get(n), other), "another", {"name": other})
    yield Edit("ones-returned", lambda s: np.ones_like(s.expected), "ones")


def negated(values: Array | None) -> Array | None:
    """Return the array with the other sign."""
    return None if values is None else -values


def scaled(sight: Sight) -> Iterator[Edit]:
    """Yield edits by a factor."""
    for name in factors(sight):
        yield Edit("factor-wrong", bound(times, name), "factor", {"factor": name})
    yield from fitted(sight)


def fitted(sight: Sight) -> Iterator[Edit]:
    """Yield the edit by the factor that fits this result best, whatever it is."""
    right, got = sight.expected.ravel(), sight.got.ravel()
    length = float(right @ right)
    if length:
        factor = float(right @ got) / length
        yield Edit("factor-wrong", lambda s: s.expected * factor, "factor", {"factor": rounded(factor)})


def rounded(number: float) -> str:
    """Return a number with four digits and a true minus sign, as sentences on a relation say it."""
    return f"{number:.4g}".replace("-", "−")


def times(sight: Sight, name: str) -> Array | None:
    """Return the right result times the factor of that name."""
    factor = factors(sight).get(name)
    return None if factor is None else sight.expected * factor


FUNCTIONS: tuple[tuple[str, Callable[[Array], Array]], ...] = (
    ("|y|", np.abs),
    ("−|y|", lambda y: -np.abs(y)),
    ("y²", np.square),
    ("y³", lambda y: y**3),
    ("√y", np.sqrt),
    ("1/y", np.reciprocal),
    ("1/y²", lambda y: y**-2.0),
    ("1/√y", lambda y: y**-0.5),
    ("e^y", np.exp),
    ("ln y", np.log),
    ("1 − y", lambda y: 1 - y),
    ("1 + y", lambda y: 1 + y),
    ("y − 1", lambda y: y - 1),
    ("max(y, 0)", lambda y: np.maximum(y, 0)),
    ("min(y, 0)", lambda y: np.minimum(y, 0)),
    ("tanh y", np.tanh),
)
"""Functions of the right result y."""


def decimals(digits: int, y: Array) -> Array:
    """Round to some digits after the point."""
    return np.round(y, digits)


ROUNDINGS: tuple[Callable[[Array], Array], ...] = (
    *(np.trunc, np.round, np.floor, np.ceil),
    *(partial(decimals, digits) for digits in (1, 2, 3, 4, 5)),
)


def elementwise() -> Iterator[Edit]:
    """Yield edits by a function of each number."""
    for name, function in FUNCTIONS:
        yield Edit("function-added", bound(lambda s, f: f(s.expected), function), "function", {"function": name})
    for rounding in ROUNDINGS:
        yield Edit("rounded", bound(lambda s, f: f(s.expected), rounding), "rounded")


def with_arrays(sight: Sight) -> Iterator[Edit]:
    """Yield edits that multiply by an array of the case, divide by it, add or subtract it."""
    for name in sight.arrays:
        for sign, operation in OPERATIONS:
            values = {"name": name, "sign": sign}
            yield Edit("array-wrong", bound(beside, name, operation), "array", values)
        yield Edit("array-wrong", bound(beside, name, lambda y, a: a - y), "array", {"name": name, "sign": "· (−1) +"})


OPERATIONS: tuple[tuple[str, Callable[[Array, Array], Array]], ...] = (
    ("·", lambda y, a: y * a),
    ("/", lambda y, a: y / a),
    ("+", lambda y, a: y + a),
    ("−", lambda y, a: y - a),
    ("− 2 ·", lambda y, a: y - 2 * a),
    ("/ −", lambda y, a: -y / a),
    ("· −", lambda y, a: -y * a),
)


def beside(sight: Sight, name: str, operation: Callable[[Array, Array], Array]) -> Array | None:
    """Return the right result with an array of the case, which stands along the channels if it has one axis."""
    other, y = sight.arrays.get(name), sight.expected
    if other is None or not other.size:
        return None
    if other.ndim == 1 and y.ndim > 1 and other.shape[0] in (1, y.shape[1]):
        other = other.reshape(-1, *(1,) * (y.ndim - 2))
    try:
        made = operation(y, other)
    except ValueError:
        return None
    return made if made.shape == y.shape else None


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
