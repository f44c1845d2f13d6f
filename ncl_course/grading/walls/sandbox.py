"""The sandbox's walls: the command that starts a worker that can see only Python and NumPy.

Bubblewrap builds an empty, read-only file system with a handful of mounts: ``/python`` (the interpreter and its
standard library), the system's shared libraries, and ``/room`` (NumPy, ``ncl_course.nn``, ``ncl_course.protocol``
and the worker). There is no /proc, no home, no shell, no network.

Behind the walls a fork server (``forkserver.py``) runs, with only the rights that it needs to isolate its children.
If the system refuses that, a worker is started for each exercise; if it refuses bubblewrap altogether,
``user_walls.py`` has other walls. In each case a worker that root starts gets its own uid: limits on processes
count a uid's processes over all sandboxes, and root's not at all.
"""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import numpy as np

import ncl_course.nn
import ncl_course.protocol

ROOM, PYTHON = "/room", "/python"
PYTHON_OPTIONS = ("-P", "-s", "-S", "-B")
"""No unsafe path, no user's and no site's packages, no bytecode written; -I would ignore PYTHONHASHSEED."""

INSIDE = Path(__file__).parents[1] / "inside"
PARTS = {
    "numpy": Path(np.__file__).parent,
    "numpy.libs": Path(np.__file__).parent.with_name("numpy.libs"),
    "ncl_course/nn": Path(ncl_course.nn.__file__ or "").parent,
    "ncl_course/protocol": Path(ncl_course.protocol.__file__ or "").parent,
    "ncl_course/grading/inside": INSIDE,
}
"""The contents of the room; it holds nothing else of ``ncl_course`` and site-packages."""

Command = tuple[str, ...]


class Mode(StrEnum):
    """The ways to isolate a student's code."""

    AUTO = "auto"
    BWRAP = "bwrap"
    USER = "user"
    NONE = "none"


@dataclass(frozen=True)
class Walls:
    """The command that starts a process behind them, up to Python's own arguments, and its environment.

    A worker's own uid replaces ``{uid}`` in the command. ``forks``: whether a fork server runs behind the walls.
    ``desks``: the folder in which workers that cannot mount one get their working folders.
    """

    command: Command
    environment: tuple[tuple[str, str], ...]
    forks: bool = False
    mode: Mode = Mode.BWRAP
    desks: Path | None = None

    @property
    def script(self) -> str:
        """Return the program that is started behind them, by its name in the room."""
        if not self.forks:
            return "worker"
        return "userserver" if self.mode is Mode.USER else "forkserver"

    def start_command(self, uid: int, descriptor: int) -> list[str]:
        """Return the command that starts a worker or the fork server on that channel."""
        module = f"ncl_course.grading.inside.{self.script}"
        return [part.replace("{uid}", str(uid)) for part in self.command] + ["-m", module, str(descriptor)]


def bubblewrap_walls(*, forks: bool = True) -> Walls:
    """Return the walls of bubblewrap, for root or for an ordinary user."""
    as_root = os.geteuid() == 0
    spaces = ("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts") if as_root else ("--unshare-all",)
    command = (
        shutil.which("bwrap") or "bwrap",
        *("--die-with-parent", *spaces, "--hostname", "sandbox"),
        *(server_rights(as_root) if forks else ()),
        *system_mounts(),
        *python_mounts(),
        *room_mounts(),
        *folders("/desk"),
        *("--dev", "/dev", *read_only(Path("/dev/null"), "/dev/zero")),
        *("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/", "--"),
        *(drop_user() if as_root and not forks else ()),
        f"{PYTHON}/bin/python3",
        *PYTHON_OPTIONS,
    )
    return Walls(command, environment(ROOM, LD_LIBRARY_PATH=f"{PYTHON}/lib"), forks)


def server_rights(as_root: bool) -> Command:
    """Return a fork server's rights: to make namespaces and, as root, to give its children their own users.

    An ordinary user's server is root inside and still that user outside: bubblewrap would put a process of
    another name into a further user namespace, in which it may not make others.
    """
    rights = ("SYS_ADMIN", "SETUID", "SETGID", "SETPCAP") if as_root else ("SYS_ADMIN",)
    added = tuple(part for right in rights for part in ("--cap-add", f"CAP_{right}"))
    return (*(() if as_root else ("--uid", "0", "--gid", "0")), "--cap-drop", "ALL", *added)


