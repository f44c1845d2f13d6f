"""Name a result of a wrong shape by how its shape and the right one are related."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ncl_course.checking.compare import Difference
from ncl_course.checking.naming.edits import Edit

Shape = tuple[int, ...]


def is_one_number(got: Shape, right: Shape) -> bool:
    """Return whether all axes are lost."""
    return not got and bool(right)


def has_axes_of_one(got: Shape, right: Shape) -> bool:
    """Return whether only axes of length 1 are lost or kept, as without ``keepdims`` or with it."""
    return got != right and [n for n in got if n != 1] == [n for n in right if n != 1]


def is_transposed(got: Shape, right: Shape) -> bool:
    """Return whether axes are exchanged."""
    return got != right and sorted(got) == sorted(right)


def is_regrouped(got: Shape, right: Shape) -> bool:
    """Return whether all numbers are there."""
    return int(np.prod(got)) == int(np.prod(right))


def is_shorter(got: Shape, right: Shape) -> bool:
    """Return whether some axes are one shorter."""
    return len(got) == len(right) and all(b - a in (0, 1) for a, b in zip(got, right, strict=True))


def is_longer(got: Shape, right: Shape) -> bool:
    """Return whether some axes are one longer."""
    return is_shorter(right, got)


def has_fewer_axes(got: Shape, right: Shape) -> bool:
    """Return whether axes are lost, and the others are left in their order."""
    rest = iter(right)
    return len(got) < len(right) and all(length in rest for length in got)


def has_more_axes(got: Shape, right: Shape) -> bool:
    """Return whether axes are left that should be summed over."""
    return has_fewer_axes(right, got)


def is_of_another_axis(got: Shape, right: Shape) -> bool:
    """Return whether there are as many axes, and some have another length."""
    return got != right and len(got) == len(right)


RELATIONS: tuple[tuple[str, Callable[[Shape, Shape], bool]], ...] = (
    ("one-number", is_one_number),
    ("axis-of-one", has_axes_of_one),
    ("shape-transposed", is_transposed),
    ("shape-regrouped", is_regrouped),
    ("one-too-few", is_shorter),
    ("one-too-many", is_longer),
    ("axis-lost", has_fewer_axes),
    ("axis-left", has_more_axes),
    ("another-axis", is_of_another_axis),
)
"""The misconceptions, and what is true of the two shapes."""


def of_shapes(differences: Sequence[Difference]) -> Edit | None:
    """Return the relation that all wrong shapes of one method have to the right ones, or None."""
    pairs = [(np.shape(one.got), np.shape(one.expected)) for one in differences]
    for name, holds in RELATIONS:
        if all(holds(got, right) for got, right in pairs):
            got, right = pairs[0]
            return Edit(name, lambda _: None, "shape", {"got": str(got), "right": str(right)})
    return None
