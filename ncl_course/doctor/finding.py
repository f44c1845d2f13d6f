"""The finding of one probe: all is well, or what is wrong and how to fix it."""

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


def in_conda() -> bool:
    """Return whether this Python belongs to a conda environment, whose packages come from environment.yml."""
    return Path(sys.prefix, "conda-meta").is_dir()


def reinstall() -> str:
    """Return the command that installs the packages in the right versions, with pip or conda, whichever is in use."""
    command = (
        "conda env update -f environment.yml"
        if in_conda()
        else f'"{sys.executable}" -m pip install -c constraints.txt -e .'
    )
    return text("doctor.fix.reinstall", root=ROOT, command=command)


def install_extra(extra: str) -> str:
    """Return the command that installs an extra of the course into this Python; conda's has no package for them."""
    command = f'"{sys.executable}" -m pip install -c constraints.txt -e ".[{extra}]"'
    return text("doctor.fix.reinstall", root=ROOT, command=command)
