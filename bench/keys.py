"""The instructor's layers from the built keys, in the form of a student's definitions."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from ncl_course.submission.namespace import definitions
from ncl_course.submission.notebook import read_notebook

SOLUTIONS = Path(__file__).parents[1] / "solutions" / "en"
FAST = SOLUTIONS.parent / "fast" / "layers.py"


def keys(overrides: Path | None = None) -> dict[str, Any]:
    """Return the definitions in the solution notebooks by name; those in a Python file, if given, override them."""
    names: dict[str, Any] = {}
    for path in sorted(SOLUTIONS.glob("*.ipynb")):
        names |= definitions(read_notebook(path)).names
    return names | (runpy.run_path(str(overrides)) if overrides else {})
