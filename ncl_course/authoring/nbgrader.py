"""nbgrader's metadata: in the source notebooks, which are our keys, and in the cells that it releases to students."""

from __future__ import annotations

import hashlib
from typing import Any

from nbformat import NotebookNode

SCHEMA = 3
"""The version of nbgrader's metadata."""


def marks(grade_id: str, *, points: float | None) -> dict[str, Any]:
    """Return the metadata of a cell in a source: a locked test cell with points, or a cell for a solution."""
    checks = points is not None
    about: dict[str, Any] = {
        "grade": checks,
        "grade_id": grade_id,
        "locked": checks,
        "schema_version": SCHEMA,
        "solution": not checks,
        "task": False,
    }
    return about | ({"points": points} if checks else {})


def release(cell: NotebookNode) -> None:
    """Add what nbgrader adds on release: marked cells cannot be deleted, locked ones not edited; all get a checksum."""
    about = cell.metadata.get("nbgrader")
    if about is None:
        return
    cell.metadata["deletable"] = False
    if about["locked"]:
        cell.metadata["editable"] = False
    about["cell_type"] = cell.cell_type
    about["checksum"] = checksum(cell)


def checksum(cell: NotebookNode) -> str:
    """Return nbgrader's checksum of a marked cell, by which it recognises a solution cell that was not changed."""
    about = cell.metadata["nbgrader"]
    marked = (str(about[name]) for name in ("grade", "solution", "locked"))
    points = str(float(about["points"])) if about["grade"] else ""
    summed = "".join([cell.source, cell.cell_type, *marked, about["grade_id"], points])
    return hashlib.md5(summed.encode(), usedforsecurity=False).hexdigest()
