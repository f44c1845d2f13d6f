"""Numbers, arrays and short texts as plain JSON values, with the arrays in a separate list; decoding is strict."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ncl_course.protocol.script import Numbers, Opaque

MAX_TEXT = 4_000
"""The number of characters that are kept of any text."""

MAX_LISTED = 200
"""The number of items of a list whose types are reported."""

MAX_NDIM = 8
MAX_ARRAY = 16 * 2**20
"""The largest array, in bytes, that travels as a value; larger ones, or ones of more dimensions, travel as
``Opaque``."""

LARGE_ARRAY = "ndarray of shape "
"""The beginning of the type name of such an array; its shape follows."""

WORD = 2**63
"""Whole numbers of this size and above travel as ``Opaque``: no right answer needs them."""

Arrays = list[NDArray[Any]]


class ProtocolError(Exception):
    """The data on the wire does not follow the protocol."""


def demand(condition: object, what: str) -> None:
    """Raise ProtocolError unless the condition holds."""
    if not condition:
        raise ProtocolError(f"refused: {what}")


def cut(text: Any) -> str:
    """Return a text, cut to ``MAX_TEXT`` characters, without characters that UTF-8 cannot encode."""
    demand(isinstance(text, str), "a text was expected")
    return str(text[:MAX_TEXT]).encode("utf-8", "replace").decode("utf-8")


def pack_value(value: Any, arrays: Arrays) -> Any:
    """Pack a number, an array or None as a tree; a value that is too large or of another kind becomes ``Opaque``."""
    if value is None or type(value) in (bool, float):  # np.float64 is also a float, and keeps its dtype
        return value
    if type(value) is int:
        return value if -WORD <= value < WORD else {"opaque": "int"}
    if isinstance(value, np.ndarray) and (value.nbytes > MAX_ARRAY or value.ndim > MAX_NDIM):
        return {"opaque": cut(f"{LARGE_ARRAY}{value.shape}")}
    if isinstance(value, np.ndarray | np.generic):
        arrays.append(np.asarray(value))
        return {"array" if isinstance(value, np.ndarray) else "scalar": len(arrays) - 1}
    return pack_named(value, arrays)


def pack_named(value: Any, arrays: Arrays) -> Any:
    """Pack a list of numbers, or the type name that stands for a value of any other type."""
    if isinstance(value, Numbers):
        return {"numbers": pack_value(value.values, arrays)}
    if isinstance(value, Opaque) and value.items:
        return {"items": [cut(value.type_name), *map(cut, value.items)]}
    return {"opaque": cut(value.type_name if isinstance(value, Opaque) else type(value).__name__)}


def unpack_value(node: Any, arrays: Arrays) -> Any:
    """Return the value that ``pack_value`` packed."""
    if node is None or type(node) in (bool, int, float):
        demand(type(node) is not int or -WORD <= node < WORD, "a number of impossible size")
        return node
    demand(isinstance(node, dict) and len(node) == 1, "a value of unknown kind")
    ((kind, content),) = node.items()
    if kind == "opaque":
        return Opaque(cut(content))
    if kind == "items":
        demand(isinstance(content, list) and len(content) <= MAX_LISTED + 1, "a short list was expected")
        kinds = tuple(map(cut, content))
        return Opaque(kinds[0] if kinds else "", kinds[1:])
    if kind == "numbers":
        return numbers_of(unpack_value(content, arrays))
    demand(kind in ("array", "scalar"), "a value of unknown kind")
    array = array_at(content, arrays)
    demand(kind == "array" or array.ndim == 0, "a scalar with dimensions")
    return array if kind == "array" else array[()]


def numbers_of(values: Any) -> Numbers | Opaque:
    """Return the list of numbers in an array, or the ``Opaque`` that came because the array was too large."""
    if isinstance(values, Opaque):
        return values
    plain = isinstance(values, np.ndarray) and values.ndim == 1 and values.dtype == np.float64
    demand(plain, "a list of numbers was expected")
    return Numbers(values)


def array_at(index: Any, arrays: Arrays) -> NDArray[Any]:
    """Return the array with that number."""
    demand(type(index) is int and 0 <= index < len(arrays), "there is no array with that number")
    return arrays[index]
