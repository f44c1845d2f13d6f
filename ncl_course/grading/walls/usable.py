"""Which walls there are on this machine: asked for by mode, tried for real, refused with the fix.

Bubblewrap's are the better ones and are taken where they stand; else those of another user (``user_walls.py``).
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
    """The walls that really stand here, or why there are none and what helps."""

    walls: Walls | None = None
    why: str = ""
    fix: str = ""

    @property
    def ok(self) -> bool:
        """Whether there are walls."""
        return self.walls is not None

    @property
    def taken(self) -> str:
        """The mode of the walls that stand, by its name."""
        return str(self.walls.mode) if self.walls else ""


def usable() -> Usable:
    """Start a worker behind bubblewrap's walls and see; without a fork server where the system refuses that."""
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
    """Build the walls of another user in that folder, start a worker behind them and see."""
    if not sys.platform.startswith("linux"):
        return Usable(why=f"this is {sys.platform}", fix=text("grading.problem.fix_linux"))
    try:
        walls = user_walls(folder)
        why = refusal(walls)
    except SandboxError as error:
        why = str(error)
    return Usable(why=why, fix=text("grading.problem.user")) if why else Usable(walls)


def refusal(walls: Walls) -> str:
    """Why no worker starts behind those walls; nothing where one does."""
    try:
        with Site(walls) as site:
            site.end(site.start(0, Limits(), 0))
    except (SandboxError, OSError) as error:
        return str(error) or type(error).__name__
    return ""


def best(folder: Path) -> Usable:
    """The best walls that stand here; where none do, why not, and the fix for each."""
    found = usable()
    if found.ok:
        return found
    other = usable_as_user(folder)
    if other.ok:
        return other
    return Usable(why=f"{found.why}; --sandbox user: {other.why}", fix=f"{found.fix}\n{other.fix}")


def tried(mode: Mode, folder: Path) -> Usable:
    """The walls of that mode, or the best ones."""
    if mode is Mode.USER:
        return usable_as_user(folder)
    return usable() if mode is Mode.BWRAP else best(folder)


def sandbox_here() -> Usable:
    """What ``auto`` takes on this machine, for who only asks: what was built to try it is gone again."""
    with tempfile.TemporaryDirectory(prefix="ncl-course-") as folder:
        return best(Path(folder))


def walls_for(mode: Mode, folder: Path) -> Walls:
    """The walls of that mode; ``folder`` is a temporary one for what they need.

    Raises:
        SandboxError: there are none; the message says what helps.
    """
    if mode is Mode.NONE:
        return no_walls(folder)
    found = tried(mode, folder)
    if found.walls is None:
        raise SandboxError(text("grading.problem.no_sandbox", why=found.why, fix=found.fix))
    return found.walls
