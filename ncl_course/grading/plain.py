"""Frozen records as JSON and back: written by their fields, and read strictly by their fields' types.

A field is a key, in the order of the fields. What is read and is not as it was written is refused with its place.
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
"""No points, seconds or counts come near it; infinity and what is no number are refused with it."""

SOMETIMES = {"sometimes": True}
"""Metadata of a field that is written only where it is not its default."""

SHOWN = 40
"""Characters that an error shows of what was found."""


class StrictError(ValueError):
    """Something is not as it was written: where, what was expected, and what was found."""


def plain(value: object) -> Any:
    """A record, or what stands in one, as JSON has it."""
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
    """The JSON in a text.

    Raises:
        StrictError: it is none, or holds what JSON does not have, such as NaN.
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
    """What a field of that type holds.

    Raises:
        StrictError: the value is none of that type.
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
    """A record from its keys; those that it has no field for are passed over."""
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
    """The types of a record's fields."""
    return get_type_hints(kind)


def a_text(_kind: type, value: object, place: str) -> str:
    """A text that can be written again as UTF-8."""
    return value if isinstance(value, str) and writable(value) else refuse(place, "text", value)


def a_number(_kind: type, value: object, place: str) -> float:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not -LARGEST < value < LARGEST:
        refuse(place, "number", value)
    return value


def a_whole_number(_kind: type, value: object, place: str) -> int:
    """A whole number of any size: a seed may be large."""
    return value if isinstance(value, int) and not isinstance(value, bool) else refuse(place, "whole", value)


def true_or_false(_kind: type, value: object, place: str) -> bool:
    """True or false."""
    return value if isinstance(value, bool) else refuse(place, "flag", value)


def a_time(_kind: type, value: object, place: str) -> datetime:
    """A moment with its timezone."""
    try:
        moment = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        refuse(place, "time", value)
    return moment if moment.tzinfo else refuse(place, "time", value)


def one_of(kind: type[StrEnum], value: object, place: str) -> Any:
    """One of an enum's names."""
    names = [str(one) for one in kind]
    return kind(value) if value in names else refuse(place, "kind", value, ", ".join(names))


SIMPLE: Mapping[Any, Any] = {
    str: a_text,
    float: a_number,
    int: a_whole_number,
    bool: true_or_false,
    datetime: a_time,
}


def writable(value: str) -> bool:
    """Whether a text holds no half of a surrogate pair."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def refuse(place: str, expected: str, found: object, names: str = "") -> NoReturn:
    """Say what is wrong.

    Raises:
        StrictError: always.
    """
    words = text(f"grading.strict.{expected}").format(names=names)
    raise StrictError(text("grading.strict.wrong", place=place, expected=words, found=json.dumps(found)[:SHOWN]))
