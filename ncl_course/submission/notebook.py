"""Read a notebook's file robustly, as plain JSON. Nothing in it is run."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ncl_course.language import text
from ncl_course.submission.errors import UnreadableNotebookError
from ncl_course.submission.formats import is_code, nodes_of, source_of
from ncl_course.submission.outputs import MAX_FILE, without_outputs
from ncl_course.submission.saved import saved

MAX_BYTES = 64 * 2**20
VERSION = re.compile(r"\d{1,3}(?:\.\d{1,4}){1,2}[\w.+-]{0,20}")


@dataclass(frozen=True)
class Cell:
    """One code cell: its source and the role that the build gave it (``picture``, ``setup``, ``progress`` or none)."""

    source: str
    role: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notebook:
    """The contents of a notebook's file. ``lesson`` and ``language`` come from its metadata, or are empty.

    Attributes:
        repaired: one sentence for each repair that was needed to read the file.
        prose: the sources of the cells that are not code.
        python: the version of Python that ran the cells last, or empty.
    """

    cells: tuple[Cell, ...]
    lesson: str = ""
    language: str = ""
    repaired: tuple[str, ...] = field(default=())
    prose: tuple[str, ...] = field(default=())
    python: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources of the code cells."""
        return tuple(cell.source for cell in self.cells)


def read_notebook(path: Path) -> Notebook:
    """Read a notebook in any of Jupyter's formats.

    Raises:
        UnreadableNotebookError: if the file is not a notebook.
    """
    return notebook_of(read_bytes(path))


def read_bytes(path: Path) -> bytes:
    """Read a plain file, a very large one without its cells' outputs; refuse a link, a pipe or a device.

    Raises:
        UnreadableNotebookError: if the file is not a plain file, or if it is too large.
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
        if MAX_BYTES < status.st_size <= MAX_FILE and (rest := without_outputs(file, MAX_BYTES)) is not None:
            return rest
        demand_size(status.st_size)
        return file.read(MAX_BYTES + 1)


def demand_size(size: int) -> None:
    """Refuse a notebook that is too large, before reading it.

    Raises:
        UnreadableNotebookError: if ``size``, in bytes, is above the limit.
    """
    if size > MAX_BYTES:
        raise UnreadableNotebookError(text("submission.unreadable.large", size=size >> 20, limit=MAX_BYTES >> 20))


def notebook_of(raw: bytes) -> Notebook:
    """Parse the bytes of a notebook's file.

    Raises:
        UnreadableNotebookError: if they are not a notebook.
    """
    tree, repaired = saved(raw)
    nodes = nodes_of(tree, repaired)
    cells = [(node, source_of(node, repaired)) for node in nodes]
    code = tuple(code_cell(node, source) for node, source in cells if is_code(node))
    prose = tuple(source for node, source in cells if not is_code(node))
    own = own_metadata(tree)
    return Notebook(code, own.get("lesson", ""), own.get("language", ""), tuple(repaired), prose, python_of(tree))


def python_of(tree: dict[str, Any]) -> str:
    """Return the version of Python in a notebook's metadata, such as ``3.12.4``; or empty."""
    metadata = tree.get("metadata")
    language = metadata.get("language_info") if isinstance(metadata, dict) else None
    version = language.get("version") if isinstance(language, dict) else None
    return version if isinstance(version, str) and VERSION.fullmatch(version) else ""


def own_metadata(node: dict[str, Any]) -> dict[str, str]:
    """Return the texts that the build wrote under ``metadata.ncl_course``.

    Values of other types were edited and are dropped.
    """
    metadata = node.get("metadata")
    own = metadata.get("ncl_course") if isinstance(metadata, dict) else None
    return {k: v for k, v in own.items() if isinstance(v, str)} if isinstance(own, dict) else {}


def code_cell(node: dict[str, Any], source: str) -> Cell:
    """Return a code cell's node as a ``Cell``."""
    tags = node["metadata"].get("tags") if isinstance(node.get("metadata"), dict) else None
    plain = tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()
    return Cell(source, own_metadata(node).get("role", ""), plain)