def no_walls(folder: Path) -> Walls:
    """Return no walls at all: the same worker as a plain process, with a room of links in ``folder``."""
    for name, source in PARTS.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.exists() and not target.exists():
            target.symlink_to(source)
    return Walls((str(interpreter()), *PYTHON_OPTIONS), environment(str(folder)), mode=Mode.NONE)


def environment(room: str, **more: str) -> tuple[tuple[str, str], ...]:
    """Return a worker's whole environment, with nothing of the grader's own. It imports from ``room``."""
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return tuple({"PYTHONPATH": room, "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", **threads, **more}.items())


def drop_user() -> Command:
    """Return the command that gives up root for good, inside the walls."""
    user = ("--reuid", "{uid}", "--regid", "{uid}", "--clear-groups")
    return (f"{ROOM}/bin/setpriv", *user, "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all", "--")


@cache
def interpreter() -> Path:
    """Return the interpreter under the virtual environment."""
    return Path(os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable))


def python_mounts() -> Command:
    """Show the interpreter, its standard library, and the other shared libraries of its prefix."""
    prefix, stdlib = Path(sys.base_prefix), Path(sysconfig.get_path("stdlib"))
    mounts = [*folders(PYTHON, f"{PYTHON}/bin"), *read_only(interpreter(), f"{PYTHON}/bin/python3")]
    seen = stdlib if prefix == Path("/usr") else stdlib.parent
    inside = f"{PYTHON}/{seen.relative_to(prefix)}"
    mounts += [*folders(*parents(inside)), *read_only(seen, inside)]
    for packages in packages_below(seen):
        mounts += masked(f"{inside}/{packages.relative_to(seen)}")
    return tuple(mounts)


def packages_below(folder: Path) -> list[Path]:
    """Return the folders of installed packages in a library folder, which are hidden."""
    above = [folder, *folder.glob("python*")]  # one pattern for both levels would read every file of the folder
    return sorted(packages for place in above for packages in place.glob("*-packages") if packages.is_dir())


def system_mounts() -> Command:
    """Show the system's shared libraries and the loader's cache, but no programs."""
    multiarch = sysconfig.get_config_var("MULTIARCH") or f"{os.uname().machine}-linux-gnu"
    mounts: list[str] = []
    for folder in (Path("/usr/lib64"), Path("/usr/lib") / multiarch, Path("/lib"), Path("/lib64")):
        if folder.is_symlink():
            mounts += ["--symlink", os.readlink(folder), str(folder)]
        elif folder.is_dir():
            mounts += [*folders(*parents(str(folder))), *read_only(folder, str(folder))]
            for packages in packages_below(folder):
                mounts += masked(str(packages))
    if (
        not (Path("/usr/lib") / multiarch).is_dir() and Path("/usr/lib64").is_symlink()
    ):  # Arch keeps everything in /usr/lib
        mounts += read_only(Path("/usr/lib"), "/usr/lib")
        for packages in packages_below(Path("/usr/lib")):
            mounts += masked(str(packages))
    for path in (Path("/etc/ld.so.cache"), Path("/etc/alternatives")):
        mounts += [*folders("/etc"), *read_only(path, str(path))] if path.exists() else []
    return tuple(mounts)


def room_mounts() -> Command:
    """Show NumPy and our own parts and, if root starts it, the program that changes the user."""
    parts = dict(PARTS)
    if os.geteuid() == 0:
        parts["bin/setpriv"] = Path(shutil.which("setpriv") or "/usr/bin/setpriv")
    mounts = [*folders(ROOM)]
    for name, source in parts.items():
        target = f"{ROOM}/{name}"
        mounts += [*folders(*parents(target)), *read_only(source, target)] if source.exists() else []
    return tuple(mounts)


def read_only(source: Path, target: str) -> Command:
    """Show ``source`` at ``target``, read-only."""
    return ("--ro-bind", str(source.resolve()), target)


def masked(target: str) -> Command:
    """Hide a folder behind an empty one."""
    return ("--tmpfs", target, "--remount-ro", target)


def folders(*paths: str) -> Command:
    """Make folders that any user may enter; only root could enter bubblewrap's own."""
    return tuple(part for path in paths for part in ("--perms", "0755", "--dir", path))


def parents(path: str) -> list[str]:
    """Return the folders above a path, from the outermost."""
    return [str(parent) for parent in reversed(Path(path).parents) if str(parent) != "/"]
