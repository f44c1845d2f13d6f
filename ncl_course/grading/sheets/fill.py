"""Write marks and comments into a sheet's rows, matched by number, and note why other rows get none.

A row is not changed if the platform would not take a mark, if there is none, or if it is not clear whose row it
is. Names are compared only for students without a number, and then only with the sheet's identifiers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ncl_course.grading.handed_in.names import composed
from ncl_course.grading.reports.csv import begun_as_text
from ncl_course.grading.sheets.columns import Columns, numbered
from ncl_course.grading.sheets.feedback import comment, feedback
from ncl_course.grading.sheets.table import Sheet
from ncl_course.grading.sheets.words import number_in

NO = frozenset(("no", "нет", "nein", "non", "não", "nie", "nee", "nej", "ne", "ні", "hayır"))
"""Moodle's words, by language, for a grade that cannot be changed."""

KEPT = frozenset(("ex", "n/a"))
"""Canvas's words for an excused student and for one who does not have the assignment."""

DECIMALS = 2


class Mark(Protocol):
    """A student's mark that a sheet takes: of a lesson, or of the whole term."""

    @property
    def student(self) -> str:
        """The student's name in the results."""

    @property
    def numbers(self) -> frozenset[str]:
        """The numbers that platforms gave to the student."""

    @property
    def graded(self) -> bool:
        """Whether it is the grader's and not only a person's."""

    @property
    def mark(self) -> float | None:
        """The points; None if there are none to write."""

    @property
    def max_score(self) -> float | None:
        """The most points, which the sheet's maximum stands for."""


@dataclass
class Filled:
    """The result of filling in a sheet.

    Attributes:
        written: the rows that got a mark.
        left: the other rows by the reason: ``locked``, ``kept``, ``ungraded``, ``absent``, ``ambiguous``.
        replaced: the changed marks: who, before, after.
        strangers: students without a row.
        above: rows whose mark is above the sheet's maximum.
        scale: the sheet's maximum and the lesson's, if they differ.
    """

    written: list[str] = field(default_factory=list)
    left: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    replaced: list[tuple[str, str, str]] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    above: list[str] = field(default_factory=list)
    scale: tuple[float, float] | None = None


def fill(
    sheet: Sheet, columns: Columns, entries: Sequence[Mark], words: Callable[[Any], list[str]] = feedback
) -> Filled:
    """Write the marks of a lesson's entries, or of the term, into a sheet; ``words`` are the lines of a comment."""
    filled = Filled()
    index = by_key(entries)
    rows = [row for row in range(columns.first, len(sheet.rows)) if any(cell.strip() for cell in sheet.values[row])]
    keys = {row: row_keys(sheet, columns, row) for row in rows}
    counts = Counter(key for found in keys.values() for key in found)
    met: set[str] = set()
    for row in rows:
        found = unique(entry for key in keys[row] for entry in index.get(key, ()))
        students = {entry.student for entry in found}
        met |= students
        clear = len(students) < 2 and all(counts[key] == 1 for key in keys[row])
        fill_row(sheet, columns, row, found, clear, filled, words)
    filled.strangers += sorted({entry.student for entry in entries} - met)
    return filled


def fill_row(
    sheet: Sheet,
    columns: Columns,
    row: int,
    found: Sequence[Mark],
    clear: bool,
    filled: Filled,
    words: Callable[[Any], list[str]],
) -> None:
    """Write one row's mark, or note why there is none."""
    who = label(sheet, columns, row)
    marked = [(entry.graded, entry.mark, entry) for entry in found if entry.mark is not None]
    before = sheet.cell(row, columns.grade).strip()
    reason = why_left(sheet, columns, row, found, clear)
    if reason or not marked:
        filled.left[reason or "ungraded"].append(who)
        return
    best = max(marked, key=lambda one: one[:2])[2]
    after = scaled(sheet, columns, row, best, filled)
    most = number_in(maximum(sheet, columns, row))
    if columns.platform == "moodle" and most and (number_in(after) or 0.0) > most:
        filled.above.append(who)
    if before not in ("", "-") and number_in(before) != number_in(after):
        filled.replaced.append((who, before, after))
    sheet.set(row, columns.grade, after)
    if columns.feedback >= 0:
        said = comment(sheet.cell(row, columns.feedback), words(best), columns.platform == "moodle")
        sheet.set(row, columns.feedback, begun_as_text(said))
    filled.written.append(who)


def why_left(sheet: Sheet, columns: Columns, row: int, found: Sequence[Mark], clear: bool) -> str:
    """Return why a row is not changed, or an empty string."""
    reasons = {
        "absent": not found,
        "ambiguous": not clear,
        "locked": sheet.cell(row, columns.changeable).strip().casefold() in NO,
        "kept": columns.platform == "canvas" and sheet.cell(row, columns.grade).strip().casefold() in KEPT,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def scaled(sheet: Sheet, columns: Columns, row: int, entry: Mark, filled: Filled) -> str:
    """Return a mark on the sheet's scale, with its decimal sign."""
    said = maximum(sheet, columns, row)
    most, own = number_in(said), entry.max_score
    value = float(entry.mark or 0.0)
    if most and own and most != own:
        filled.scale = (most, own)
        value *= most / own
    comma = "," in said or "," in sheet.cell(row, columns.grade)
    plain = f"{value + 0.0:.{DECIMALS}f}"
    return plain.replace(".", ",") if comma else plain


def maximum(sheet: Sheet, columns: Columns, row: int) -> str:
    """Return the sheet's maximum for a row's mark; empty if it has none."""
    return sheet.cell(columns.points, columns.grade) if columns.points else sheet.cell(row, columns.max)


def row_keys(sheet: Sheet, columns: Columns, row: int) -> set[str]:
    """Return the keys that may match a row's student: the identifier, and the number in Moodle's."""
    said = sheet.cell(row, columns.id).strip()
    number = numbered(said) if columns.platform == "moodle" else ""
    return {composed(key) for key in (said, number) if key}


def by_key(entries: Iterable[Mark]) -> Mapping[str, list[Mark]]:
    """Return the entries by the keys that may match them: their numbers, or the student's name if there are none."""
    index: dict[str, list[Mark]] = defaultdict(list)
    for entry in entries:
        numbers = entry.numbers
        for key in numbers or {entry.student}:
            index[composed(key)].append(entry)
    return index


def unique(entries: Iterable[Mark]) -> list[Mark]:
    """Return each entry once."""
    return list({id(entry): entry for entry in entries}.values())


def label(sheet: Sheet, columns: Columns, row: int) -> str:
    """Name a row for a person: its first cell, and the identifier."""
    cells = (sheet.cell(row, 0), sheet.cell(row, 1), sheet.cell(row, columns.id))
    return ", ".join(dict.fromkeys(cell.strip() for cell in cells if cell.strip()))
