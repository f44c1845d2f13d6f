"""Read a notebook's file robustly, as the JSON that it is. Nothing of it is run."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ncl_course.language import text
from ncl_course.submission.errors import UnreadableNotebookError
from ncl_course.submission.formats import nodes_of, source_of
from ncl_course.submission.saved import saved

MAX_BYTES = 64 * 2**20


@dataclass(frozen=True)
class Cell:
    """One code cell: its source and the role that the build gave it (``picture``, ``setup``, ``progress`` or none)."""

    source: str
    role: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notebook:
    """What a notebook's file holds. ``lesson`` and ``language`` are what its metadata says, or empty.

    Attributes:
        repaired: what had to be repaired to read it, a sentence each.
        prose: the sources of the cells that are no code.
    """

    cells: tuple[Cell, ...]
    lesson: str = ""
    language: str = ""
    repaired: tuple[str, ...] = field(default=())
    prose: tuple[str, ...] = field(default=())

    @property
    def sources(self) -> tuple[str, ...]:
        """The code cells' sources."""
        return tuple(cell.source for cell in self.cells)


def read_notebook(path: Path) -> Notebook:
    """Read a notebook of any of Jupyter's formats.

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
        raise UnreadableNotebookError(text(f"submission.unreadable.{key}", why=error.strerror)) from None
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        key = "folder" if stat.S_ISDIR(status.st_mode) else "special"
        raise UnreadableNotebookError(text(f"submission.unreadable.{key}"))
    with open(descriptor, "rb") as file:
        demand_size(status.st_size)
        return file.read(MAX_BYTES + 1)


def demand_size(size: int) -> None:
    """Refuse a notebook that is too large, before it is read.

    Raises:
        UnreadableNotebookError: it is.
    """
    if size > MAX_BYTES:
        raise UnreadableNotebookError(text("submission.unreadable.large", size=size >> 20, limit=MAX_BYTES >> 20))


def notebook_of(raw: bytes) -> Notebook:
    """The notebook that those bytes are.

    Raises:
        UnreadableNotebookError: they are none.
    """
    tree, repaired = saved(raw)
    nodes = nodes_of(tree, repaired)
    cells = [(node, source_of(node, repaired)) for node in nodes]
    code = tuple(code_cell(node, source) for node, source in cells if node.get("cell_type") == "code")
    prose = tuple(source for node, source in cells if node.get("cell_type") != "code")
    own = own_metadata(tree)
    return Notebook(code, own.get("lesson", ""), own.get("language", ""), tuple(repaired), prose)


def own_metadata(node: dict[str, Any]) -> dict[str, str]:
    """What the build wrote under ``metadata.ncl_course``: names and texts; anything else was edited and is left out."""
    metadata = node.get("metadata")
    own = metadata.get("ncl_course") if isinstance(metadata, dict) else None
    return {k: v for k, v in own.items() if isinstance(v, str)} if isinstance(own, dict) else {}


def code_cell(node: dict[str, Any], source: str) -> Cell:
    """A code cell's node as a cell."""
    tags = node["metadata"].get("tags") if isinstance(node.get("metadata"), dict) else None
    plain = tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()
    return Cell(source, own_metadata(node).get("role", ""), plain)
