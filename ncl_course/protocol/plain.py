"""Scripts and traces as trees of plain JSON values, with the arrays put aside in a list.

Decoding is strict: only the shapes of data that are written here come back out, everything else is a
``ProtocolError``. What a student's process sends is decoded by ``trace_of`` alone, which knows no more than
numbers, plain arrays and short texts.
"""

from __future__ import annotations

import numbers
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ncl_course.protocol.script import Generator, Layers, Layout, Opaque, Outcome, Raised, Script, Step, Tensor, Trace

MAX_TEXT = 4_000
"""Characters that are kept of any text."""

MAX_ITEMS = 64
"""Warnings, argument numbers or labels that one outcome may list."""

MAX_NDIM = 8
MAX_ARRAY = 16 * 2**20
"""Bytes that an array may have as a value; those larger, or of more dimensions, travel as ``Opaque``."""

WORD = 2**63
"""Whole numbers from here on travel as ``Opaque``: no right answer needs them."""

Arrays = list[NDArray[Any]]
KINDS = ("new", "call", "get", "put", "refuse")


class ProtocolError(Exception):
    """What came over the wire is not what was agreed on."""


def demand(condition: object, what: str) -> None:
    """Refuse the message unless the condition holds."""
    if not condition:
        raise ProtocolError(f"refused: {what}")


def cut(text: Any) -> str:
    """A text, at most ``MAX_TEXT`` long, without what UTF-8 cannot write."""
    demand(isinstance(text, str), "a text was expected")
    return str(text[:MAX_TEXT]).encode("utf-8", "replace").decode("utf-8")


# ---- values ----------------------------------------------------------------------------------------------------


def pack_value(value: Any, arrays: Arrays) -> Any:
    """A number, an array or None as a tree; whatever is too large or of another kind becomes ``Opaque``."""
    if value is None or type(value) in (bool, float):  # np.float64 is a float, too, and keeps its dtype
        return value
    if type(value) is int:
        return value if -WORD <= value < WORD else {"opaque": "int"}
    if isinstance(value, np.ndarray) and (value.nbytes > MAX_ARRAY or value.ndim > MAX_NDIM):
        return {"opaque": cut(f"ndarray of shape {value.shape}")}
    if isinstance(value, np.ndarray | np.generic):
        arrays.append(np.asarray(value))
        return {"array" if isinstance(value, np.ndarray) else "scalar": len(arrays) - 1}
    return {"opaque": cut(value.type_name if isinstance(value, Opaque) else type(value).__name__)}


def unpack_value(node: Any, arrays: Arrays) -> Any:
    """The value that ``pack_value`` packed."""
    if node is None or type(node) in (bool, int, float):
        return node
    demand(isinstance(node, dict) and len(node) == 1, "a value of unknown kind")
    ((kind, content),) = node.items()
    if kind == "opaque":
        return Opaque(cut(content))
    demand(kind in ("array", "scalar"), "a value of unknown kind")
    array = array_at(content, arrays)
    demand(kind == "array" or array.ndim == 0, "a scalar with dimensions")
    return array if kind == "array" else array[()]


def array_at(index: Any, arrays: Arrays) -> NDArray[Any]:
    """The array of that number."""
    demand(type(index) is int and 0 <= index < len(arrays), "there is no array of that number")
    return arrays[index]


# ---- arguments of a script -------------------------------------------------------------------------------------


def pack_argument(value: Any, arrays: Arrays) -> Any:
    """An argument as a tree: beyond a value also a tensor, a generator, a text or a tuple of these."""
    if isinstance(value, Tensor):
        arrays.append(value.values)
        return {"tensor": [len(arrays) - 1, value.layout.value]}
    if isinstance(value, Generator):
        return {"generator": value.seed}
    if isinstance(value, Layers):
        return {"layers": [{name: list(shape) for name, shape in shapes.items()} for shapes in value.shapes]}
    if isinstance(value, str):
        return {"text": value}
    if isinstance(value, tuple | list):
        return {type(value).__name__: [pack_argument(item, arrays) for item in value]}
    if value is None or isinstance(value, numbers.Number | np.generic | np.ndarray):
        return pack_value(value, arrays)
    raise TypeError(f"a script cannot hold a {type(value).__name__}")


def unpack_argument(node: Any, arrays: Arrays) -> Any:
    """The argument that ``pack_argument`` packed."""
    if isinstance(node, dict) and len(node) == 1:
        ((kind, content),) = node.items()
        reader = ARGUMENTS.get(kind)
        if reader is not None:
            return reader(content, arrays)
    return unpack_value(node, arrays)


