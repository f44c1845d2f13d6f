"""Numbers as a sentence says them: with the language's own decimal mark, and far from 1 with a power of ten."""

from __future__ import annotations

from collections.abc import Iterable

from ncl_course.language import current

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def numeral(number: str) -> str:
    """The number with the language's own decimal mark, and a true minus.

    Example:
        >>> numeral("-72.2")
        '−72.2'
    """
    number = number.replace("-", "\N{MINUS SIGN}")
    return number.replace(".", ",") if current() == "ru" else number


def say(value: float) -> str:
    """A number with up to three digits.

    Example:
        >>> say(-0.25)
        '−0.25'
    """
    return numeral(f"{float(value):.3g}")


def listed(values: Iterable[float]) -> str:
    """Numbers one after the other, with up to three digits each; a decimal comma is no separator beside a semicolon.

    Example:
        >>> listed([0.5, 1, -4])
        '0.5; 1; −4'
    """
    return "; ".join(say(value) for value in values)


def short(value: float) -> str:
    """A number with two digits; one that is very small or very large as a product with a power of ten.

    Example:
        >>> short(0.0123), short(-456.0), short(2.1e-6)
        ('0.012', '−456', '2.1·10⁻⁶')
    """
    if value == 0 or 0.001 <= abs(value) < 10_000:
        return say(float(f"{value:.2g}")) if abs(value) < 100 else numeral(f"{value:.0f}")
    digits, power = f"{value:.1e}".split("e")
    return numeral(digits) + "·" + power_of_ten(int(power))


def power_of_ten(exponent: int) -> str:
    """Ten to that power.

    Example:
        >>> power_of_ten(-3)
        '10⁻³'
    """
    return "10" + str(exponent).translate(SUPERSCRIPTS)


def factor(value: float) -> str:
    """A number before a name: 1 is not written, of −1 only the sign.

    Example:
        >>> factor(-0.5), factor(-1), factor(1)
        ('−0.5', '−', '')
    """
    return say(value) if abs(value) != 1 else "" if value == 1 else "\N{MINUS SIGN}"


def addend(value: float) -> str:
    """A number added to what stands before it; 0 is not written.

    Example:
        >>> addend(-1), addend(0.5), addend(0)
        (' − 1', ' + 0.5', '')
    """
    sign = "\N{MINUS SIGN}" if value < 0 else "+"
    return f" {sign} {say(abs(value))}" if value else ""
