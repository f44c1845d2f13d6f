"""Make file names from students' names: always inside their folder, and all different."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable

RESERVED = re.compile(r"(?:con|prn|aux|nul|(?:com|lpt)[\d¹²³])(?:\..*)?$", re.IGNORECASE)
MAX_LENGTH, MAX_BYTES = 80, 200
"""The most characters of a name, and the most bytes: a letter takes up to 4, and a system allows 255 in a name."""

LONG = 16
"""The number of characters of a long fingerprint: nobody can find two names that share one."""

MARKED = re.compile("-[0-9a-f]{8}([0-9a-f]{8})?$", re.IGNORECASE)
"""Matches a name that ends like a short or a long fingerprint."""


def file_names(students: Iterable[str]) -> dict[str, str]:
    """Return a file name without its ending for each student.

    A name gets a short fingerprint if it had to be changed, if it differs from another only in upper and lower case, or
    if it already ends like a fingerprint. So each name is unique, and the same in every run. A student may have looked
    for a name with the short fingerprint of another name: then both get long ones.
    """
    plain = {student: safe(student) for student in students}
    folded = Counter(name.casefold() for name in plain.values())
    short = {
        student: name if alone(student, name, folded) else f"{name}-{fingerprint(student)}"
        for student, name in plain.items()
    }
    folded = Counter(name.casefold() for name in short.values())
    return {
        student: name if folded[name.casefold()] == 1 else f"{plain[student]}-{fingerprint(student, LONG)}"
        for student, name in short.items()
    }


def alone(student: str, name: str, folded: Counter[str]) -> bool:
    """Return whether a name can stand without a fingerprint."""
    return name == student and folded[name.casefold()] == 1 and not MARKED.search(name)


def safe(name: str) -> str:
    """Return the letters, digits and a few signs of a name; never empty, hidden, reserved, or a path."""
    letters = re.sub(r"[^\w.@ -]+", "_", name)[:MAX_LENGTH]
    plain = letters.encode()[:MAX_BYTES].decode(errors="ignore").strip(". ") or "student"
    return f"_{plain}" if RESERVED.match(plain) else plain


def fingerprint(name: str, length: int = 8) -> str:
    """Return so many characters that identify a name."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:length]
