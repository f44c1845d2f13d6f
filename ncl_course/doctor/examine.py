"""All probes, ordered so that a failing probe comes before those that fail because of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ncl_course.doctor.finding import Finding, Probe
from ncl_course.doctor.machine import disk, notebooks, threads, writing
from ncl_course.doctor.packages import instructor, packages, python, torch
from ncl_course.doctor.walls import Tried, bubblewrap
from ncl_course.doctor.widgets import kernel, widgets

PROBES: tuple[Probe, ...] = (python, packages, torch, kernel, widgets, notebooks, disk, writing, threads)


def examine(try_sandbox: Callable[[], Tried] | None = None, *, grading: bool = False) -> Iterator[Finding]:
    """Yield one finding after another, each as soon as its probe has run.

    Args:
        try_sandbox: a function that tries the grader's sandbox; None if there is no grader, as in a student's
            distribution.
        grading: whether to look for the instructor's packages, too.
    """
    walls = () if try_sandbox is None else (bubblewrap(try_sandbox),)
    extras = (instructor,) if grading else ()
    for look in (*PROBES, *walls, *extras):
        yield look()
