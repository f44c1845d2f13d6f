"""The small tables of numbers in a panel: inputs, a student's result and the right one, cut to what a reader needs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ncl_course.checking.compare import Difference
from ncl_course.checking.snippet import argument_names
from ncl_course.checking.verdict import Fault
from ncl_course.language import decimal, numeral, text
from ncl_course.protocol.script import Tensor
from ncl_course.protocol.values import WORD

SIDE = 8
"""The largest number of rows and of columns of an array that a panel shows."""

WRITTEN = 4
"""The largest number of arrays written into a layer that a panel shows."""

AVERAGED = {"BatchNorm2d": 1, "LayerNorm2d": 0, "GroupNorm": 0, "WeightStandardization": 0}
"""The axis along which the normalizations over several maps do not average."""

Place = tuple[int, ...]


@dataclass(frozen=True)
class Grid:
    """A small table of numbers with some cells marked."""

    title: str
    cells: tuple[tuple[str, ...], ...]
    marked: frozenset[tuple[int, int]] = frozenset()


def grids(difference: Difference, exercise: str = "") -> tuple[Grid, ...]:
    """Return the failing case's arrays side by side: inputs, yours, expected, and their difference.

    The exercise's name decides which part of an input the wrong number depends on.
    """
    right, got, wrong = difference.expected, difference.got, difference.wrong
    shown = list(inputs(difference, exercise))
    if not isinstance(right, np.ndarray):
        return tuple(shown) if difference.fault in (Fault.RAISED, Fault.VALUES) else ()
    if isinstance(got, np.ndarray):
        shown.append(grid(text("checking.panel.yours"), got, difference.index, wrong))
    shown.append(grid(text("checking.panel.expected"), right, difference.index, wrong))
    if wrong is not None and difference.fault is Fault.VALUES:
        delta = got.astype(np.float64) - right
        shown.append(grid(text("checking.panel.difference"), np.where(wrong, delta, 0.0), difference.index, wrong))
    return tuple(shown)


def inputs(difference: Difference, exercise: str = "") -> list[Grid]:
    """Return the arrays that the shown step used: its object's latest input, written arrays, and its own arguments.

    A parameter's gradient also depends on the argument of the latest ``backward``.
    """
    script = difference.case.script
    here = script[difference.step]
    names = argument_names(difference.case)
    used = [
        step for step in script[: difference.step] if step.obj == here.obj and step.method in {"forward", "__call__"}
    ]
    called = used[-1:] if here.kind != "call" or here.method == "backward" else []
    if here.method.startswith("grads."):
        called += [step for step in script[: difference.step] if (step.obj, step.method) == (here.obj, "backward")][-1:]
    written = {step.method: step for step in script[: difference.step] if step.kind == "put" and step.obj == here.obj}
    few = [step for step in written.values() if all(a.values.size <= SIDE * SIDE for a in step.args)][:WRITTEN]
    arrays = [argument for step in [*called, here, *few] for argument in step.args if isinstance(argument, Tensor)]
    judged = difference.expected.shape if isinstance(difference.expected, np.ndarray) else ()
    return [
        grid(text("checking.panel.input", name=names[id(a)]), a.values, index)
        for a in arrays
        for index in places(exercise, a.values.shape, judged, difference.index)
    ]


def places(exercise: str, shape: tuple[int, ...], judged: tuple[int, ...], index: Place) -> list[Place]:
    """Return the places of an array around which a panel shows it, one for each map, so that the number can be redone.

    Args:
        exercise: the exercise's name; in a normalization, a number depends on several maps.
        shape: the array's shape.
        judged: the shape of the wrong result.
        index: the wrong number's place in the result.
    """
    maps = list(np.ndindex(shape[:-2]))
    if len(shape) != 4 or not index:
        return [corresponding(shape, judged, index)]
    if exercise in AVERAGED and 1 < len(maps) <= SIDE and math.prod(shape) <= SIDE * SIDE:
        return [(*lead, 0, 0) for lead in maps]
    here = corresponding(shape, judged, index)
    if exercise in AVERAGED:
        first = AVERAGED[exercise] if len(index) == 4 else 1  # dγ and dβ add up the samples
        wanted = [lead for lead in maps if lead[first] == here[first]]
        return [(*lead, *here[2:]) for lead in wanted][:SIDE]
    return [here]


def corresponding(shape: tuple[int, ...], judged: tuple[int, ...], index: Place) -> Place:
    """Return the place of an array that corresponds to a place of another one, as the window to an output of pooling.

    A flat vector corresponds to the maps that it was made of.
    """
    if len(index) == len(judged) == 1 and len(shape) == 4:
        return (0, min(index[0], shape[1] - 1), 0, 0)  # a parameter's gradient: one number for a channel
    if len(judged) == len(shape) == 4 and len(index) == 4:
        return (*index[:2], *(i * n // max(m, 1) for i, n, m in zip(index[2:], shape[2:], judged[2:], strict=True)))
    if len(judged) == 2 and len(shape) == 4 and judged[1] == math.prod(shape[1:]) and len(index) == 2:
        return (index[0], *(int(i) for i in np.unravel_index(index[1], shape[1:])))
    if len(judged) == 4 and len(shape) == 2 and shape[1] == math.prod(judged[1:]) and len(index) == 4:
        return (index[0], int(np.ravel_multi_index(index[1:], judged[1:])))
    return index


def grid(title: str, values: NDArray[Any], index: tuple[int, ...], wrong: NDArray[np.bool_] | None = None) -> Grid:
    """Return the map of an array that contains ``index``, cut to ``SIDE`` × ``SIDE`` entries around it."""
    if values.ndim < 2:
        values = values.reshape(1, -1)
        wrong = None if wrong is None else wrong.reshape(1, -1)
        index = (0, *index)[-2:] if index else ()
    if index:  # the index comes from an array with fewer axes, such as a bias's gradient: start at entry 0
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
    """Return a number in its shortest readable form: whole numbers without a decimal mark, others with four digits."""
    if np.iscomplexobj(value):  # a student's mistake, shown as it is
        return decimal(f"{complex(value):.4g}")
    if isinstance(value, int) and abs(value) >= WORD:  # a float could not hold it
        return decimal(f"{Decimal(value):.4g}")
    value = float(value)
    if not np.isfinite(value):
        return numeral(str(value))
    return numeral(str(int(value)) if value == int(value) and abs(value) < 1e6 else f"{value:.4g}")
