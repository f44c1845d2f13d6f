"""The small tables of numbers in a panel: inputs, a student's result and the right one, cut to what a reader needs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ncl_course.checking.compare import Difference
from ncl_course.checking.snippet import argument_names
from ncl_course.checking.verdict import Fault
from ncl_course.language import text
from ncl_course.protocol.script import Tensor

SIDE = 8
"""The largest number of rows and of columns of an array that a panel shows."""


@dataclass(frozen=True)
class Grid:
    """A small table of numbers with some cells marked."""

    title: str
    cells: tuple[tuple[str, ...], ...]
    marked: frozenset[tuple[int, int]] = frozenset()


def grids(difference: Difference, *, whole: bool = False) -> tuple[Grid, ...]:
    """Return the failing case's arrays side by side: inputs, yours, expected, and their difference.

    With ``whole``, every map of a small input is shown.
    """
    right, got, wrong = difference.expected, difference.got, difference.wrong
    shown = list(inputs(difference, whole=whole))
    if not isinstance(right, np.ndarray):
        return tuple(shown) if difference.fault is Fault.RAISED else ()
    if isinstance(got, np.ndarray):
        shown.append(grid(text("checking.panel.yours"), got, difference.index, wrong))
    shown.append(grid(text("checking.panel.expected"), right, difference.index, wrong))
    if wrong is not None and difference.fault is Fault.VALUES:
        delta = got.astype(np.float64) - right
        shown.append(grid(text("checking.panel.difference"), np.where(wrong, delta, 0.0), difference.index, wrong))
    return tuple(shown)


def inputs(difference: Difference, *, whole: bool = False) -> list[Grid]:
    """Return the arrays that the shown step used: the latest input of its object, and its own arguments."""
    script = difference.case.script
    here = script[difference.step]
    names = argument_names(difference.case)
    used = [
        step for step in script[: difference.step] if step.obj == here.obj and step.method in {"forward", "__call__"}
    ]
    arrays = [argument for step in [*used[-1:], here] for argument in step.args if isinstance(argument, Tensor)]
    if here.kind == "call" and here.method != "backward":
        arrays = [argument for argument in here.args if isinstance(argument, Tensor)]
    return [
        grid(text("checking.panel.input", name=names[id(a)]), a.values, index)
        for a in arrays
        for index in (every_map(a.values) if whole and is_small(a.values) else [difference.index])
    ]


def is_small(values: NDArray[Any]) -> bool:
    """Return whether an array has several maps and all of them can be shown side by side."""
    maps = math.prod(values.shape[:-2])
    return values.ndim > 2 and 0 < values.size <= SIDE * SIDE and 1 < maps <= SIDE


def every_map(values: NDArray[Any]) -> list[tuple[int, ...]]:
    """Return the index of the first number of each map, the last two axes of an array."""
    return [(*lead, 0, 0) for lead in np.ndindex(values.shape[:-2])]


def grid(title: str, values: NDArray[Any], index: tuple[int, ...], wrong: NDArray[np.bool_] | None = None) -> Grid:
    """Return the map of an array that contains ``index``, cut to ``SIDE`` × ``SIDE`` entries around it."""
    if values.ndim < 2:
        values = values.reshape(1, -1)
        wrong = None if wrong is None else wrong.reshape(1, -1)
        index = (0, *index)[-2:] if index else ()
    if index:  # an array with fewer axes, such as a bias's gradient, gave the index: start at entry 0
        index = (*index, *(0,) * (values.ndim - len(index)))
    lead_index = tuple(min(i, n - 1) for i, n in zip(index, values.shape[:-2], strict=False)) or (0,) * (
        values.ndim - 2
    )
    plane = values[lead_index] if values.size else values.reshape(values.shape[-2:])
    top, left = (window(index[axis] if index else 0, plane.shape[axis]) for axis in (-2, -1))
    part = plane[top, left]
    marks = np.argwhere(wrong[lead_index][top, left]) if wrong is not None and wrong.shape == values.shape else ()
    if lead_index or part.shape != plane.shape:
        title = f"{title} {slices(lead_index, top, left, plane.shape)}"
    cells = tuple(tuple(number(v) for v in row) for row in part)
    return Grid(title, cells, frozenset((int(r), int(c)) for r, c in marks))


def window(centre: int, size: int) -> slice:
    """Return a slice of at most ``SIDE`` neighbours around a place on an axis."""
    start = max(0, min(centre - SIDE // 2, size - SIDE))
    return slice(start, min(start + SIDE, size))


def slices(lead_index: tuple[int, ...], top: slice, left: slice, shape: tuple[int, ...]) -> str:
    """Return the place of a shown part in its array, as a Python index; complete axes at the end are left out."""
    spans = [
        ":" if span == slice(0, size) else f"{span.start}:{span.stop}"
        for span, size in zip((top, left), shape, strict=True)
    ]
    while spans and spans[-1] == ":":
        spans.pop()
    return f"[{', '.join([*map(str, lead_index), *spans])}]"


def number(value: Any) -> str:
    """Return a number in its shortest readable form: whole numbers without a point, others with four digits."""
    if np.iscomplexobj(value):  # a student's mistake, shown as it is
        return f"{complex(value):.4g}"
    value = float(value)
    if not np.isfinite(value):
        return str(value)
    return str(int(value)) if value == int(value) and abs(value) < 1e6 else f"{value:.4g}"
