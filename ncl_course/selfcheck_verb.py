"""The verb ``check``: check each notebook, print its panels, write the requested files, and return an exit status."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from ncl_course.checking.checked import Checked, record
from ncl_course.checking.markdown import notebook as section
from ncl_course.checking.render import plain
from ncl_course.checking.view import number
from ncl_course.language import text
from ncl_course.selfcheck import check_each
from ncl_course.terminal import PROBLEMS, WRONG_USAGE, complain, say

STDOUT = Path("-")


def check(paths: Sequence[Path], json_file: Path | None = None, summary: Path | None = None) -> int:
    """Check notebooks and return the exit status.

    Args:
        json_file: where to write the results as JSON; ``-`` prints the JSON and no panels.
        summary: a file to append the results to as Markdown, one notebook at a time as soon as it is checked.

    Raises:
        OSError: if one of the two files cannot be written.
    """
    done = []
    for checked in check_each(paths):
        done.append(checked)
        show(checked, panels=json_file != STDOUT)
        if summary is not None:
            with summary.open("a", encoding="utf-8", newline="\n") as file:
                file.write(section(checked))
    if json_file is not None:
        write_json(json_file, done)
    return status(done)


def show(checked: Checked, *, panels: bool) -> None:
    """Print a notebook's panels and its points; problems go to stderr."""
    if checked.problem:
        complain(f"{text('checking.summary.unchecked', file=checked.path)}. {checked.problem}")
        return
    if checked.instead and panels:
        say(checked.instead)
    for result in checked.results if panels else ():
        say(plain(result) + "\n")
    for trouble in checked.troubles:
        complain(trouble)
    if checked.results and panels:
        score, most = number(checked.score), number(checked.max_score)
        say(text("course.selfcheck.total", path=checked.path, score=score, max_score=most), style="bold")


def write_json(path: Path, checked: Sequence[Checked]) -> None:
    """Write the results as JSON, or print them."""
    words = json.dumps(record(checked), indent=2)
    if path == STDOUT:
        print(words)
    else:
        path.write_text(words + "\n", encoding="utf-8")


def status(checked: Sequence[Checked]) -> int:
    """Return the exit status: 0 if all notebooks passed, 1 if some did not, 2 if one could not be checked."""
    if any(one.problem for one in checked):
        return WRONG_USAGE
    return 0 if all(one.passed for one in checked) else PROBLEMS
