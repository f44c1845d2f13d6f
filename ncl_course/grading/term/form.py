"""The form of a table for a spreadsheet: its separator, its decimal sign, its byte order mark.

A Russian Excel opens a CSV with semicolons and decimal commas; an English one with commas and points. Both need the
mark to read UTF-8. ``plain`` is for programs: commas, points, no mark.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ncl_course.grading.reports.csv import neutral

BOM = "\ufeff"


@dataclass(frozen=True)
class Form:
    """The signs with which a table is written."""

    delimiter: str = ","
    decimal: str = "."
    start: str = ""

    def text(self, rows: Iterable[Sequence[object]]) -> str:
        """Return the table; a cell of text can be no formula, and an empty one is a value that does not exist."""
        sheet = io.StringIO()
        writer = csv.writer(sheet, delimiter=self.delimiter, lineterminator="\r\n")
        for row in rows:
            writer.writerow([self.cell(value) for value in row])
        return self.start + sheet.getvalue()

    def cell(self, value: object) -> str:
        """Return one cell."""
        if value is None:
            return ""
        if isinstance(value, float):
            return f"{round(value, 4) + 0.0:.10g}".replace(".", self.decimal)
        return neutral(value) if isinstance(value, str) else str(value)


PLAIN = Form()
EXCEL = {"en": Form(",", ".", BOM), "ru": Form(";", ",", BOM)}


def form(kind: str, lang: str) -> Form:
    """Return the form that ``--csv`` asks for: ``excel`` in a language, or ``plain``."""
    return PLAIN if kind == "plain" else EXCEL[lang]


def items_form(kind: str, lang: str) -> Form:
    """Return the form of ``items.csv``, which holds no names: an English program or Excel reads the plain one."""
    return EXCEL["ru"] if kind == "excel" and lang == "ru" else PLAIN
