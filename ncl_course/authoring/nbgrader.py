"""nbgrader's metadata: what its sources, our keys, hold, and what it adds to a cell that it releases to students."""

from __future__ import annotations

import hashlib
from typing import Any

from nbformat import NotebookNode

SCHEMA = 3
"""The version of nbgrader's metadata."""


def marks(grade_id: str, *, points: float | None) -> dict[str, Any]:
    """The marks of a source's cell: a locked test cell with points, or a cell to write a solution in."""
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
    """Add what nbgrader adds: nobody deletes a marked cell or edits a locked one, and a checksum says what it held."""
    about = cell.metadata.get("nbgrader")
    if about is None:
        return
    cell.metadata["deletable"] = False
    if about["locked"]:
        cell.metadata["editable"] = False
    about["cell_type"] = cell.cell_type
    about["checksum"] = checksum(cell)


def checksum(cell: NotebookNode) -> str:
    """nbgrader's sum of a marked cell: by it nbgrader knows a solution cell that was left as it was handed out."""
    about = cell.metadata["nbgrader"]
    marked = (str(about[name]) for name in ("grade", "solution", "locked"))
    points = str(float(about["points"])) if about["grade"] else ""
    summed = "".join([cell.source, cell.cell_type, *marked, about["grade_id"], points])
    return hashlib.md5(summed.encode(), usedforsecurity=False).hexdigest()
