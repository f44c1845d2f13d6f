"""Find the walls that work on this machine: try the mode that was asked for, and name the fix if it fails.

Bubblewrap's are better and are taken if they work; otherwise those of another user (``user_walls.py``).
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ncl_course.grading.errors import SandboxError
from ncl_course.grading.walls.process import Limits
from ncl_course.grading.walls.sandbox import Mode, Walls, bubblewrap_walls, no_walls
from ncl_course.grading.walls.site import Site
from ncl_course.grading.walls.user_walls import user_walls
from ncl_course.language import text


@dataclass(frozen=True)
class Usable:
    """The walls that work here, or the reason why there are none, with the fix."""

    walls: Walls | None = None
    why: str = ""
    fix: str = ""

    @property
    def ok(self) -> bool:
        """Return whether there are walls."""
        return self.walls is not None

    @property
    def taken(self) -> str:
        """Return the name of the mode of the walls."""
        return str(self.walls.mode) if self.walls else ""


def usable() -> Usable:
    """Try to start a worker behind bubblewrap's walls, without a fork server if the system refuses that."""
    if not sys.platform.startswith("linux"):
        return Usable(why=f"this is {sys.platform}", fix=text("grading.problem.fix_linux"))
    if shutil.which("bwrap") is None:
        return Usable(why="there is no bwrap", fix=text("grading.problem.fix_install"))
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        return Usable(why="there is no setpriv", fix=text("grading.problem.fix_setpriv"))
    for forks in (True, False):
        walls = bubblewrap_walls(forks=forks)
        why = refusal(walls)
        if not why:
            return Usable(walls)
    return Usable(why=why, fix=text("grading.problem.fix_namespaces"))


def usable_as_user(folder: Path) -> Usable:
    """Build the walls of another user in that folder, and try to start a worker behind them."""
    if not sys.platform.startswith("linux"):
        return Usable(why=f"this is {sys.platform}", fix=text("grading.problem.fix_linux"))
    try:
        walls = user_walls(folder)
        why = refusal(walls)
    except SandboxError as error:
        why = str(error)
    return Usable(why=why, fix=text("grading.problem.user")) if why else Usable(walls)


def refusal(walls: Walls) -> str:
    """Return why no worker starts behind those walls; empty if one does."""
    try:
        with Site(walls) as site:
            site.end(site.start(0, Limits(), 0))
    except (SandboxError, OSError) as error:
        return str(error) or type(error).__name__
    return ""


def best(folder: Path) -> Usable:
    """Return the best walls that work here; if none do, the reasons, and the fix for each."""
    found = usable()
    if found.ok:
        return found
    other = usable_as_user(folder)
    if other.ok:
        return other
    return Usable(why=f"{found.why}; --sandbox user: {other.why}", fix=f"{found.fix}\n{other.fix}")


def tried(mode: Mode, folder: Path) -> Usable:
    """Return the walls of that mode, or the best ones."""
    if mode is Mode.USER:
        return usable_as_user(folder)
    return usable() if mode is Mode.BWRAP else best(folder)


def sandbox_here() -> Usable:
    """Return the walls that ``auto`` takes on this machine. Everything built for the trial is removed again."""
    with tempfile.TemporaryDirectory(prefix="ncl-course-") as folder:
        return best(Path(folder))


def walls_for(mode: Mode, folder: Path) -> Walls:
    """Return the walls of that mode; ``folder`` is a temporary folder for their files.

    Raises:
        SandboxError: if there are none; the message names the fix.
    """
    if mode is Mode.NONE:
        return no_walls(folder)
    found = tried(mode, folder)
    if found.walls is None:
        raise SandboxError(text("grading.problem.no_sandbox", why=found.why, fix=found.fix))
    return found.walls
