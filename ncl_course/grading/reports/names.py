"""Make file names from students' names: always inside their folder, and all different."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable

RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?$", re.IGNORECASE)
MAX_LENGTH = 80


def file_names(students: Iterable[str]) -> dict[str, str]:
    """Return a file name without its ending for each student.

    A name that had to be changed, or that differs from another only in upper and lower case, gets a short
    fingerprint, so that it is unique and the same in every run.
    """
    plain = {student: safe(student) for student in students}
    folded = Counter(name.casefold() for name in plain.values())
    return {
        student: name if name == student and folded[name.casefold()] == 1 else f"{name}-{fingerprint(student)}"
        for student, name in plain.items()
    }


def safe(name: str) -> str:
    """Return the letters, digits and a few signs of a name; never empty, hidden, reserved, or a path."""
    plain = re.sub(r"[^\w.@ -]+", "_", name)[:MAX_LENGTH].strip(". ") or "student"
    return f"_{plain}" if RESERVED.match(plain) else plain


def fingerprint(name: str) -> str:
    """Return eight characters that identify a name."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
