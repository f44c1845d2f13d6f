"""Set single cells of a CSV file, and keep every other byte: delimiter, quotes, line ends, BOM.

Python's csv module reads it and so decides the value of a cell, but it would write all cells in one style of quotes.
So a sheet is stored as the pieces of its text, and only the pieces of cells that are set change. A sheet that a
spreadsheet has saved in another encoding is written in UTF-8, which platforms read, with a byte order mark.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from ncl_course.files import write_atomically
from ncl_course.grading.errors import SheetError
from ncl_course.grading.sheets.words import decoded, is_utf_8, plain_spaces, sep_line
from ncl_course.language import text

DELIMITERS = (",", ";", "\t")
BOM = "\ufeff"
LARGEST = 50 * 2**20


@dataclass
class Sheet:
    """A table's cells exactly as in its file, with their quotes.

    Attributes:
        start: the text before the table: the byte order mark, and a line such as ``sep=;``.
        rows: the pieces of each row's cells; the first row holds the headers.
        ends: what ends each row.
        recoded: whether the file was not in UTF-8.
    """

    path: Path
    delimiter: str
    start: str
    rows: list[list[str]]
    ends: list[str]
    values: list[list[str]] = field(repr=False)
    recoded: bool = False

    @property
    def headers(self) -> list[str]:
        """Return the columns' names."""
        return [plain_spaces(value) for value in self.values[0]]

    def line(self, row: int) -> int:
        """Return the number of a row's line in the file, if no cell holds a line's end."""
        return row + 1 + self.start.count("sep=")

    def cell(self, row: int, column: int) -> str:
        """Return a cell's value; empty if the row is too short or if there is no such column."""
        there = column >= 0 and column < len(self.values[row])
        return self.values[row][column] if there else ""

    def set(self, row: int, column: int, value: str) -> None:
        """Set a cell's value; the cell keeps its quotes, and gets them if it needs them."""
        missing = column + 1 - len(self.rows[row])
        self.rows[row] += [""] * missing
        self.values[row] += [""] * missing
        quoted = self.rows[row][column].startswith('"') or re.search(rf'["\r\n{self.delimiter}]', value)
        doubled = value.replace('"', '""')
        self.rows[row][column] = f'"{doubled}"' if quoted else value
        self.values[row][column] = value

    def text(self) -> str:
        """Return the whole file's text."""
        lines = (self.delimiter.join(row) + end for row, end in zip(self.rows, self.ends, strict=True))
        return self.start + "".join(lines)

    def write(self, path: Path) -> None:
        """Write it to another place."""
        write_atomically(path, self.text())


def read_sheet(path: Path) -> Sheet:
    """Read a grading sheet as a learning platform exported it, or as a spreadsheet has saved it since.

    Raises:
        SheetError: if it cannot be read, or is not such a table.
    """
    try:
        raw = path.read_bytes() if path.stat().st_size <= LARGEST else b"\x98"  # in no encoding
    except OSError as error:
        raise SheetError(text("marks.sheet.unreadable", path=path, why=error.strerror or error)) from None
    try:
        content, recoded = decoded(raw), not is_utf_8(raw)
    except UnicodeDecodeError:
        raise SheetError(text("marks.sheet.encoding", path=path)) from None
    line, delimiter = sep_line(content)
    start = BOM if recoded or raw.startswith(BOM.encode()) else ""
    return replace(parsed(path, start + line, content[len(line) :], delimiter), recoded=recoded)


def parsed(path: Path, start: str, content: str, delimiter: str = "") -> Sheet:
    """Read the sheet in a text.

    Raises:
        SheetError: if it is not a table with headers and rows, or if a quote is never closed.
    """
    delimiter = delimiter or delimiter_of(content)
    rows, ends = pieces(content, delimiter)
    values = [[said(piece) for piece in row] for row in rows]
    if len(rows) < 2 or len(rows[0]) < 2:
        raise SheetError(text("marks.sheet.empty", path=path))
    if values != by_csv(content, delimiter):
        raise SheetError(text("marks.sheet.damaged", path=path))
    return Sheet(path, delimiter, start, rows, ends, values)


def delimiter_of(content: str) -> str:
    """Return the separator of the cells: the one that gives the first row the most cells."""
    return max(DELIMITERS, key=lambda delimiter: len(pieces(content, delimiter, most=1)[0][0]) if content else 0)


def pieces(content: str, delimiter: str, most: int | None = None) -> tuple[list[list[str]], list[str]]:
    """Return the cells of each row exactly as in the file, and each row's end; at most ``most`` rows, if given."""
    cut = re.escape(delimiter)
    cell = re.compile(rf'("(?:[^"]|"")*"[^{cut}\r\n]*|[^{cut}\r\n]*)({cut}|\r\n|\r|\n|\Z)')
    rows: list[list[str]] = []
    ends: list[str] = []
    row: list[str] = []
    place = 0
    while place < len(content) or row:
        found = cell.match(content, place)
        if found is None:  # pragma: no cover - the second alternative matches anything
            break
        row.append(found[1])
        place = found.end()
        if found[2] != delimiter:
            rows.append(row)
            ends.append(found[2])
            row = []
            if len(rows) == most:
                break
    return rows or [[""]], ends or [""]


def said(piece: str) -> str:
    """Return a cell's value, without its quotes."""
    if not piece.startswith('"'):
        return piece
    body, _, rest = piece[1:].rpartition('"')
    return body.replace('""', '"') + rest


def by_csv(content: str, delimiter: str) -> list[list[str]]:
    """Return the cells as Python's csv reads them; nothing if it cannot. An empty line is one empty cell."""
    csv.field_size_limit(LARGEST)
    try:
        return [row or [""] for row in csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)]
    except csv.Error:
        return []
