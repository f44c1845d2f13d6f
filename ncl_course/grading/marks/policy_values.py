"""Read the values of a policy: each function returns the value's meaning, or raises ValueError."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ncl_course.exercises import LESSONS
from ncl_course.grading.marks.policy import Step
from ncl_course.grading.sheets.words import plain_spaces

SPANS = {"hour": 1.0, "day": 24.0}
YEARS = range(1971, 3000)
"""The years allowed for due times and submissions: any extension and offset can be added to these."""

DATE_ALONE = len("2026-10-12")
CLOCK = r"(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d(?:[.,]\d+)?))? ?(?P<zone>UTC|Z|[+-]\d\d:?\d\d)?"
FORMS = (
    re.compile(rf"(?P<year>\d{{4}})[-/](?P<month>\d{{1,2}})[-/](?P<day>\d{{1,2}})(?:T|,? ){CLOCK}"),
    re.compile(rf"(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}}),? {CLOCK}"),
)
"""Times as spreadsheets write them. With slashes the day comes last or not at all: 10/12/2026 has two meanings."""

HOUR_ALONE = re.compile(r"[T ]\d{1,2}[.,]")
"""Python reads the digits after it as a part of the hour; a person means minutes."""


def in_zone(value: Any, zone: ZoneInfo | None) -> datetime:
    """Read a point in time, from TOML or in ISO 8601; one without an offset is in that timezone.

    Raises:
        ValueError: if it is not a time, has no hour, has no offset and no timezone is known, or is in a distant year.
    """
    if isinstance(value, str) and len(value := plain_spaces(value)) > DATE_ALONE:
        value = moment(value)
    if not isinstance(value, datetime) or (value.tzinfo is None and zone is None):
        raise ValueError(value)
    if value.year not in YEARS:
        raise ValueError(value)
    return value if value.tzinfo else value.replace(tzinfo=zone)


def moment(said: str) -> datetime:
    """Read a time as ISO 8601, a spreadsheet or a person writes it.

    Raises:
        ValueError: if it is not one.
    """
    found = next((match for form in FORMS if (match := form.fullmatch(said))), None)
    if found is None:
        return datetime.fromisoformat(said if not HOUR_ALONE.search(said) else fail(said))
    day = "-".join(found[part].zfill(2) for part in ("year", "month", "day"))
    clock = f"{found['hour'].zfill(2)}:{found['minute']}:{(found['second'] or '00').replace(',', '.')}"
    return datetime.fromisoformat(f"{day}T{clock}{(found['zone'] or '').replace('UTC', 'Z')}")


def zone(value: Any) -> ZoneInfo:
    """Find a timezone by its name."""
    try:
        return ZoneInfo(word(value))
    except (KeyError, OSError):
        return fail(value)


def word(value: Any) -> str:
    """Read a string that is not empty."""
    return value.strip() if isinstance(value, str) and value.strip() else fail(value)


def flag(value: Any) -> bool:
    """Read true or false."""
    return value if isinstance(value, bool) else fail(value)


def amount(value: Any) -> float:
    """Read a number that is not negative."""
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if plain and 0 <= value < 1e6 else fail(value)


def percent(value: Any) -> float:
    """Read a number from 0 to 100."""
    return found if (found := amount(value)) <= 100 else fail(value)


def span(value: Any) -> float:
    """Return the hours in a day or in an hour."""
    return SPANS[word(value)] if word(value) in SPANS else fail(value)


def steps(value: Any) -> tuple[Step, ...]:
    """Read steps, each with both of its keys."""
    if not isinstance(value, list) or not value:
        return fail(value)
    if any(not isinstance(one, dict) or one.keys() != {"after_hours", "percent"} for one in value):
        return fail(value)
    return tuple(Step(amount(one["after_hours"]), percent(one["percent"])) for one in value)


def lesson(value: Any) -> str:
    """Read the name of a lesson of the course."""
    return word(value) if value in LESSONS else fail(value)


def table(value: Any) -> dict[str, Any]:
    """Return the value if it is a table."""
    return value if isinstance(value, dict) else fail(value)


def tables(value: Any) -> list[dict[str, Any]]:
    """Return the value if it is a list of tables."""
    return [table(one) for one in value] if isinstance(value, list) else fail(value)


def shown(value: Any) -> str:
    """Return a value in the form that a message shows. A hexadecimal number may have more digits than Python writes."""
    try:
        return repr(value) if isinstance(value, str) else str(value)
    except (ValueError, RecursionError):
        return "…"


def fail(value: Any) -> Any:
    """Refuse a value that is not the expected one.

    Raises:
        ValueError: always.
    """
    raise ValueError(value)
