"""The instructor's layers as a student's notebook would define them, from the built keys."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from ncl_course.submission.namespace import definitions
from ncl_course.submission.notebook import read_notebook

SOLUTIONS = Path(__file__).parents[1] / "solutions" / "en"
FAST = SOLUTIONS.parent / "fast" / "layers.py"


def keys(overrides: Path | None = None) -> dict[str, Any]:
    """What the solution notebooks define, by name, and on top of it what a Python file defines, where one is given."""
    names: dict[str, Any] = {}
    for path in sorted(SOLUTIONS.glob("*.ipynb")):
        names |= definitions(read_notebook(path)).names
    return names | (runpy.run_path(str(overrides)) if overrides else {})
