"""Tell an instructor about a filled sheet: where it is, and every row and student that needs attention."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ncl_course.grading.reports.cohort import number
from ncl_course.grading.sheets.columns import Columns
from ncl_course.grading.sheets.columns import listed as quoted
from ncl_course.grading.sheets.fill import Filled
from ncl_course.grading.sheets.table import Sheet
from ncl_course.language import text

MOST = 20
"""The most names that one line lists."""

REASONS = ("absent", "ungraded", "locked", "kept", "ambiguous")


def told(filled: Filled, lesson: str, path: Path, original: Sheet, columns: Columns) -> list[str]:
    """Return the lines about a sheet."""
    said = {"lesson": lesson, "path": path, "original": original.path, "count": len(filled.written)}
    lines = [text("marks.sheet.written" if filled.written else "marks.sheet.nothing", **said)]
    if original.recoded and filled.written:
        lines.append(text("marks.sheet.recoded", original=original.path))
    if filled.scale:
        most, own = (number(value) for value in filled.scale)
        lines.append(text("marks.sheet.scaled", most=most, own=own, lesson=lesson))
    if columns.feedback < 0:
        key = "no_feedback" if columns.platform == "canvas" else "feedback_unknown"
        lines.append(text(f"marks.sheet.{key}", headers=quoted(original.headers)))
    if filled.replaced:
        changes = [f"{who}: {before} → {after}" for who, before, after in filled.replaced]
        lines.append(text("marks.sheet.replaced", names=listed(changes)))
    for reason in REASONS:
        if filled.left[reason]:
            names = listed(filled.left[reason])
            lines.append(text(f"marks.sheet.left.{reason}", count=len(filled.left[reason]), names=names))
    if filled.above:
        lines.append(text("marks.sheet.above", names=listed(filled.above)))
    if filled.strangers:
        lines.append(text("marks.sheet.strangers", names=listed(filled.strangers)))
    return lines


def listed(names: Sequence[str]) -> str:
    """Return names in one line; of many, only the first ones."""
    shown = "; ".join(names[:MOST])
    left = len(names) - MOST
    return shown if left <= 0 else text("marks.sheet.more", names=shown, count=left)
