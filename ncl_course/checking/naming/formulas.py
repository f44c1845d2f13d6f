"""Short formulas of an elementwise function's numbers: products, sums and differences of two of them.

A student's wrong result is often such a formula, and seeing it written down is half of the way to the mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from ncl_course.checking.naming.edit import Edit, bound
from ncl_course.checking.naming.factors import factors, sizes
from ncl_course.checking.naming.other_activations import Atom, activations, applied
from ncl_course.checking.naming.sight import Array, Sight
from ncl_course.exercises import find

UNARY: tuple[tuple[str, Callable[[Array], Array]], ...] = (
    ("{a}", lambda a: a),
    ("(1 − {a})", lambda a: 1 - a),
    ("(1 + {a})", lambda a: 1 + a),
    ("{a}²", lambda a: a * a),
    ("(1 − {a}²)", lambda a: 1 - a * a),
    ("(1 + {a}²)", lambda a: 1 + a * a),
    ("e^{a}", np.exp),
    ("e^(−{a})", lambda a: np.exp(-a)),
    ("(1 + e^{a})", lambda a: 1 + np.exp(a)),
    ("(1 + e^(−{a}))", lambda a: 1 + np.exp(-a)),
    ("|{a}|", np.abs),
    ("max({a}, 0)", lambda a: np.maximum(a, 0)),
    ("min({a}, 0)", lambda a: np.minimum(a, 0)),
    ("[{a} > 0]", lambda a: (a > 0) * 1.0),
    ("[{a} < 0]", lambda a: (a < 0) * 1.0),
    ("sign {a}", np.sign),
    ("e^(−|{a}|)", lambda a: np.exp(-np.abs(a))),
    ("(1 + e^(−|{a}|))", lambda a: 1 + np.exp(-np.abs(a))),
    ("e^(2{a})", lambda a: np.exp(2 * a)),
    ("(1 + e^(−2{a}))", lambda a: 1 + np.exp(-2 * a)),
    ("(1 − e^(−2{a}))", lambda a: 1 - np.exp(-2 * a)),
    ("(1 − e^(−2|{a}|))", lambda a: 1 - np.exp(-2 * np.abs(a))),
    ("(1 + e^(−2|{a}|))", lambda a: 1 + np.exp(-2 * np.abs(a))),
)
"""Functions of one array."""

Operation = Callable[[Array, Array], Array]

BINARY: tuple[tuple[str, Operation], ...] = (
    ("{a} · {b}", np.multiply),
    ("{a} / {b}", np.divide),
    ("{b} / {a}", lambda a, b: b / a),
    ("{a} + {b}", np.add),
    ("{a} − {b}", np.subtract),
    ("{b} − {a}", lambda a, b: b - a),
)
"""Operations with two of them."""


def atoms(sight: Sight) -> Iterator[tuple[str, Atom]]:
    """Yield the numbers that can be part of a formula: the exercise's numbers, and functions of input and output."""
    if len(of_exercise(sight)):
        yield from terms(sight)
        return
    yield "1", lambda s: np.ones_like(s.expected)
    for name in sight.numbers:
        yield name, bound(lambda s, n: np.full_like(s.expected, s.numbers[n]), name)
        yield f"(1 − {name})", bound(lambda s, n: np.full_like(s.expected, 1 - s.numbers[n]), name)
    if same(sight, sight.arrays.get("grad_out")):
        yield "grad_out", lambda s: s.arrays.get("grad_out")
    arrays = ["x"] if same(sight, sight.arrays.get("x")) else []
    if same(sight, sight.others.get("forward")):
        arrays.append("y")
    for name in arrays:
        for words, function in UNARY:
            yield words.format(a=name), partial(applied, name, function)


def terms(sight: Sight) -> Iterator[tuple[str, Atom]]:
    """Yield the terms of the exercise's result."""
    for name in of_exercise(sight):
        yield name, bound(lambda s, n: of_exercise(s).get(n), name)


def multiples(sight: Sight) -> Iterator[tuple[str, Atom]]:
    """Yield the terms times a size of the case or over it."""
    for name in of_exercise(sight):
        for factor in factors(sight):
            if factor in sizes(sight) or factor[:2] == "1/":
                yield f"{factor} · {name}", bound(scaled_term, name, factor)


def times(values: Array | None, factor: float | None) -> Array | None:
    """Return an array times a factor, if both are there."""
    return None if values is None or factor is None else values * factor


def of_exercise(sight: Sight) -> Mapping[str, Array]:
    """Return the exercise's own terms for a result."""
    found: Mapping[str, Array] = sight.once("terms", by_oracle)
    return found


def by_oracle(sight: Sight) -> Mapping[str, Array]:
    """Let the room's oracles compute the terms, if that room has some."""
    exercise = find(sight.exercise)
    found: Mapping[str, Array] = exercise.terms(sight) if exercise is not None and exercise.terms else {}
    return found


def same(sight: Sight, values: Array | None) -> bool:
    """Return whether an array has the shape of the result, so that it may be in an elementwise formula."""
    return values is not None and values.ndim > 0 and values.shape == sight.expected.shape


def alternatives(first: Sight) -> Iterator[Edit]:
    """Yield the results that the exercise's own terms are by themselves."""
    for words, atom in chain(terms(first), scaled_terms(first)):
        yield Edit("another-formula", atom, "formula", {"formula": words})
    exercise = find(first.exercise)
    if getattr(exercise and exercise.oracle, "elementwise", False) and not of_exercise(first):
        for words, atom in activations(first):
            yield Edit("another-formula", atom, "formula", {"formula": words})


