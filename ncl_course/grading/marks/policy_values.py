"""What a value in a policy may be: each function gives back what it means, or raises ValueError."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ncl_course.exercises import LESSONS
from ncl_course.grading.marks.policy import Step
from ncl_course.grading.sheets.words import plain_spaces

SPANS = {"hour": 1.0, "day": 24.0}
YEARS = range(1971, 3000)
"""Years of due times and of submissions: with any extension and offset they can be reckoned with."""

DATE_ALONE = len("2026-10-12")


def in_zone(value: Any, zone: ZoneInfo | None) -> datetime:
    """A point in time, from TOML or in ISO 8601; one without an offset is in that timezone.

    Raises:
        ValueError: it is none, or names no hour, or no offset where no timezone is known, or a year far away.
    """
    if isinstance(value, str) and len(value := plain_spaces(value)) > DATE_ALONE:
        value = datetime.fromisoformat(value)
    if not isinstance(value, datetime) or (value.tzinfo is None and zone is None):
        raise ValueError(value)
    if value.year not in YEARS:
        raise ValueError(value)
    return value if value.tzinfo else value.replace(tzinfo=zone)


def zone(value: Any) -> ZoneInfo:
    """A timezone by its name."""
    try:
        return ZoneInfo(word(value))
    except (KeyError, OSError):
        return fail(value)


def word(value: Any) -> str:
    """A text that is not empty."""
    return value.strip() if isinstance(value, str) and value.strip() else fail(value)


def flag(value: Any) -> bool:
    """True or false."""
    return value if isinstance(value, bool) else fail(value)


def amount(value: Any) -> float:
    """A number that is not negative."""
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if plain and 0 <= value < 1e6 else fail(value)


def percent(value: Any) -> float:
    """A number from 0 to 100."""
    return found if (found := amount(value)) <= 100 else fail(value)


def span(value: Any) -> float:
    """The hours of a day or of an hour."""
    return SPANS[word(value)] if word(value) in SPANS else fail(value)


def steps(value: Any) -> tuple[Step, ...]:
    """Steps, each with both of its keys."""
    if not isinstance(value, list) or not value:
        return fail(value)
    if any(not isinstance(one, dict) or one.keys() != {"after_hours", "percent"} for one in value):
        return fail(value)
    return tuple(Step(amount(one["after_hours"]), percent(one["percent"])) for one in value)


def lesson(value: Any) -> str:
    """A lesson of the course."""
    return word(value) if value in LESSONS else fail(value)


def table(value: Any) -> dict[str, Any]:
    """A table."""
    return value if isinstance(value, dict) else fail(value)


def tables(value: Any) -> list[dict[str, Any]]:
    """A list of tables."""
    return [table(one) for one in value] if isinstance(value, list) else fail(value)


def shown(value: Any) -> str:
    """Return how a value is shown in a message. A hexadecimal number may have more digits than Python writes."""
    try:
        return repr(value) if isinstance(value, str) else str(value)
    except (ValueError, RecursionError):
        return "…"


def fail(value: Any) -> Any:
    """A value that is not what is expected.

    Raises:
        ValueError: always.
    """
    raise ValueError(value)
