"""Convert frozen dataclasses to JSON and back: written by their fields, read strictly by their fields' types.

Each field is a key, in the order of the fields. A value of the wrong type is refused, and the error names its place.
"""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, NoReturn, get_args, get_origin, get_type_hints

from ncl_course.language import text

LARGEST = 1e15
"""No points, seconds or counts come near this limit. It also excludes infinity and NaN."""

LARGEST_WHOLE = 2**1024
"""Larger than any seed that a person types."""

SOMETIMES = {"sometimes": True}
"""Metadata of a field that is written only if its value is not the default."""

SHOWN = 40
"""The number of characters of the found value that an error shows."""


class StrictError(ValueError):
    """A value is wrong: the message names its place, what was expected and what was found."""


def plain(value: object) -> Any:
    """Return a dataclass instance, or the value of one of its fields, as plain data for JSON."""
    if value is None or isinstance(value, str | int | float):  # most values are
        return value
    if is_dataclass(value):
        found = ((one, getattr(value, one.name)) for one in fields(value))
        return {one.name: plain(inner) for one, inner in found if not (one.metadata and inner == one.default)}
    if isinstance(value, frozenset):
        return sorted(map(plain, value))
    if isinstance(value, tuple):
        return [*map(plain, value)]
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def parsed(content: str | bytes) -> object:
    """Parse JSON, given as text or as bytes.

    Raises:
        StrictError: if it is not JSON, or if it holds a value that JSON does not have, such as NaN.
    """
    try:
        return json.loads(content, parse_constant=lambda name: refuse("JSON", "number", name))
    except RecursionError:
        raise StrictError(text("grading.strict.deep")) from None
    except StrictError:
        raise
    except ValueError as error:
        raise StrictError(str(error)) from None


def made(kind: Any, value: object, place: str) -> Any:
    """Convert a value of parsed JSON to a type: a dataclass, a collection, or one of the simple types.

    Args:
        kind: the type.
        value: the value.
        place: where the value stands, for an error.

    Raises:
        StrictError: if the value does not have that type.
    """
    origin, inner = get_origin(kind), get_args(kind)
    if is_dataclass(kind) and isinstance(kind, type):
        return record(kind, value, place)
    if origin is types.UnionType:  # X | None
        return None if value is None else made(inner[0], value, place)
    if origin is Mapping:
        named = value if isinstance(value, dict) else refuse(place, "object", value)
        return {a_text(str, key, place): made(inner[1], one, f"{place}.{key}") for key, one in named.items()}
    if origin in (tuple, frozenset):
        values = value if isinstance(value, list) else refuse(place, "list", value)
        kinds = inner if origin is tuple and inner[-1] is not ... else [inner[0]] * len(values)
        if len(kinds) != len(values):
            refuse(place, "list", value)
        return origin(made(k, one, f"{place}[{n}]") for n, (k, one) in enumerate(zip(kinds, values, strict=True)))
    return SIMPLE.get(kind, one_of)(kind, value, place)


def record(kind: Any, value: object, place: str) -> Any:
    """Make a dataclass instance from a JSON object. Keys without a field are ignored."""
    if not isinstance(value, dict):
        refuse(place, "object", value)
    hints, found = types_of(kind), {}
    for one in fields(kind):
        if one.name in value:
            found[one.name] = made(hints[one.name], value[one.name], f"{place}.{one.name}")
        elif one.default is MISSING:
            refuse(f"{place}.{one.name}", "there", None)
    return kind(**found)


@cache
def types_of(kind: Any) -> dict[str, Any]:
    """Return the types of a dataclass's fields."""
    return get_type_hints(kind)


def a_text(_kind: type, value: object, place: str) -> str:
    """Return the value if it is a text that UTF-8 can encode."""
    return value if isinstance(value, str) and encodable(value) else refuse(place, "text", value)


def a_number(_kind: type, value: object, place: str) -> float:
    """Return the value if it is a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not -LARGEST < value < LARGEST:
        refuse(place, "number", value)
    return value


def a_whole_number(_kind: type, value: object, place: str) -> int:
    """Return the value if it is a whole number that is not negative; a seed may be large."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < LARGEST_WHOLE:
        refuse(place, "whole", value)
    return value


def true_or_false(_kind: type, value: object, place: str) -> bool:
    """Return the value if it is true or false."""
    return value if isinstance(value, bool) else refuse(place, "flag", value)


def a_time(_kind: type, value: object, place: str) -> datetime:
    """Return the time in a text with a timezone."""
    try:
        moment = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        refuse(place, "time", value)
    return moment if moment.tzinfo else refuse(place, "time", value)


def one_of(kind: type[StrEnum], value: object, place: str) -> Any:
    """Return the member of an enum with that value."""
    names = [str(one) for one in kind]
    return kind(value) if value in names else refuse(place, "kind", value, ", ".join(names))


SIMPLE: Mapping[Any, Any] = {
    str: a_text,
    float: a_number,
    int: a_whole_number,
    bool: true_or_false,
    datetime: a_time,
}


def encodable(value: str) -> bool:
    """Return whether UTF-8 can encode a text: it cannot encode half of a surrogate pair."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def refuse(place: str, expected: str, found: object, names: str = "") -> NoReturn:
    """Raise the error about a wrong value.

    Raises:
        StrictError: always.
    """
    words = text(f"grading.strict.{expected}").format(names=names)
    raise StrictError(text("grading.strict.wrong", place=place, expected=words, found=json.dumps(found)[:SHOWN]))
