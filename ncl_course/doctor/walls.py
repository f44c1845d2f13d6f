"""The probe of the grader's sandbox.

The command line passes in how to try it, so that the doctor does not import grading.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ncl_course.doctor.finding import Finding, Probe, ill, probe, well


class Tried(Protocol):
    """The result of ``grading.usable.sandbox_here()``."""

    @property
    def ok(self) -> bool:
        """Whether a sandbox works."""

    @property
    def taken(self) -> str:
        """The sandbox that works: ``bwrap`` or ``user``."""

    @property
    def why(self) -> str:
        """The reason why none works."""

    @property
    def fix(self) -> str:
        """The sentence about the fix."""


def bubblewrap(try_it: Callable[[], Tried]) -> Probe:
    """Return the probe that starts a worker in the best sandbox, using ``try_it``, and names that sandbox."""

    @probe("bubblewrap")
    def look() -> Finding:
        tried = try_it()
        return (
            well("bubblewrap", "user_sandbox" if tried.taken == "user" else "bubblewrap")
            if tried.ok
            else ill("bubblewrap", "no_bubblewrap", tried.fix, why=tried.why)
        )

    return look
