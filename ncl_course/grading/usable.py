"""Which walls there are on this machine: asked for by mode, tried for real, refused with the fix."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from ncl_course.grading.errors import SandboxError
from ncl_course.grading.process import Limits, Process
from ncl_course.grading.sandbox import Mode, Walls, bubblewrap_walls, no_walls
from ncl_course.language import text


@dataclass(frozen=True)
class Usable:
    """Whether bubblewrap really runs here, and if not why and what helps."""

    ok: bool
    why: str = ""
    fix: str = ""


def usable() -> Usable:
    """Start a worker behind bubblewrap's walls and see."""
    if not sys.platform.startswith("linux"):
        return Usable(False, f"this is {sys.platform}", text("grading.problem.fix_linux"))
    if shutil.which("bwrap") is None:
        return Usable(False, "there is no bwrap", text("grading.problem.fix_install"))
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        return Usable(False, "there is no setpriv", text("grading.problem.fix_setpriv"))
    try:
        Process(bubblewrap_walls(), 0, Limits(), 0).close()
    except (SandboxError, OSError) as error:
        return Usable(False, str(error), text("grading.problem.fix_namespaces"))
    return Usable(True)


def walls_for(mode: Mode, folder: Path) -> Walls:
    """The walls of that mode; ``folder`` is a temporary one for what they need.

    Raises:
        SandboxError: there are none; the message says what helps.
    """
    if mode is Mode.NONE:
        return no_walls(folder)
    if mode is Mode.USER:
        raise SandboxError(text("grading.problem.user"))
    found = usable()
    if not found.ok:
        raise SandboxError(text("grading.problem.no_sandbox", why=found.why, fix=found.fix))
    return bubblewrap_walls()
