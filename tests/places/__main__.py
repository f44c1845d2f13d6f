"""Build the places, run the keys in each, and print a table: ``python -m tests.places [NAME...]``.

Exit status: 0 all is equal, 1 something differs or cannot be installed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.places.browser import run_key_in_a_browser
from tests.places.environments import PLACES, ROOT, ChangedError, Place, build, build_wheel
from tests.places.keys import run_key

HUB = ROOT / "tests" / "browser" / "test_hub.py"
"""The tests of a real JupyterHub with two users, which build it; their row has no lessons of its own."""
NAMES = [*(place.name for place in PLACES), "hub"]


def rows(place: Place, wheel: Path, folder: Path, keys: list[Path]) -> Iterator[tuple[str, str, bool]]:
    """Build one place; yield for it and for each key its name, what it shows, and whether all is fine."""
    try:
        python = build(place, wheel, folder)
    except (ChangedError, RuntimeError) as error:
        yield "-", f"cannot be installed: {error}", False
        return
    yield "-", "installed", True
    for key in keys:
        shown = (run_key_in_a_browser if place.browser else run_key)(key, python)
        yield shown.lesson, str(shown), shown.fine if place.torch else shown.fine_without_torch


def hub() -> Iterator[tuple[str, str, bool]]:
    """Run the hub's tests, and yield how they end."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rs", HUB], cwd=ROOT, capture_output=True, text=True, check=False
    )
    last = done.stdout.strip().splitlines()[-1:] or ["nothing was printed"]
    yield "-", last[0], done.returncode == 0 and " passed" in last[0] and " skipped" not in last[0]


def main(arguments: list[str]) -> int:
    """Print a row for each place and key."""
    parser = argparse.ArgumentParser(prog="python -m tests.places", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", choices=NAMES, help=f"of {', '.join(NAMES)}")
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
        print("| place | lesson | outputs, widgets, checks, panels | seconds |\n| --- | --- | --- | --- |", flush=True)
        tables = {place.name: partial(rows, place, wheel, folder, keys) for place in PLACES} | {"hub": hub}
        for name in chosen.names or NAMES:
            start = time.monotonic()
            for lesson, said, right in tables[name]():
                fine = fine and right
                print(f"| {name} | {lesson} | {said} | {time.monotonic() - start:.0f} |", flush=True)
                start = time.monotonic()
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
