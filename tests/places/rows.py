"""The rows of the table of places: each is stored as soon as it is made, and the page ``docs/places.md`` shows all.

A row that was fine is not made again until something in it changes: the course's wheel, the key, or the place.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from ncl_course.files import write_atomically
from tests.places.environments import ROOT

STORED = Path(__file__).with_name("rows.json")
PAGE = ROOT / "docs" / "places.md"
INSTALLED = "-"
"""Stands in the place of a lesson where a row is about the installation."""
HEAD = """\
# What each place showed

`python -m tests.places` writes this page; [where.md](where.md) says what the places are. Each key runs in each
place, and what it shows is compared with the stored key: its texts and HTML, its widgets, its checks' verdicts, and its
panels. Where something differs, it is compared with the key's run in the environment of the tests on the same machine.

| place | key | outputs, widgets, checks, panels | seconds | day |
| --- | --- | --- | --- | --- |
"""


@dataclass(frozen=True)
class Row:
    """The result of one key in one place.

    Attributes:
        key: the language and the lesson, as in `en/01_pooling`.
        shown: the result in words: equal, or the cells that differ; counts of widgets, checks and panels.
        fine: whether all is as it should be there.
        seconds: the time it took.
        day: the day on which it was made, as in `2026-12-01`.
        made_of: a digest of everything that the row depends on.
    """

    place: str
    key: str
    shown: str
    fine: bool
    seconds: int
    day: str
    made_of: str

    def line(self) -> str:
        """Return the row as a line of the table."""
        return f"| {self.place} | {self.key} | {self.shown} | {self.seconds} | {self.day} |"


def page(rows: list[Row]) -> str:
    """Return the text of the page."""
    return HEAD + "".join(f"{row.line()}\n" for row in rows)


class Rows:
    """The stored rows.

    Args:
        stored: the file that holds them.
        page: the page that shows them.
        order: the names of all places, in the order of the table.
    """

    def __init__(self, stored: Path, page: Path, order: list[str]) -> None:
        self._stored, self._page, self._order = stored, page, order

    def read(self) -> dict[tuple[str, str], Row]:
        """Return the rows by their places and keys, as they are now: another run may have added some."""
        written = json.loads(self._stored.read_text(encoding="utf-8")) if self._stored.is_file() else []
        return {(row["place"], row["key"]): Row(**row) for row in written}

    def made(self, place: str, key: str, made_of: str) -> Row | None:
        """Return the row if it was fine and nothing that it depends on has changed since."""
        row = self.read().get((place, key))
        return row if row and row.fine and row.made_of == made_of else None

    def add(self, row: Row) -> None:
        """Store a row, and show it on the page."""
        rows = sorted(
            {**self.read(), (row.place, row.key): row}.values(),
            key=lambda row: (self._order.index(row.place), row.key),
        )
        write_atomically(self._stored, json.dumps([asdict(row) for row in rows], indent=1) + "\n")
        write_atomically(self._page, page(rows))
