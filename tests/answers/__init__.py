"""Students' answers as NumPy code: right in several styles, and wrong in every way that has a name.

``LESSON_right.py`` holds ``RIGHT``, the answers by exercise, and ``LESSON_wrong.py`` holds ``WRONG``, pairs (name of
the misconception, wrong answer) by exercise. This module joins them.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from ncl_course.checking.own import NEEDED
from ncl_course.protocol.pieces import GIVEN


def together(table: str) -> dict[str, tuple[Any, ...]]:
    """Join the tables with that name from all files of this folder."""
    merged: dict[str, tuple[Any, ...]] = {}
    for path in sorted(Path(__file__).parent.glob(f"*_{table.lower()}.py")):
        merged |= getattr(importlib.import_module(f"{__name__}.{path.stem}"), table)
    return merged


RIGHT = together("RIGHT")
WRONG = together("WRONG")
KIT = GIVEN | {name: RIGHT[name][0] for name in NEEDED}
"""The pieces for lesson 06: the given ones, and a right layer of each kind that it needs."""
