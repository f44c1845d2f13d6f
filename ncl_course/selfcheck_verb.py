"""The verb ``check``: check each notebook, print its panels, write the requested files, and return an exit status."""

from __future__ import annotations

import glob
import json
from collections.abc import Sequence
from pathlib import Path

from ncl_course.language import text
from ncl_course.selfcheck_apart import Page, pages
from ncl_course.terminal import PROBLEMS, WRONG_USAGE, complain, say

STDOUT = Path("-")
STOPPED = 130
"""The exit status after Ctrl-C."""


def check(paths: Sequence[Path], json_file: Path | None = None, summary: Path | None = None) -> int:
    """Check notebooks and return the exit status; after Ctrl-C, what is done by then is still written.

    Args:
        json_file: where to write the results as JSON; ``-`` prints the JSON and no panels.
        summary: a file to append the results to as Markdown, one notebook at a time as soon as it is checked.

    Raises:
        OSError: if one of the two files cannot be written.
    """
    done: list[Page] = []
    stopped = False
    try:
        for page in pages(named(paths)):
            done.append(page)
            show(page, panels=json_file != STDOUT)
            if summary is not None:
                with summary.open("a", encoding="utf-8", newline="\n") as file:
                    file.write(page.section)
    except KeyboardInterrupt as interrupt:
        where = "".join(map(str, interrupt.args)) or text("course.selfcheck.start")
        complain(text("course.selfcheck.stopped", where=where))
        stopped = True
    if json_file is not None:
        write_json(json_file, done)
    return STOPPED if stopped else status(done)


def named(paths: Sequence[Path]) -> list[Path]:
    """Return the files that are meant by a pattern such as ``*.ipynb``, which the shells of Windows leave as it is."""
    found: list[Path] = []
    for path in paths:
        matching = [] if path.exists() else sorted(glob.glob(str(path)))
        found += map(Path, matching) if matching else [path]
    return found


def show(page: Page, *, panels: bool) -> None:
    """Print a notebook's panels and its points; problems go to stderr."""
    if page.problem:
        complain(page.problem)
        return
    if page.instead and panels:
        say(page.instead)
    for panel in page.panels if panels else ():
        say(panel + "\n")
    for trouble in page.troubles:
        complain(trouble)
    if page.total and panels:
        say(page.total, style="bold")


def write_json(path: Path, done: Sequence[Page]) -> None:
    """Write the results as JSON, or print them."""
    from ncl_course.checking.checked import whole

    words = json.dumps(whole([page.record for page in done]), indent=2)
    if path == STDOUT:
        print(words)
    else:
        path.write_text(words + "\n", encoding="utf-8")


def status(done: Sequence[Page]) -> int:
    """Return the exit status: 0 if all notebooks passed, 1 if some did not, 2 if one could not be checked."""
    if any(page.problem for page in done):
        return WRONG_USAGE
    return 0 if all(page.passed for page in done) else PROBLEMS
