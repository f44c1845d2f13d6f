"""An edit of a right result, with the words about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ncl_course.checking.naming.sight import Array, Sight

Formula = Callable[[Sight], Array | None]


def bound(formula: Callable[..., Array | None], *values: Any) -> Formula:
    """Return a formula whose other arguments are these."""
    return lambda sight: formula(sight, *values)


@dataclass(frozen=True)
class Edit:
    """An edit with the misconception that it shows, the key of the sentence on it, and the values in the sentence."""

    name: str
    formula: Formula
    key: str
    values: dict[str, str] = field(default_factory=dict)

    def made(self, sight: Sight) -> Array | None:
        """Return what the edit makes of a result; None if it means nothing there, since the result has other axes."""
        try:
            return self.formula(sight)
        except (IndexError, ValueError):  # an AxisError is both
            return None
