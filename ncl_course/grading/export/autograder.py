"""The program of ``run_autograder`` in Gradescope's container: grade one student's submission, write ``results.json``.

It reads ``ROOT/submission`` and the settings beside the course's package, grades in a private folder, and writes
``ROOT/results/results.json``, also for a submission that cannot be read. If the fault is ours, it writes nothing
and the exit status is 1: Gradescope then says that the autograder failed, and gives no points instead of a zero.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ncl_course.files import write_atomically
from ncl_course.grading.entry import Entry, Status
from ncl_course.grading.errors import GradingError
from ncl_course.grading.export.gradescope import Settings
from ncl_course.grading.handed_in.blanks import without_blanks
from ncl_course.grading.handed_in.collect import collect
from ncl_course.grading.handed_in.maps import without_maps
from ncl_course.grading.options import Options
from ncl_course.grading.reports.gradescope import gradescope_results
from ncl_course.grading.results import NAME, Results, Run, read_results
from ncl_course.grading.terminal import complain
from ncl_course.grading.verb import WRONG_USAGE, grade
from ncl_course.grading.walls.usable import sandbox_here
from ncl_course.language import language, text

SETTINGS = Path(__file__).parents[3] / "autograder.json"
FINE, FAILED = 0, 1


def run(root: Path, settings: Settings) -> int:
    """Grade the submission in Gradescope's folders; the exit status is 0 if there are results of any kind."""
    language(settings.lang)
    with tempfile.TemporaryDirectory(prefix="ncl-course-") as name:
        private = Path(name)
        handed = private / "handed" / student(root / "submission_metadata.json")
        copy(root / "submission", handed)
        empty = not any_notebook(handed.parent)
        results = Results(Run(settings.seed or 0)) if empty else graded(handed.parent, private / "out", settings)
    if results is None:
        complain(text("release.gradescope.fault"))
        return FAILED
    print(text("release.gradescope.seed", seed=results.run.seed))  # students do not see what the autograder prints
    rendered = gradescope_results(results, settings.lessons, [text("release.gradescope.nothing")] if empty else [])
    (root / "results").mkdir(exist_ok=True)
    write_atomically(root / "results" / "results.json", json.dumps(rendered, ensure_ascii=False, indent=1))
    return FINE


def any_notebook(folder: Path) -> bool:
    """Return whether there is anything to grade."""
    try:
        return bool(without_blanks(without_maps(collect([folder])))[0])
    except GradingError:
        return False


def graded(folder: Path, out: Path, settings: Settings) -> Results | None:
    """Return the results of ``ncl-course grade``; None after an error of ours, which the grader has reported."""
    options = Options(timeout=settings.timeout, memory=settings.memory, seed=settings.seed, lang=settings.lang)
    with contextlib.redirect_stdout(None):  # it names files that are not kept here
        status = grade([folder], out, options)
    if status == WRONG_USAGE:
        return None
    results = read_results(out / NAME)
    ours = [entry for entry in results.submissions if entry.status is Status.ERROR]
    for entry in ours:
        complain(f"{entry.file}: {entry.message}")
    return None if ours else replace(results, submissions=tuple(map(without_folder, results.submissions)))


def without_folder(entry: Entry) -> Entry:
    """Return the entry with its file named as in the submission, without the student's name in front."""
    return replace(entry, file=entry.file.partition("/")[2] or entry.file)


def student(metadata: Path) -> str:
    """Return the submitter's name for a folder; several names for a group."""
    try:
        users = json.loads(metadata.read_text(encoding="utf-8"))["users"]
        name = ", ".join(str(user.get("name") or user["id"]) for user in users)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        name = ""
    return re.sub(r"[^\w ,'-]", "_", name).strip()[:80] or "submission"


def copy(source: Path, target: Path) -> None:
    """Copy the submission, links as links and without pipes and devices: no link of a submission is followed."""

    def special(folder: str, names: list[str]) -> list[str]:
        kinds = {name: os.lstat(os.path.join(folder, name)).st_mode for name in names}
        return [n for n, mode in kinds.items() if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode))]

    shutil.copytree(source, target, symlinks=True, ignore=special, copy_function=shutil.copyfile)


def try_sandbox() -> int:
    """Tell the person who builds the container which sandbox it has.

    The container of a run may allow others, so it is not an error here if there is none.
    """
    found = sandbox_here()
    print(text("release.gradescope.sandbox", name=found.taken) if found.ok else f"{found.why}\n{found.fix}")
    return FINE


def main(arguments: Sequence[str]) -> int:
    """Try the sandbox with ``--try``, or grade in Gradescope's root folder."""
    if arguments[0] == "--try":
        return try_sandbox()
    return run(Path(arguments[0]), Settings(**json.loads(SETTINGS.read_text(encoding="utf-8"))))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
