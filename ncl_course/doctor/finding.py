"""What one probe found: well, or what is wrong and what mends it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

from ncl_course.lab import ROOT
from ncl_course.language import text


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's answer.

    Attributes:
        name: the probe's id, the same in every language.
        said: what was found.
        fix: what to do about it; empty where all is well.
    """

    name: str
    ok: bool
    said: str
    fix: str = ""


Probe = Callable[[], Finding]


def well(name: str, key: str, /, **values: Any) -> Finding:
    """All is well, in the words of ``doctor.said.KEY``."""
    return Finding(name, True, text(f"doctor.said.{key}", **values))


def ill(name: str, key: str, fix: str, /, **values: Any) -> Finding:
    """Something is missing, in the words of ``doctor.said.KEY``; ``fix`` is a whole sentence."""
    return Finding(name, False, text(f"doctor.said.{key}", **values), fix)


def probe(name: str) -> Callable[[Probe], Probe]:
    """Make of a function a probe that never raises: a surprise is a finding of that name, too."""

    def guard(look: Probe) -> Probe:
        @wraps(look)
        def guarded() -> Finding:
            try:
                return look()
            except Exception as error:  # whatever is broken here is what the doctor is asked about
                return ill(name, "surprise", reinstall(), what=f"{type(error).__name__}: {error}")

        return guarded

    return guard


def in_conda() -> bool:
    """Whether this Python belongs to a conda environment, whose packages come from environment.yml."""
    return Path(sys.prefix, "conda-meta").is_dir()


def reinstall() -> str:
    """The command that brings the packages as the course wants them, for the way they came here."""
    command = (
        "conda env update -f environment.yml"
        if in_conda()
        else f'"{sys.executable}" -m pip install -c constraints.txt -e .'
    )
    return text("doctor.fix.reinstall", root=ROOT, command=command)
