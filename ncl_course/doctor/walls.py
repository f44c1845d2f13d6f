"""The grader's sandbox, where there is a grader: the command line says how to try it, so no arrow leads there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ncl_course.doctor.finding import Finding, Probe, ill, probe, well


class Tried(Protocol):
    """What ``grading.usable.sandbox_here()`` answers."""

    @property
    def ok(self) -> bool:
        """Whether any walls stand."""

    @property
    def taken(self) -> str:
        """Which ones: ``bwrap`` or ``user``."""

    @property
    def why(self) -> str:
        """Why they do not."""

    @property
    def fix(self) -> str:
        """What helps."""


def bubblewrap(try_it: Callable[[], Tried]) -> Probe:
    """The probe that starts a worker behind the best walls by ``try_it``, and says which ones they are."""

    @probe("bubblewrap")
    def look() -> Finding:
        tried = try_it()
        return (
            well("bubblewrap", "user_sandbox" if tried.taken == "user" else "bubblewrap")
            if tried.ok
            else ill("bubblewrap", "no_bubblewrap", tried.fix, why=tried.why)
        )

    return look
