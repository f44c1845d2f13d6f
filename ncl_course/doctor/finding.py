"""The finding of one probe: all is well, or what is wrong and how to fix it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from ncl_course.installed import install_command
from ncl_course.lab import ROOT
from ncl_course.language import text


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's report.

    Attributes:
        name: the probe's id, the same in every language.
        said: the sentence about the finding.
        fix: the sentence about the fix; empty if all is well.
    """

    name: str
    ok: bool
    said: str
    fix: str = ""


Probe = Callable[[], Finding]


def well(name: str, key: str, /, **values: Any) -> Finding:
    """Return the finding that all is well, in the words of ``doctor.said.KEY``."""
    return Finding(name, True, text(f"doctor.said.{key}", **values))


def ill(name: str, key: str, fix: str, /, **values: Any) -> Finding:
    """Return the finding that something is wrong, in the words of ``doctor.said.KEY``; ``fix`` is a full sentence."""
    return Finding(name, False, text(f"doctor.said.{key}", **values), fix)


def probe(name: str) -> Callable[[Probe], Probe]:
    """Turn a function into a probe that never raises: an unexpected error also becomes a finding with that name."""

    def guard(look: Probe) -> Probe:
        @wraps(look)
        def guarded() -> Finding:
            try:
                return look()
            except Exception as error:  # the doctor must report any failure here
                return ill(name, "surprise", reinstall(), what=f"{type(error).__name__}: {error}")

        return guarded

    return guard


def reinstall() -> str:
    """Return the command that installs the packages in the right versions, as this course was installed.

    A user of a shared installation, which only its administrator can change, is told so.
    """
    return install("lab")


def install(extra: str) -> str:
    """Return the command that installs the course again, as it was installed, with a group of packages."""
    command = install_command(ROOT, extra)
    key = "reinstall" if command.folder else "reinstall_here"
    fix = text(f"doctor.fix.{key}", root=command.folder, command=command.line)
    return fix if command.allowed else text("doctor.fix.by_admin", fix=fix)