def unpack_tensor(content: Any, arrays: Arrays) -> Tensor:
    """An array with its memory layout."""
    demand(isinstance(content, list) and len(content) == 2, "a tensor is an array and a layout")
    demand(content[1] in {layout.value for layout in Layout}, "an unknown layout")
    return Tensor(array_at(content[0], arrays), Layout(content[1]))


def unpack_generator(content: Any, _arrays: Arrays) -> Generator:
    """The seed of a generator."""
    demand(type(content) is int and content >= 0, "a seed is a whole number from 0")
    return Generator(content)


def unpack_layers(content: Any, _arrays: Arrays) -> Layers:
    """Given layers, by the shapes of their parameters."""
    demand(isinstance(content, list) and all(isinstance(shapes, dict) for shapes in content), "layers were expected")
    sizes = [size for shapes in content for shape in shapes.values() for size in shape]
    demand(all(type(size) is int and 0 <= size <= 1 << 20 for size in sizes), "a shape is whole numbers from 0")
    return Layers(tuple({cut(name): tuple(shape) for name, shape in shapes.items()} for shapes in content))


def unpack_items(content: Any, arrays: Arrays) -> list[Any]:
    """The items of a list or a tuple."""
    demand(isinstance(content, list), "items were expected")
    return [unpack_argument(item, arrays) for item in content]


ARGUMENTS: dict[str, Callable[[Any, Arrays], Any]] = {
    "tensor": unpack_tensor,
    "generator": unpack_generator,
    "layers": unpack_layers,
    "text": lambda content, _: cut(content),
    "list": unpack_items,
    "tuple": lambda content, arrays: tuple(unpack_items(content, arrays)),
}


# ---- scripts and traces ----------------------------------------------------------------------------------------


def plain_script(script: Script) -> tuple[Any, Arrays]:
    """A script as a tree and its arrays."""
    arrays: Arrays = []
    tree = [
        [
            step.kind,
            step.obj,
            step.method,
            [pack_argument(value, arrays) for value in step.args],
            {name: pack_argument(value, arrays) for name, value in step.kwargs.items()},
            step.label,
        ]
        for step in script
    ]
    return tree, arrays


def script_of(tree: Any, arrays: Arrays) -> Script:
    """The script that ``plain_script`` wrote."""
    demand(isinstance(tree, list), "a script is a list of steps")
    return tuple(step_of(node, arrays) for node in tree)


def step_of(node: Any, arrays: Arrays) -> Step:
    """One step of a script."""
    demand(isinstance(node, list) and len(node) == 6, "a step has six fields")
    kind, obj, method, args, kwargs, label = node
    demand(kind in KINDS and isinstance(args, list) and isinstance(kwargs, dict), "a step of unknown kind")
    return Step(
        kind,
        cut(obj),
        cut(method),
        tuple(unpack_argument(value, arrays) for value in args),
        {cut(name): unpack_argument(value, arrays) for name, value in kwargs.items()},
        cut(label),
    )


def plain_trace(trace: Trace) -> tuple[Any, Arrays]:
    """A trace as a tree and its arrays."""
    arrays: Arrays = []
    tree = [
        [
            pack_value(outcome.value, arrays),
            plain_raised(outcome.raised),
            list(outcome.changed[:MAX_ITEMS]),
            [cut(label) for label in outcome.overwritten[:MAX_ITEMS]],
            [cut(warning) for warning in outcome.warnings[:MAX_ITEMS]],
            cut(outcome.printed),
        ]
        for outcome in trace
    ]
    return tree, arrays


def plain_raised(raised: Raised | None) -> list[str] | None:
    """An exception as three texts."""
    return None if raised is None else [cut(raised.type_name), cut(raised.message), cut(raised.where)]


def trace_of(tree: Any, arrays: Arrays) -> Trace:
    """The trace that ``plain_trace`` wrote."""
    demand(isinstance(tree, list), "a trace is a list of outcomes")
    return tuple(outcome_of(node, arrays) for node in tree)


def outcome_of(node: Any, arrays: Arrays) -> Outcome:
    """One outcome of a trace."""
    demand(isinstance(node, list) and len(node) == 6, "an outcome has six fields")
    value, raised, changed, overwritten, warnings, printed = node
    demand(raised is None or (isinstance(raised, list) and len(raised) == 3), "an exception has three fields")
    for items in (changed, overwritten, warnings):
        demand(isinstance(items, list) and len(items) <= MAX_ITEMS, "a short list was expected")
    demand(all(type(index) is int for index in changed), "argument numbers were expected")
    return Outcome(
        unpack_value(value, arrays),
        None if raised is None else Raised(*map(cut, raised)),
        tuple(changed),
        tuple(map(cut, overwritten)),
        tuple(map(cut, warnings)),
        cut(printed),
    )
