"""Generic edits of a right result: what a layer returns if one thing in its formula is lost, added or exchanged.

An edit takes a ``Sight`` and returns the wrong result that it gives there, or None where it means nothing. Edits cost
no oracle: they are computed from the right result and the arrays of its case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from ncl_course.checking.naming.arranged import alike, cut, moved
from ncl_course.checking.naming.edit import Edit, bound
from ncl_course.checking.naming.factors import factors
from ncl_course.checking.naming.sight import Array, Sight


def edits(sight: Sight) -> Iterator[Edit]:
    """Yield every edit that means something for a result like this one, the simplest first."""
    yield from replaced(sight)
    yield Edit("sign-reversed", lambda s: -s.expected, "sign")
    yield from scaled(sight)
    yield from elementwise()
    yield from clipped(sight)
    yield from with_arrays(sight)
    if sight.expected.ndim:
        yield from moved(sight)
        yield from cut(sight)
        yield from alike(sight)
    else:
        yield from (counted(by) for by in (1, -1, 2, -2))


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
    """Yield the edits by the factor, by the summand and by both that fit this result best, whatever they are."""
    right, got = sight.expected.ravel(), sight.got.ravel()
    length = float(right @ right)
    if length:
        factor = float(right @ got) / length
        yield Edit("factor-wrong", lambda s: s.expected * factor, "factor", {"factor": rounded(factor)})
        yield from straight_line(right, got)
    if right.size:
        by = float(got.mean() - right.mean())
        words = {"function": f"y {'−' if by < 0 else '+'} {rounded(abs(by))}"}
        yield Edit("function-added", lambda s: s.expected + by, "function", words)


def straight_line(right: Array, got: Array) -> Iterator[Edit]:
    """Yield the edit by the factor and the summand that together fit a result of several different numbers best."""
    centred = right - right.mean()
    length = float(centred @ centred)
    if length and np.unique(np.round(right, 6)).size > MANY:
        factor = float(centred @ got) / length
        by = float(got.mean() - factor * right.mean())
        words = f"{rounded(factor)} · y {'−' if by < 0 else '+'} {rounded(abs(by))}"
        yield Edit("function-added", lambda s: factor * s.expected + by, "function", {"function": words})


MANY = 3
"""A factor and a summand can be had from this many numbers by coincidence."""


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


def clipped(sight: Sight) -> Iterator[Edit]:
    """Yield the edits that cut numbers off beyond the largest or the smallest number of this result.

    Some different numbers have to lie between the two: any answer of two numbers can be had by cutting off.
    """
    if not sight.got.size:
        return
    high, low = float(sight.got.max()), float(sight.got.min())
    if np.unique(sight.got[(low < sight.got) & (sight.got < high)]).size < 2:
        return
    for name, function in (
        (f"min(y, {rounded(high)})", lambda y: np.minimum(y, high)),
        (f"max(y, {rounded(low)})", lambda y: np.maximum(y, low)),
        (f"max({rounded(low)}, min(y, {rounded(high)}))", lambda y: np.clip(y, low, high)),
    ):
        yield Edit("function-added", bound(lambda s, f: f(s.expected), function), "function", {"function": name})


def with_arrays(sight: Sight) -> Iterator[Edit]:
    """Yield edits that multiply by an array of the case, divide by it, add or subtract it."""
    for name in sight.arrays:
        for words, operation in OPERATIONS:
            yield Edit("array-wrong", bound(beside, name, operation), "function", {"function": words.format(name=name)})
        yield from multiple_added(sight, name)


def multiple_added(sight: Sight, name: str) -> Iterator[Edit]:
    """Yield the edit that adds an array of the case times the number that fits this result best."""
    array = beside(sight, name, lambda y, a: a + 0 * y)
    length = 0.0 if array is None else float((array * array).sum())
    if array is not None and length:
        by = float((array * (sight.got - sight.expected)).sum()) / length
        words = {"function": f"y {'−' if by < 0 else '+'} {rounded(abs(by))} · {name}"}
        yield Edit("array-wrong", bound(beside, name, lambda y, a: y + by * a), "function", words)


OPERATIONS: tuple[tuple[str, Callable[[Array, Array], Array]], ...] = (
    ("y · {name}", lambda y, a: y * a),
    ("y / {name}", lambda y, a: y / a),
    ("y + {name}", lambda y, a: y + a),
    ("y − {name}", lambda y, a: y - a),
    ("y − 2 · {name}", lambda y, a: y - 2 * a),
    ("−y / {name}", lambda y, a: -y / a),
    ("−y · {name}", lambda y, a: -y * a),
    ("{name} − y", lambda y, a: a - y),
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
