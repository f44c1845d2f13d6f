"""The grader's sandbox, where there is a grader: the command line says how to try it, so no arrow leads there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ncl_course.doctor.finding import Finding, Probe, ill, probe, well


class Tried(Protocol):
    """What ``grading.usable.usable()`` answers."""

    @property
    def ok(self) -> bool:
        """Whether bubblewrap's walls stand."""

    @property
    def why(self) -> str:
        """Why they do not."""

    @property
    def fix(self) -> str:
        """What helps."""


def bubblewrap(try_it: Callable[[], Tried]) -> Probe:
    """The probe that starts a worker behind bubblewrap's walls by ``try_it``."""

    @probe("bubblewrap")
    def look() -> Finding:
        tried = try_it()
        return (
            well("bubblewrap", "bubblewrap")
            if tried.ok
            else ill("bubblewrap", "no_bubblewrap", tried.fix, why=tried.why)
        )

    return look
