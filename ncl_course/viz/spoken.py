"""Numbers in sentences: with the language's decimal mark, and as a power of ten if they are far from 1."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite, isnan

from ncl_course.language import current, numeral, percentage

__all__ = ["addend", "factor", "grouped", "listed", "numeral", "percentage", "power_of_ten", "say", "short"]

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def say(value: float) -> str:
    """Return a number with up to three digits.

    Example:
        >>> say(-0.25)
        '−0.25'
    """
    return numeral(f"{float(value):.3g}")


def listed(values: Iterable[float]) -> str:
    """Return a list of numbers with up to three digits each; semicolons separate them, because a comma may be decimal.

    Example:
        >>> listed([0.5, 1, -4])
        '0.5; 1; −4'
    """
    return "; ".join(say(value) for value in values)


def short(value: float) -> str:
    """Return a number with two digits, or as a product with a power of ten if it is very small or very large.

    Example:
        >>> short(0.0123), short(-456.0), short(2.1e-6)
        ('0.012', '−456', '2.1·10⁻⁶')
        >>> short(float("inf")), short(float("nan"))
        ('∞', 'NaN')
        >>> short(-0.0)
        '0'
    """
    if not isfinite(value):
        return "NaN" if isnan(value) else "∞" if value > 0 else "\N{MINUS SIGN}∞"
    if value == 0 or 0.001 <= abs(value) < 10_000:
        return say(float(f"{value + 0.0:.2g}")) if abs(value) < 100 else numeral(f"{value:.0f}")
    digits, power = f"{value:.1e}".split("e")
    return numeral(digits) + "·" + power_of_ten(int(power))


def grouped(number: int) -> str:
    """Return a whole number; if it has five digits or more, they are in threes: 50,176, in Russian with spaces.

    Example:
        >>> grouped(9216), grouped(50176)
        ('9216', '50,176')
    """
    mark = "\N{NO-BREAK SPACE}" if current() == "ru" else ","
    return f"{number:,}".replace(",", mark) if number > 9999 else str(number)


def power_of_ten(exponent: int) -> str:
    """Return ten to that power.

    Example:
        >>> power_of_ten(-3)
        '10⁻³'
    """
    return "10" + str(exponent).translate(SUPERSCRIPTS)


def factor(value: float) -> str:
    """Return a number as the factor of a name: an empty text for 1, and the sign for −1.

    Example:
        >>> factor(-0.5), factor(-1), factor(1)
        ('−0.5', '−', '')
    """
    return say(value) if abs(value) != 1 else "" if value == 1 else "\N{MINUS SIGN}"


def addend(value: float) -> str:
    """Return a number as a summand with its sign, or an empty text for 0.

    Example:
        >>> addend(-1), addend(0.5), addend(0)
        (' − 1', ' + 0.5', '')
    """
    sign = "\N{MINUS SIGN}" if value < 0 else "+"
    return f" {sign} {say(abs(value))}" if value else ""
