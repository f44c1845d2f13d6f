"""Parse the JSON in a file, whatever editor or server saved it, and report what had to be repaired."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import Any

from ncl_course.language import text
from ncl_course.submission.errors import UnreadableNotebookError

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
UNMARKED = ((b"{\0", "utf-16-le"), (b"\0{", "utf-16-be"))
"""The first bytes of a UTF-16 file without a byte order mark: a notebook's first character is a brace."""

BEGINNINGS = (
    (b"PK\3\4", "zip"),
    (b"%PDF", "pdf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"{\\rtf", "document"),
    (b"\xd0\xcf\x11\xe0", "document"),
    (b"version https://git-lfs", "pointer"),
)
"""The first bytes of files of other kinds that were given a notebook's name."""

OLD_WINDOWS = "cp1251"
"""The encoding called ANSI on Russian Windows. Russian comments come out right; code is ASCII in every such
encoding."""

Repairs = list[str]


def saved(raw: bytes) -> tuple[Any, Repairs]:
    """Return the tree of a file's JSON, and what was repaired.

    Raises:
        UnreadableNotebookError: if the file is not JSON; the message says what it seems to be.
    """
    repaired: Repairs = []
    content = decoded(whole(raw, repaired), repaired)
    try:
        return json.loads(content), repaired
    except RecursionError:
        raise UnreadableNotebookError(text("submission.unreadable.shape")) from None
    except ValueError as error:
        raise UnreadableNotebookError(why_no_json(content, error)) from None


def whole(raw: bytes, repaired: Repairs) -> bytes:
    """Remove the zero bytes that an interrupted download leaves at the end.

    Raises:
        UnreadableNotebookError: if the file holds nothing else.
    """
    if not raw.strip(b"\0 \t\r\n"):
        raise UnreadableNotebookError(text("submission.unreadable.empty"))
    rest = raw.rstrip(b"\0")
    if len(rest) == len(raw) or b"\0" in rest:  # UTF-16 and UTF-32 have zero bytes everywhere
        return raw
    repaired.append(text("submission.repaired.padding"))
    return rest


def decoded(raw: bytes, repaired: Repairs) -> str:
    """Decode the bytes as text.

    Raises:
        UnreadableNotebookError: if no encoding fits, or if the file is of another kind.
    """
    other = next((kind for beginning, kind in BEGINNINGS if raw.startswith(beginning)), None)
    if other:
        raise UnreadableNotebookError(text(f"submission.unreadable.{other}"))
    for encoding in encodings(raw):
        try:
            content = raw.decode(encoding)
            if encoding == OLD_WINDOWS:
                json.loads(content)
        except (ValueError, RecursionError):
            continue
        if encoding != "utf-8":
            name = encoding.upper().replace("CP", "Windows-").removesuffix("-SIG")
            repaired.append(text("submission.repaired.encoding", encoding=name))
        return content
    raise UnreadableNotebookError(text("submission.unreadable.encoding"))


def encodings(raw: bytes) -> Iterator[str]:
    """Yield the encodings to try, in order; only that of the byte order mark if there is one."""
    marked = next((name for mark, name in MARKS if raw.startswith(mark)), None)
    unmarked = next((name for beginning, name in UNMARKED if raw.startswith(beginning)), None)
    if marked or unmarked:
        yield str(marked or unmarked)
    else:
        yield from ("utf-8", OLD_WINDOWS)


def why_no_json(content: str, error: ValueError) -> str:
    """Explain in one sentence why a text is not JSON."""
    if "<<<<<<<" in content and ">>>>>>>" in content:
        return text("submission.unreadable.conflict")
    first = content.lstrip("\ufeff \t\r\n")[:1]
    if first == "<":
        return text("submission.unreadable.html")
    if first not in ("{", "["):
        return text("submission.unreadable.text")
    where = f"{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else "?"
    return text("submission.unreadable.json", where=where)
