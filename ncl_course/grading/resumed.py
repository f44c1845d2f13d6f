"""A run that begins, or goes on where an earlier one stopped: whether it may, and which of its files are not there."""

from __future__ import annotations

import platform
import secrets
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import numpy as np

from ncl_course.checking.compare import RELATIVE
from ncl_course.grading import terminal
from ncl_course.grading.entry import Entry, clean
from ncl_course.grading.errors import GradebookError
from ncl_course.grading.gradebook import Gradebook, load, set_aside
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.options import Options
from ncl_course.grading.results import Run
from ncl_course.language import text

DECIDE = ("ncl-course", "numpy", "torch")
"""Packages whose version may decide on a score."""


def open_gradebook(out: Path, options: Options) -> Gradebook:
    """A new gradebook, or with ``--resume`` the one that is there.

    Raises:
        GradebookError: it cannot be resumed as asked.
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
        book = Gradebook(out, this_run(seed, options))
    else:
        demand_same(book.run, this_run(book.run.seed, options), options.seed)
    book.save()
    return book


def this_run(seed: int, options: Options) -> Run:
    """What decides the scores of a run that begins now."""
    return Run(
        seed=seed,
        versions={
            "ncl-course": version("ncl-course"),
            "numpy": np.__version__,
            "torch": version("torch"),
            "python": platform.python_version(),
        },
        limits={"timeout": options.timeout, "memory": options.memory},
        sandbox=str(options.sandbox),
        tolerances=RELATIVE,
    )


def demand_same(recorded: Run, now: Run, seed: int | None) -> None:
    """Refuse to go on with another seed (None: the recorded one), other limits, or other versions.

    What an old release did not record may be anything.

    Raises:
        GradebookError: something differs; the message says what, and what to do.
    """
    if seed not in (None, recorded.seed):
        raise GradebookError(text("grading.problem.resume_seed", recorded=recorded.seed, given=seed))
    limits, versions = now.limits or {}, now.versions or {}
    if recorded.limits not in (None, limits):
        raise GradebookError(text("grading.problem.resume_limits", **{**limits, **(recorded.limits or {})}))
    then = {**versions, **(recorded.versions or {})}
    changed = [name for name in DECIDE if then[name] != versions[name]]
    if changed:
        was, given = (", ".join(f"{name} {of[name]}" for name in changed) for of in (then, versions))
        raise GradebookError(text("grading.problem.resume_versions", recorded=was, given=given))


def gone(entries: Iterable[Entry], submissions: Iterable[Submission]) -> list[str]:
    """The files of earlier parts of the run that are not handed in any more, for students and lessons that still are.

    What an earlier part graded of other lessons alone may well lie elsewhere, and is not meant.
    """
    known, here = list(entries), {(clean(one.student), clean(one.file)) for one in submissions}
    lessons = {entry.lesson for entry in known if entry.key in here}
    students = {student for student, _ in here}
    missing = [entry for entry in known if entry.key not in here]
    return [one.file for one in missing if (one.lesson in lessons if one.lesson else one.student in students)]
