"""Write down students' names and file names: with one spelling for each, and all different."""

from __future__ import annotations

import re
import unicodedata

ESCAPED = re.compile(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4})")
SURROGATE = re.compile("[\ud800-\udfff]")
LONGEST, BEGINNING, END = 500, 300, 199
"""Characters of a file's path that are told, and those of its beginning and its end if it is longer. A zip's list of
contents allows 65,535 for each name, and a zip in a zip packs them well."""

BYTES = range(0xDC80, 0xDD00)
"""The surrogates that stand for the bytes of a file name that is not UTF-8."""


def composed(name: str) -> str:
    """Return a name in NFC: macOS writes an accent and its letter apart, other systems write them as one."""
    return unicodedata.normalize("NFC", name)


def escaped(name: str) -> str:
    r"""Return a name that UTF-8 can encode. Different names stay different.

    Each byte that is not UTF-8 becomes an escape such as ``\x80``. If the name holds such an escape or such a byte,
    its own backslashes are doubled, so that the name can be found again.
    """
    if not SURROGATE.search(name) and not ESCAPED.search(name):
        return name
    return SURROGATE.sub(lambda found: escape(ord(found[0])), name.replace("\\", "\\\\"))


def file_name(path: str) -> str:
    """Return a file's path as it is in results: encodable, and with an ellipsis in the middle of a very long one."""
    name = escaped(path)
    return name if len(name) <= LONGEST else f"{name[:BEGINNING]}…{name[-END:]}"


def escape(code: int) -> str:
    """Return the escape of a surrogate: of its byte if it stands for one."""
    return rf"\x{code - 0xDC00:02x}" if code in BYTES else rf"\u{code:04x}"


def student_name(name: str) -> str:
    """Return a student's name as it is in results."""
    return escaped(composed(name))


def compared(name: str) -> tuple[str, ...]:
    """Return the words of a name, to compare two spellings of it: ``anna_berg`` and ``Anna Berg``."""
    return tuple(re.findall(r"[^\W_]+", composed(name).casefold()))
