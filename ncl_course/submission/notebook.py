"""Read a notebook's file robustly, as the JSON that it is. Nothing of it is run."""

from __future__ import annotations

import codecs
import json
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ncl_course.language import text
from ncl_course.submission.errors import UnreadableNotebookError

MAX_BYTES = 64 * 2**20
ENCODINGS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True)
class Cell:
    """One code cell: its source and the role that the build gave it (``picture``, ``setup``, ``progress`` or none)."""

    source: str
    role: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notebook:
    """What a notebook's file holds. ``lesson`` and ``language`` are what its metadata says, or empty."""

    cells: tuple[Cell, ...]
    lesson: str = ""
    language: str = ""
    repaired: tuple[str, ...] = field(default=())

    @property
    def sources(self) -> tuple[str, ...]:
        """The code cells' sources."""
        return tuple(cell.source for cell in self.cells)


def read_notebook(path: Path) -> Notebook:
    """Read a notebook of nbformat 4.

    Raises:
        UnreadableNotebookError: it is none.
    """
    return notebook_of(read_bytes(path))


def read_bytes(path: Path) -> bytes:
    """The bytes of a plain file; a link, pipe or device in its place is refused.

    Raises:
        UnreadableNotebookError: it is no plain file, or too large.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        key = "link" if path.is_symlink() else "closed"
        raise UnreadableNotebookError(text(f"grading.unreadable.{key}", why=error.strerror)) from None
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise UnreadableNotebookError(text("grading.unreadable.special"))
    with open(descriptor, "rb") as file:
        if status.st_size > MAX_BYTES:
            size, limit = status.st_size >> 20, MAX_BYTES >> 20
            raise UnreadableNotebookError(text("grading.unreadable.large", size=size, limit=limit))
        return file.read(MAX_BYTES + 1)


def notebook_of(raw: bytes) -> Notebook:
    """The notebook that those bytes are.

    Raises:
        UnreadableNotebookError: they are none.
    """
    content, repaired = decoded(raw)
    try:
        tree = json.loads(content)
    except RecursionError:
        raise UnreadableNotebookError(text("grading.unreadable.shape")) from None
    except ValueError as error:
        where = f"{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else "?"
        key = "conflict" if "<<<<<<<" in content and ">>>>>>>" in content else "json"
        raise UnreadableNotebookError(text(f"grading.unreadable.{key}", where=where)) from None
    if not isinstance(tree, dict) or not isinstance(tree.get("cells", tree.get("worksheets")), list):
        raise UnreadableNotebookError(text("grading.unreadable.shape"))
    if tree.get("nbformat") != 4:
        raise UnreadableNotebookError(text("grading.unreadable.format", version=str(tree.get("nbformat"))[:20]))
    own = own_metadata(tree)
    return Notebook(tuple(code_cells(tree["cells"])), own.get("lesson", ""), own.get("language", ""), repaired)


def decoded(raw: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of a file, whatever editor has saved it, and what was repaired on the way.

    Raises:
        UnreadableNotebookError: it is no text.
    """
    if not raw.strip():
        raise UnreadableNotebookError(text("grading.unreadable.empty"))
    encoding = next((name for mark, name in ENCODINGS if raw.startswith(mark)), "utf-8")
    try:
        content = raw.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableNotebookError(text("grading.unreadable.encoding")) from None
    return content, () if encoding == "utf-8" else (text("grading.repaired.encoding", encoding=encoding.upper()),)


def own_metadata(node: dict[str, Any]) -> dict[str, str]:
    """What the build wrote under ``metadata.ncl_course``: names and texts; anything else was edited and is left out."""
    metadata = node.get("metadata")
    own = metadata.get("ncl_course") if isinstance(metadata, dict) else None
    return {k: v for k, v in own.items() if isinstance(v, str)} if isinstance(own, dict) else {}


def code_cells(nodes: list[Any]) -> list[Cell]:
    """The code cells among a notebook's cells; what is no cell is passed over."""
    cells = []
    for node in nodes:
        if isinstance(node, dict) and node.get("cell_type") == "code":
            tags = node["metadata"].get("tags") if isinstance(node.get("metadata"), dict) else None
            plain = tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()
            cells.append(Cell(joined(node.get("source")), own_metadata(node).get("role", ""), plain))
    return cells


def joined(source: Any) -> str:
    """A cell's source, which nbformat keeps as one text or as a list of lines; CRLF becomes LF."""
    parts = source if isinstance(source, list) else [source]
    return "".join(part for part in parts if isinstance(part, str)).replace("\r\n", "\n").replace("\r", "\n")