def scaled_terms(first: Sight) -> Iterator[tuple[str, Atom]]:
    """Yield the terms that give this wrong result when they are multiplied by a factor of the case."""
    for name in of_exercise(first):
        values = of_exercise(first).get(name)
        if values is None or values.shape != first.got.shape or not np.isfinite(values).all():
            continue
        length = float((values * values).sum())
        by = float((values * first.got).sum()) / length if length else 0.0
        for factor, number in factors(first).items():
            if by and abs(number - by) <= first.close * abs(by):
                yield f"{factor} · {name}", bound(scaled_term, name, factor)


def scaled_term(sight: Sight, name: str, factor: str) -> Array | None:
    """Return a term times a factor."""
    return times(of_exercise(sight).get(name), factors(sight).get(factor))


def formulas(first: Sight, mask: NDArray[np.bool_] | None = None) -> Iterator[Edit]:
    """Yield the formulas that give this wrong result, or the part of it in the mask: with grad_out as a factor or not.

    All of them are first tried in a few places at once.
    """
    if first.method in ("forward", "backward") and len(of_exercise(first)) > MOST_TERMS:
        return
    simple, more = available(first, atoms(first)), available(first, multiples(first))
    upstream = first.arrays.get("grad_out")
    with_factor = not more and upstream is not None and upstream.shape == first.got.shape  # terms have it already
    for factor in ("grad_out · ", "") if with_factor else ("",):
        among = np.ones(first.got.shape, bool) if mask is None else mask.copy()
        if factor:
            among &= upstream != 0
        points = places(first.got, among)
        if len(points) < ENOUGH or not simple:
            continue
        target = first.got.ravel()[points] / (upstream.ravel()[points] if factor else 1)  # type: ignore[union-attr]
        for words, operation, number, left, fit in fitting(first, points, target, simple, more):
            for a, b in sorted(fit, key=sum)[:MOST]:
                inner = said(words, left[a][0], simple[b][0])
                before = f"{number} · " * bool(number) + factor
                whole = f"{before}({inner})" if before and ("+" in words or "−" in words) else before + inner
                made = partial(combined, left[a][1], simple[b][1], operation, bool(factor), number)
                yield Edit("another-formula", made, "formula", {"formula": whole})


def said(words: str, a: str, b: str) -> str:
    """Return a formula of two atoms; a factor or a divisor 1 is not said."""
    if words == "{a} · {b}" and "1" in (a, b):
        return b if a == "1" else a
    return a if words == "{a} / {b}" and b == "1" else words.format(a=a, b=b)


Available = list[tuple[str, Atom, Array]]
"""Atoms with their names and their values in one result."""


def fitting(
    first: Sight, points: NDArray[np.int_], target: Array, simple: Available, more: Available
) -> Iterator[tuple[str, Operation, str, Available, list[tuple[int, int]]]]:
    """Yield each operation with the pairs of atoms that give the target in some places, then again times each factor.

    The pairs without a factor come first, so that the simplest formula is said. Each item has the operation's words,
    the operation, the factor's name, the atoms on the left, and the pairs: the numbers of a left and a simple atom.
    """
    close = first.close * float(np.abs(target).max())
    right = np.array([values.ravel()[points] for _, _, values in simple]).T
    left = np.array([values.ravel()[points] for _, _, values in (*simple, *more)]).T
    for words, operation in BINARY:
        yield words, operation, "", [*simple, *more], pairs(operation, left, right, 1.0, target, close)
    for words, operation in BINARY:
        for name, number in factors(first).items():
            yield words, operation, name, simple, pairs(operation, right, right, number, target, close)


def pairs(
    operation: Operation, left: Array, right: Array, factor: float, target: Array, close: float
) -> list[tuple[int, int]]:
    """Return the pairs of atoms whose result times a factor is close to the target in every place.

    The arrays have the places along axis 0. The first place excludes nearly all pairs, so only the others are computed
    in all places.
    """
    a, b = np.nonzero(np.abs(operation(left[0][:, None], right[0]) * factor - target[0]) <= close)
    fit = (np.abs(operation(left[:, a], right[:, b]) * factor - target[:, None]) <= close).all(0)
    return list(zip(a[fit].tolist(), b[fit].tolist(), strict=True))


def available(sight: Sight, named: Iterator[tuple[str, Atom]]) -> Available:
    """Return the atoms that have the shape of a result, and their values."""
    made = [(words, atom, atom(sight)) for words, atom in named]
    return [(words, atom, values) for words, atom, values in made if same(sight, values) and values is not None]


MOST_TERMS = 89
"""An exercise with more terms has whole results for terms, and not summands."""
MOST = 6
"""The number of formulas of one kind that are tried in all cases, the simplest first."""
ENOUGH = 3
"""The number of places in which a formula must give a result, to exclude a coincidence."""


def places(values: Array, among: NDArray[np.bool_]) -> NDArray[np.int_]:
    """Return up to five flat indices of different numbers."""
    allowed = np.flatnonzero(among)
    _, first = np.unique(np.round(values.ravel()[allowed], 9), return_index=True)
    return allowed[np.sort(first)][:: max(1, len(first) // 5)][:5]


def combined(one: Atom, two: Atom, operation: Operation, upstream: bool, factor: str, sight: Sight) -> Array | None:
    """Return a formula's result, times the upstream gradient and times a factor if it has them."""
    left, right = one(sight), two(sight)
    number = factors(sight).get(factor) if factor else 1.0
    if left is None or right is None or number is None:
        return None
    made: Array = operation(left, right) * number
    grad_out = sight.arrays.get("grad_out")
    if not upstream:
        return made
    return made * grad_out if grad_out is not None and grad_out.shape == made.shape else None
