"""Build the places, run the keys in each, and print a table: ``python -m tests.places [NAME...]``.

Exit status: 0 all is equal, 1 something differs or cannot be installed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.places.environments import PLACES, ROOT, ChangedError, Place, build, build_wheel
from tests.places.keys import Shown, run_key


def rows(place: Place, wheel: Path, folder: Path, keys: list[Path]) -> Iterator[Shown | str]:
    """Build one place and yield what each key shows there, or why there is none."""
    try:
        python = build(place, wheel, folder)
    except (ChangedError, RuntimeError) as error:
        yield f"cannot be installed: {error}"
        return
    for key in keys:
        yield run_key(key, python)


def main(arguments: list[str]) -> int:
    """Print a row for each place and key."""
    parser = argparse.ArgumentParser(prog="python -m tests.places", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(place.name for place in PLACES)}")
    parser.add_argument("--lesson", action="append", default=[], help="01 or 06; every lesson by default")
    parser.add_argument("--lang", default="en", choices=("en", "ru"))
    parser.add_argument("--in", dest="folder", type=Path, help="a new folder to build in and keep")
    chosen = parser.parse_args(arguments)
    keys = sorted((ROOT / "solutions" / chosen.lang).glob("*.ipynb"))
    keys = [key for key in keys if not chosen.lesson or key.stem.startswith(tuple(chosen.lesson))]
    with tempfile.TemporaryDirectory(prefix="places-") as temporary:
        folder = (chosen.folder or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        wheel = build_wheel(folder)
        fine = True
        print("| place | lesson | outputs, widgets, checks | seconds |\n| --- | --- | --- | --- |", flush=True)
        for place in PLACES:
            if chosen.names and place.name not in chosen.names:
                continue
            start = time.monotonic()
            for shown in rows(place, wheel, folder, keys):
                fine = fine and isinstance(shown, Shown) and shown.fine
                lesson = shown.lesson if isinstance(shown, Shown) else "-"
                print(f"| {place.name} | {lesson} | {shown} | {time.monotonic() - start:.0f} |", flush=True)
                start = time.monotonic()
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
