"""Questions that a lesson asks with ``ask``: the choices or the number, the right one first, and the known mistakes."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Value = float | tuple[float, ...]
"""A number, or the numbers of a small array in reading order."""

RIGHT = "right"
"""The name of the right choice in every question."""

CLOSE = 1e-3
"""The relative difference up to which a typed number counts as the same: three digits are enough."""


@dataclass(frozen=True)
class Question:
    """One question; its sentences are the messages ``ROOM.ask.NAME``.

    Attributes:
        name: the room and a name in kebab case, such as ``pooling.rows-left``.
        choices: each choice by name, the right one under ``right`` and a known mistake under each other name. The
            value is what the reader sees; None means that the message ``choice.NAME`` says it.
        typed: whether the reader types a number; the choices are then not shown.
    """

    name: str
    choices: Mapping[str, Value | None]
    typed: bool = False

    @property
    def room(self) -> str:
        """The room in which the question is asked."""
        return self.name.partition(".")[0]

    @property
    def order(self) -> tuple[str, ...]:
        """The choices in the order in which they are shown: always the same, and the right one anywhere."""
        return tuple(sorted(self.choices, key=lambda choice: zlib.crc32(f"{self.name} {choice}".encode())))

    def named(self, number: float) -> str:
        """Return the name of the choice with that number, or an empty string."""
        return next((name for name, value in self.choices.items() if is_close(number, value)), "")


def is_close(number: float, value: Value | None) -> bool:
    """Return whether a typed number is that value, up to rounding."""
    return isinstance(value, int | float) and abs(number - value) <= CLOSE * abs(value)


def typed(name: str, right: float, **mistakes: float) -> Question:
    """Return a question that is answered with a number; underscores in the mistakes' names become hyphens."""
    return Question(name, {RIGHT: right, **hyphened(mistakes)}, typed=True)


def chosen(name: str, right: Value | None = None, mistakes: Iterable[str] = (), **values: Value) -> Question:
    """Return a question with choices: mistakes with words, and mistakes with values."""
    return Question(name, {RIGHT: right, **dict.fromkeys(mistakes), **hyphened(values)})


def hyphened(mistakes: Mapping[str, Value]) -> dict[str, Value]:
    """Return the same with hyphens in the names."""
    return {name.replace("_", "-"): value for name, value in mistakes.items()}
