"""The formula of a result that is one number, a count or a loss: found by trying short ones in all cases at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import permutations

import numpy as np

from ncl_course.checking.naming.edit import Edit
from ncl_course.checking.naming.formulas import of_exercise
from ncl_course.checking.naming.sight import Array, Sight

OPERATIONS: tuple[tuple[str, Callable[[Array, Array], Array]], ...] = (
    ("{a} + {b}", np.add),
    ("{a} - {b}", np.subtract),
    ("{b} - {a}", lambda a, b: b - a),
    ("{a} * {b}", np.multiply),
    ("{a} // {b}", np.floor_divide),
    ("ceil({a} / {b})", lambda a, b: -(-a // b)),
    ("{a} / {b}", lambda a, b: a / b),
    ("round({a} / {b})", lambda a, b: np.round(a / b)),
)
CONSTANTS = (1, 2, 3, 4)
ADDED = (1, 2, -1, -2)
"""Numbers to add at the end of a longer formula."""


def counts(sights: Sequence[Sight]) -> Edit | None:
    """Return the short formula that gives all these numbers, wrong and right ones; None if there is none.

    A formula has up to four of the function's arguments and small whole numbers.
    """
    got = np.array([float(sight.got) for sight in sights])
    names = list(sights[0].numbers)
    if not names or len(set(got.tolist())) < 4 or any(list(sight.numbers) != names for sight in sights):
        return None
    first = {name: np.array([sight.numbers[name] for sight in sights]) for name in names}
    first |= {str(n): np.full(len(sights), float(n)) for n in CONSTANTS}
    with np.errstate(all="ignore"):
        second = unlike(joined(first, first))
        third = unlike(joined(second, first))
        for words, values in (*first.items(), *second.items(), *third.items()):
            if np.array_equal(values, got):
                return named(words)
        for words, values in third.items():
            for by in ADDED:
                if np.array_equal(values + by, got):
                    return named(added(words, by))
        inner = {added(words, by): values + by for words, values in second.items() for by in ADDED}
        for words, values in joined(inner, first):
            for by in (0, *ADDED):
                if np.array_equal(values + by, got):
                    return named(added(words, by) if by else words)
    return None


def sums(wrong: Sequence[Sight]) -> Iterator[Edit]:
    """Yield the sums and differences of two terms of the exercise that give all these numbers."""
    if wrong[0].expected.ndim or len(wrong) < MANY:
        return
    got = np.array([float(sight.got) for sight in wrong])
    table = [of_exercise(sight) for sight in wrong]
    terms = {
        name: np.array([float(row[name]) for row in table]) for name in table[0] if all(name in row for row in table)
    }
    close = max(sight.close for sight in wrong) * np.maximum(1.0, np.abs(got))
    for a, b in permutations(terms, 2):
        for words, operation in SUMS:
            if (np.abs(operation(terms[a], terms[b]) - got) <= close).all():
                yield Edit(
                    "another-formula", partial(summed, a, b, operation), "formula", {"formula": words.format(a=a, b=b)}
                )


MANY = 4
"""The number of wrong results that a sum of two terms must give, to exclude a coincidence."""
SUMS: tuple[tuple[str, Callable[[Array, Array], Array]], ...] = (("{a} + {b}", np.add), ("{a} − {b}", np.subtract))


def summed(a: str, b: str, operation: Callable[[Array, Array], Array], sight: Sight) -> Array | None:
    """Return the sum of two terms in one case."""
    terms = of_exercise(sight)
    return operation(terms[a], terms[b]) if a in terms and b in terms else None


def added(words: str, by: int) -> str:
    """Return a formula with a whole number added."""
    return f"({words}) {'+' if by > 0 else '-'} {abs(by)}"


def named(words: str) -> Edit:
    """Return a fact about a formula; its number was compared already."""
    return Edit("another-formula", lambda _: None, "formula", {"formula": words})


def joined(left: dict[str, Array], right: dict[str, Array]) -> Iterator[tuple[str, Array]]:
    """Yield every operation with one formula of each kind."""
    for a, x in left.items():
        inner = f"({a})" if " " in a and not a.startswith(("ceil", "round")) else a
        for b, y in right.items():
            for words, operation in OPERATIONS:
                yield words.format(a=inner, b=b), operation(x, y)


def unlike(formulas: Iterator[tuple[str, Array]]) -> dict[str, Array]:
    """Return formulas with different results, the first of those that have the same."""
    seen: set[bytes] = set()
    found = {}
    for words, values in formulas:
        key = values.tobytes()
        if key not in seen and np.isfinite(values).all():
            seen.add(key)
            found[words] = values
    return found
