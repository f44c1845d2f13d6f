"""Read a table that a person keeps, by its headers: points by hand, a roster, times of handing in.

A spreadsheet may have saved it with any of the usual separators, in another encoding, with quotes around whole rows, or
with ``="0012"`` for a number that keeps its zeros. A title and empty lines may be above the headers.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Sequence
from pathlib import Path

from ncl_course.grading.errors import PolicyError
from ncl_course.grading.sheets.words import decoded, plain_spaces, sep_line
from ncl_course.language import text

TOO_MANY = ""
"""The header for cells without one: a comma in a number or a comment splits a cell in two."""

DELIMITERS = (",", ";", "\t", "|")
MOST_ABOVE, SAMPLE = 10, 20_000
"""The rows among which the headers are, and the characters by which the separator is found."""

AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)
"""A cell that a spreadsheet shall take for text."""

Row = tuple[int, list[str]]


def table(
    path: Path, needed: Collection[str], known: Collection[str], *, one_of: Collection[str] = ()
) -> list[tuple[int, dict[str, str]]]:
    """Read a CSV's rows by their headers, each with the number of its last line and the cells after the last header.

    Args:
        needed: headers that must be there.
        known: headers that may be there once.
        one_of: further headers; the row of the headers has at least one of them.

    Raises:
        PolicyError: if it cannot be read, or if a header is missing or occurs twice.
    """
    try:
        content = decoded(path.read_bytes())
        line, delimiter = sep_line(content)
        content = content[len(line) :]
        delimiter = delimiter or separator(content, needed, one_of)
        found = rows(content, delimiter, strict=True)
    except OSError as error:
        raise PolicyError(text("marks.manual.unreadable", path=path, why=error.strerror or error)) from None
    except UnicodeDecodeError:
        raise PolicyError(text("marks.manual.encoding", path=path)) from None
    except csv.Error as error:
        raise PolicyError(text("marks.manual.unreadable", path=path, why=error)) from None
    at = head_of(found, delimiter, needed, one_of)
    heads = headers(found[at], delimiter) if found else []
    if not set(needed) <= set(heads) or any(heads.count(name) > 1 for name in known):
        raise PolicyError(text("marks.manual.headers", path=path, found=", ".join(heads), needed=",".join(known)))
    blank = dict.fromkeys(known, "")
    whole = [(number + bool(line), split(cells, delimiter, heads)) for number, cells in found[at + 1 :]]
    ends = len(heads)
    return [
        (n, blank | dict(zip(heads, cells, strict=False)) | {TOO_MANY: "".join(cells[ends:])}) for n, cells in whole
    ]


def rows(content: str, delimiter: str, *, strict: bool = False) -> list[Row]:
    """Return the cells of each row, with the number of its last line.

    Raises:
        csv.Error: if a quote is never closed, and if it is ``strict``.
    """
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=strict)
    return [(reader.line_num, [plain(cell) for cell in row]) for row in reader]


def plain(cell: str) -> str:
    """Return a cell's value without the spaces around it."""
    found = AS_TEXT.fullmatch(cell.strip())
    return found[1].replace('""', '"').strip() if found else cell.strip()


def separator(content: str, needed: Collection[str], one_of: Collection[str]) -> str:
    """Return the separator by which there are headers, and as many cells as headers in most of the other rows."""

    def fits(delimiter: str) -> tuple[bool, int, int]:
        found = rows(content[:SAMPLE], delimiter)
        at = head_of(found, delimiter, needed, one_of)
        heads = headers(found[at], delimiter) if found else []
        same = sum(len(split(cells, delimiter, heads)) == len(heads) > 1 for _, cells in found[at + 1 :])
        return is_head(heads, needed, one_of), same, len(heads)

    return max(DELIMITERS, key=fits)


def head_of(found: Sequence[Row], delimiter: str, needed: Collection[str], one_of: Collection[str]) -> int:
    """Return the place of the row with the headers: by default the first row that is not empty."""
    places = [n for n, (_, cells) in enumerate(found[:MOST_ABOVE]) if any(cells)]
    right = (n for n in places if is_head(headers(found[n], delimiter), needed, one_of))
    return next(right, places[0] if places else 0)


def headers(row: Row, delimiter: str) -> list[str]:
    """Return the headers in a row, in lower case. A whole row in quotes is divided, too."""
    cells = next(csv.reader(row[1], delimiter=delimiter), []) if len(row[1]) == 1 else row[1]
    return [plain_spaces(plain(cell)).lower().replace("_", " ") if cell else "" for cell in cells]


def is_head(heads: Sequence[str], needed: Collection[str], one_of: Collection[str]) -> bool:
    """Return whether these are headers."""
    return set(needed) <= {*heads} and (not one_of or bool({*heads} & {*one_of}))


def split(cells: list[str], delimiter: str, heads: Sequence[str]) -> list[str]:
    """Return a row's cells; if the whole row is in quotes and has several headers, the cells inside them."""
    if len(cells) != 1 or len(heads) < 2 or delimiter not in cells[0]:
        return cells
    return [plain(cell) for cell in next(csv.reader(cells, delimiter=delimiter))]
