"""Name a result of a wrong shape by how its shape and the right one are related."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ncl_course.checking.compare import Difference
from ncl_course.checking.naming.edit import Edit
from ncl_course.protocol.script import Tensor

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


RELATIONS: tuple[tuple[str, Callable[[Shape, Shape], bool]], ...] = (
    ("one-number", is_one_number),
    ("axis-of-one", has_axes_of_one),
    ("shape-transposed", is_transposed),
    ("shape-regrouped", is_regrouped),
    ("one-too-few", is_shorter),
    ("one-too-many", is_longer),
    ("axis-lost", has_fewer_axes),
    ("axis-left", has_more_axes),
)
"""The misconceptions, and what is true of the two shapes."""
ANOTHER_AXIS = "another-axis"
"""The misconception of a sum over the wrong axes."""


def of_shapes(differences: Sequence[Difference]) -> Edit | None:
    """Return the relation that all wrong shapes of one method have to the right ones, or None."""
    pairs = [(np.shape(one.got), np.shape(one.expected)) for one in differences]
    for name, holds in RELATIONS:
        if all(holds(got, right) for got, right in pairs):
            return named(name, pairs[0])
    return named(ANOTHER_AXIS, pairs[0]) if all(has_another_axis(one) for one in differences) else None


def named(name: str, shapes: tuple[Shape, Shape]) -> Edit:
    """Return the fact about two shapes, the student's and the right one."""
    got, right = shapes
    return Edit(name, lambda _: None, "shape", {"got": str(got), "right": str(right)})


def has_another_axis(difference: Difference) -> bool:
    """Return whether there are as many axes as there should be, and each has the length of some axes of an input."""
    got, right = np.shape(difference.got), np.shape(difference.expected)
    arguments = (argument for step in difference.case.script for argument in step.arguments)
    lengths = {length for one in arguments if isinstance(one, Tensor) for length in products(one.values.shape)}
    return len(got) == len(right) and got != right and set(got) <= lengths


def products(shape: Shape) -> set[int]:
    """Return the products of neighbouring lengths."""
    return {int(np.prod(shape[a:b])) for a in range(len(shape)) for b in range(a + 1, len(shape) + 1)}
