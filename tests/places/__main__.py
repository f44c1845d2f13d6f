"""Build the places, run the keys in each, and write docs/places.md: ``python -m tests.places [NAME...]``.

Each row is stored as soon as it is made. After Ctrl-C, or where a row failed, the same command goes on with the rows
that are missing.

Exit status: 0 all is equal, 1 something differs or cannot be installed, 130 after Ctrl-C.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from tests.places.browser import run_key_in_a_browser
from tests.places.environments import PLACES, ROOT, Place, build, build_wheel, digest, packages
from tests.places.hub import HUB_FILES, run_hub
from tests.places.keys import run_key
from tests.places.rows import INSTALLED, PAGE, STORED, Row, Rows

NAMES = [*(place.name for place in PLACES), "hub"]
Seen = tuple[str, bool]
"""The text of a row, and whether all is fine."""


class Table:
    """The table while it is made.

    Args:
        rows: the rows that are stored.
        again: whether to make rows again that are stored and fine.
    """

    def __init__(self, rows: Rows, again: bool = False) -> None:
        self._rows, self._again = rows, again
        self.fine = True

    def row(self, place: str, key: str, made_of: str, see: Callable[[], Seen]) -> bool:
        """Make a row unless it is there, store it, print it, and return whether it is fine.

        An error in a row costs that row alone.
        """
        row = None if self._again else self._rows.made(place, key, made_of)
        if row is None:
            print(f"{time.strftime('%H:%M:%S')} {place} {key} ...", file=sys.stderr, flush=True)
            start = time.monotonic()
            try:
                shown, fine = see()
            except Exception as error:
                shown, fine = f"COULD NOT BE RUN: {in_one_line(error)}", False
            seconds = round(time.monotonic() - start)
            row = Row(place, key, shown, fine, seconds, date.today().isoformat(), made_of)
            self._rows.add(row)
        print(row.line(), flush=True)
        self.fine = self.fine and row.fine
        return row.fine


def in_one_line(error: Exception) -> str:
    """Return an error as the text of a cell of a table."""
    return " ".join(f"{type(error).__name__}: {error}".replace("|", "/").split())[-500:]


def run_place(table: Table, place: Place, wheel: Path, folder: Path, keys: list[Path]) -> None:
    """Build one place, and make its rows."""
    made_of = digest(wheel, *packages(place))

    def install() -> Seen:
        build(place, wheel, folder)
        return "installed", True

    def see(key: Path) -> Seen:
        python = build(place, wheel, folder)
        shown = (run_key_in_a_browser if place.browser else run_key)(key, python)
        return str(shown), shown.fine if place.torch else shown.fine_without_torch

    if table.row(place.name, INSTALLED, made_of, install):
        for key in keys:
            table.row(place.name, f"{key.parent.name}/{key.stem}", digest(wheel, made_of, key), partial(see, key))


def parsed(arguments: list[str]) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.places", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", choices=NAMES, help=f"of {', '.join(NAMES)}")
    parser.add_argument("--lesson", action="append", default=[], help="01 or 06; every lesson by default")
    parser.add_argument("--lang", default="en", choices=("en", "ru"))
    parser.add_argument("--again", action="store_true", help="make rows again that are there and fine")
    folder = ROOT / "build" / "places"
    words = "the places' folder; two runs at a time need two"
    parser.add_argument("--in", dest="folder", type=Path, default=folder, help=words)
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Make the rows of each place and key."""
    chosen = parsed(arguments)
    keys = sorted((ROOT / "solutions" / chosen.lang).glob("*.ipynb"))
    keys = [key for key in keys if not chosen.lesson or key.stem.startswith(tuple(chosen.lesson))]
    folder = chosen.folder.resolve()
    wheel = build_wheel(folder)
    table = Table(Rows(STORED, PAGE, NAMES), chosen.again)
    try:
        for place in PLACES:
            if not chosen.names or place.name in chosen.names:
                run_place(table, place, wheel, folder, keys)
        if not chosen.names or "hub" in chosen.names:
            table.row("hub", INSTALLED, digest(wheel, *HUB_FILES), run_hub)
    except KeyboardInterrupt:
        print("Stopped; the rows above are stored. The same command goes on from here.", file=sys.stderr)
        return 130
    return 0 if table.fine else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
