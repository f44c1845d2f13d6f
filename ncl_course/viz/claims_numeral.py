"""A number as the reader's language writes it."""

from __future__ import annotations

from ncl_course.language import current


def numeral(number: str) -> str:
    """The number with the language's own decimal mark.

    Example:
        >>> numeral("72.2")
        '72.2'
    """
    return number.replace(".", ",") if current() == "ru" else number
