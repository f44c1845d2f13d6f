"""Which walls there are on this machine: asked for by mode, tried for real, refused with the fix."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from ncl_course.grading.errors import SandboxError
from ncl_course.grading.process import Limits
from ncl_course.grading.sandbox import Mode, Walls, bubblewrap_walls, no_walls
from ncl_course.grading.site import Site
from ncl_course.language import text


@dataclass(frozen=True)
class Usable:
    """The walls of bubblewrap that really stand here, or why there are none and what helps."""

    walls: Walls | None = None
    why: str = ""
    fix: str = ""

    @property
    def ok(self) -> bool:
        """Whether there are walls."""
        return self.walls is not None


def usable() -> Usable:
    """Start a worker behind bubblewrap's walls and see; without a fork server where the system refuses that."""
    if not sys.platform.startswith("linux"):
        return Usable(why=f"this is {sys.platform}", fix=text("grading.problem.fix_linux"))
    if shutil.which("bwrap") is None:
        return Usable(why="there is no bwrap", fix=text("grading.problem.fix_install"))
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        return Usable(why="there is no setpriv", fix=text("grading.problem.fix_setpriv"))
    for walls in (bubblewrap_walls(), bubblewrap_walls(forks=False)):
        try:
            with Site(walls) as site:
                site.end(site.start(0, Limits(), 0))
        except (SandboxError, OSError) as error:
            why = str(error)
        else:
            return Usable(walls)
    return Usable(why=why, fix=text("grading.problem.fix_namespaces"))


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
    if found.walls is None:
        raise SandboxError(text("grading.problem.no_sandbox", why=found.why, fix=found.fix))
    return found.walls
