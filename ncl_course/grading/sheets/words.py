"""Read the text of a table as spreadsheets save it: its encoding, its ``sep=`` line, and spaces of every kind."""

from __future__ import annotations

import math
import re
import unicodedata

SEP_LINE = re.compile(r"\"?sep=([,;\t|])\"?[,;\t|]*(?:\r\n|\r|\n|\Z)", re.IGNORECASE)
"""The first line by which Excel is told what separates the cells."""

CYRILLIC_WORD = re.compile("[А-ЯЁІЇЄҐЎ]?[а-яёіїєґў]+|[А-ЯЁІЇЄҐЎ]+")
SIGNS = frozenset("\u00a0«»—–№…“”„’‘°§•·")
MARKED = ((b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
"""Byte order marks. That of UTF-16 is the beginning of that of UTF-32."""


def decoded(raw: bytes) -> str:
    """Return the text of a table in UTF-8, in UTF-16 or UTF-32, or in cp1251, in which a Russian Excel saves CSV.

    In UTF-16 without a mark, one of the first two bytes is 0: a table begins with a sign of ASCII.

    Raises:
        UnicodeDecodeError: it is in none of them.
    """
    encoding = next((name for mark, name in MARKED if raw.startswith(mark)), "")
    if not encoding and len(raw) % 2 == 0 and 0 in raw[:2] and raw[:2] != b"\0\0":
        encoding = "utf-16-be" if raw[0] == 0 else "utf-16-le"
    if encoding:
        return raw.decode(encoding)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        try:
            content = raw.decode("cp1251")
        except UnicodeDecodeError:
            raise error from None
        if not is_cyrillic(content):
            raise
        return content


def is_utf_8(raw: bytes) -> bool:
    """Return whether these bytes are UTF-8."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def is_cyrillic(content: str) -> bool:
    """Return whether a text reads like Cyrillic prose: bytes of other encodings give other signs and mixed words."""
    foreign = {sign for sign in content if not sign.isascii() and not sign.isalpha()}
    words = [word for word in re.findall(r"[^\W\d_]+", content) if not word.isascii()]
    return foreign <= SIGNS and all(map(CYRILLIC_WORD.fullmatch, words))


def sep_line(content: str) -> tuple[str, str]:
    """Return the first line if it names the delimiter, and that delimiter; else two empty texts."""
    found = SEP_LINE.match(content)
    return (found[0], found[1]) if found else ("", "")


def plain_spaces(words: str) -> str:
    """Return words with one ordinary space between them. Signs that are not seen are left out."""
    return " ".join("".join(c for c in words if unicodedata.category(c) != "Cf").split())


MOST_POINTS = 1e6
"""No number of points comes near this limit. Results with very large numbers could not be read again."""


def number_in(cell: str) -> float | None:
    """Read the points in a cell, with a point or a comma, a plus or a real minus; None if there are none."""
    plain = plain_spaces(cell).replace("\u2212", "-").replace(",", ".").replace(" ", "")
    try:
        number = math.nan if "_" in plain else float(plain)  # Python would read 1_5 as 15
    except ValueError:
        return None
    return number if abs(number) < MOST_POINTS else None  # NaN is not less
