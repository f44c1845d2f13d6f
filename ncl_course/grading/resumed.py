"""Begin a run, or resume an earlier one if its settings are the same."""

from __future__ import annotations

import platform
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import numpy as np

from ncl_course.checking.compare import RELATIVE
from ncl_course.grading import terminal
from ncl_course.grading.entry import Entry, clean
from ncl_course.grading.errors import GradebookError
from ncl_course.grading.gradebook import JOURNAL, PREVIOUS, Gradebook, load, set_aside
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.options import Options
from ncl_course.grading.results import NAME, Run
from ncl_course.grading.term.exchange import NAME as EXCHANGE
from ncl_course.grading.term.remembered import FOLDER as REMEMBERED
from ncl_course.grading.term.written import SECTIONS
from ncl_course.grading.walls.sandbox import Mode
from ncl_course.language import text

WRITTEN = ("feedback", "sheets", SECTIONS, REMEMBERED, EXCHANGE, NAME, JOURNAL, PREVIOUS)
"""Folders and files in the output folder; all others are replaced as a whole, a link in their place, too."""

DEEP = (SECTIONS, EXCHANGE)
"""Those of the folders that hold further folders."""

DECIDE = ("ncl-course", "numpy", "torch")
"""Packages whose version may change a score."""


def open_gradebook(out: Path, options: Options) -> Gradebook:
    """Return a new gradebook, or with ``--resume`` the one that is there.

    Raises:
        GradebookError: if that one cannot be resumed with these options.
    """
    out.mkdir(parents=True, exist_ok=True)
    book = load(out) if options.resume else None
    if book is None:
        if options.resume:
            terminal.complain(text("grading.terminal.nothing_to_resume", folder=out), style="yellow")
        former = set_aside(out)
        if former:
            terminal.complain(text("grading.terminal.set_aside", path=former), style="yellow")
        seed = options.seed if options.seed is not None else secrets.randbits(53)
        book = Gradebook(out, replace(this_run(seed, options), public_seed=options.seed is not None))
    else:
        demand_same(book.run, this_run(book.run.seed, options), options.seed)
    book.save()
    return book


def demand_no_links_or_pipes(out: Path) -> None:
    """Refuse an output folder with a link in a place where we write, or with a pipe or a device.

    A link leads to files that are not ours, and a pipe would let the run wait for ever. A file that a lecturer writes,
    and that we only read, may be a link.

    Raises:
        GradebookError: if there is one; the message names it.
    """
    for path in places(out):
        if path.is_symlink():
            raise GradebookError(text("grading.problem.link", path=path))
    for path in (*out.glob("*"), *(out / REMEMBERED).glob("*")):
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise GradebookError(text("grading.problem.special", path=path))


def places(out: Path) -> Iterator[Path]:
    """Yield the files and folders that we write to; the outer ones first, so that no link is followed on the way."""
    yield from (out / name for name in WRITTEN)
    yield from (path for name in DEEP for path in (out / name).rglob("*") if path.is_dir())


def this_run(seed: int, options: Options) -> Run:
    """Return the settings of a run that begins now."""
    return Run(
        seed=seed,
        versions={
            "ncl-course": version("ncl-course"),
            "numpy": np.__version__,
            "torch": version("torch"),
            "python": platform.python_version(),
        },
        limits={"timeout": options.timeout, "memory": options.memory, "budget": options.budget},
        sandbox=str(options.sandbox),
        tolerances=RELATIVE,
    )


def demand_same(recorded: Run, now: Run, seed: int | None) -> None:
    """Refuse to resume a run with another seed, other limits or other versions, or without a sandbox if it had one.

    A run that had none is not resumed with one either: students' code may have changed its results.
    Settings that an old release did not record are not compared.

    Args:
        recorded: the settings of the earlier run.
        now: the settings of this run.
        seed: the seed that was asked for; None means the recorded one.

    Raises:
        GradebookError: if a setting differs; the message names it and says what to do.
    """
    if seed not in (None, recorded.seed):
        raise GradebookError(text("grading.problem.resume_seed", recorded=recorded.seed, given=seed))
    if recorded.sandbox is not None and (recorded.sandbox == Mode.NONE) != (now.sandbox == Mode.NONE):
        raise GradebookError(text("grading.problem.resume_sandbox", recorded=recorded.sandbox, given=now.sandbox))
    limits, versions = now.limits or {}, now.versions or {}
    if any(limits.get(name) != limit for name, limit in (recorded.limits or {}).items()):
        raise GradebookError(text("grading.problem.resume_limits", **{**limits, **(recorded.limits or {})}))
    then = {**versions, **(recorded.versions or {})}
    changed = [name for name in DECIDE if then[name] != versions[name]]
    if changed:
        was, given = (", ".join(f"{name} {of[name]}" for name in changed) for of in (then, versions))
        raise GradebookError(text("grading.problem.resume_versions", recorded=was, given=given))


def gone(entries: Iterable[Entry], submissions: Iterable[Submission]) -> list[str]:
    """Return the files that an earlier part of the run graded and that are missing now.

    Only students and lessons that are still handed in count: the notebooks of other lessons may be in another place.
    """
    known, here = list(entries), {(clean(one.student), clean(one.file)) for one in submissions}
    lessons = {entry.lesson for entry in known if entry.key in here}
    students = {student for student, _ in here}
    missing = [entry for entry in known if entry.key not in here]
    return [one.file for one in missing if (one.lesson in lessons if one.lesson else one.student in students)]
