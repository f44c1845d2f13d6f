"""Parse the JSON in a file, whatever editor or server saved it, and report what had to be repaired."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

from ncl_course.language import text
from ncl_course.submission.errors import UnreadableNotebookError
from ncl_course.submission.repairs import STRICT, Repairs, repaired, unwrapped

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

ADDRESS = re.compile(r"\s*(?:https?://\S+|\[InternetShortcut\].*)\s*", re.DOTALL)
"""The address of a page, or the file in which Windows keeps one."""


def saved(raw: bytes) -> tuple[Any, Repairs]:
    """Return the tree of a notebook's JSON, and what was repaired.

    Raises:
        UnreadableNotebookError: if the file is not JSON; the message says what it seems to be.
    """
    told: Repairs = []
    content = decoded(whole(raw, told), told)
    try:
        return unwrapped(tree_of(content, told), told), told
    except RecursionError:
        raise UnreadableNotebookError(text("submission.unreadable.nested")) from None


def tree_of(content: str, told: Repairs) -> Any:
    """Return the tree of the JSON in a text, and tell what was repaired.

    Raises:
        UnreadableNotebookError: if it is not JSON and cannot be repaired.
    """
    try:
        return STRICT.decode(content)
    except json.JSONDecodeError as error:
        tree = repaired(content, told)
        if tree is None:
            raise UnreadableNotebookError(why_no_json(content, error)) from None
        return tree


def whole(raw: bytes, told: Repairs) -> bytes:
    """Remove the zero bytes that an interrupted download leaves at the end.

    Raises:
        UnreadableNotebookError: if the file holds nothing else.
    """
    if not raw.strip(b"\0 \t\r\n"):
        raise UnreadableNotebookError(text("submission.unreadable.empty"))
    rest = raw.rstrip(b"\0")
    if len(rest) == len(raw) or b"\0" in rest:  # UTF-16 and UTF-32 have zero bytes everywhere
        return raw
    told.append(text("submission.repaired.padding"))
    return rest


def decoded(raw: bytes, told: Repairs) -> str:
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
                STRICT.decode(content)
        except (ValueError, RecursionError):
            continue
        if encoding != "utf-8":
            name = encoding.upper().replace("CP", "Windows-").removesuffix("-SIG")
            told.append(text("submission.repaired.encoding", encoding=name))
        return content.removeprefix("\ufeff")  # some programs put a second mark before the first
    raise UnreadableNotebookError(text("submission.unreadable.encoding"))


def encodings(raw: bytes) -> Iterator[str]:
    """Yield the encodings to try, in order; only that of the byte order mark if there is one."""
    marked = next((name for mark, name in MARKS if raw.startswith(mark)), None)
    unmarked = next((name for beginning, name in UNMARKED if raw.startswith(beginning)), None)
    if marked or unmarked:
        yield str(marked or unmarked)
    else:
        yield from ("utf-8", OLD_WINDOWS)


def why_no_json(content: str, error: json.JSONDecodeError) -> str:
    """Explain in one sentence why a text is not JSON."""
    if "<<<<<<<" in content and ">>>>>>>" in content:
        return text("submission.unreadable.conflict")
    if ADDRESS.fullmatch(content):
        return text("submission.unreadable.address")
    first = content.lstrip("\ufeff \t\r\n")[:1]
    if first == "<":
        return text("submission.unreadable.html")
    if first not in ("{", "["):
        return text("submission.unreadable.text")
    return text("submission.unreadable.json", where=f"{error.lineno}:{error.colno}")
