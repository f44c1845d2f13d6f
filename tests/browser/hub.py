"""A machine for a hub: the guide's paths (/opt, /srv, /home, /etc) are a test's own folders, and so are its users.

Bubblewrap shows each command the same folders in their place; the rest of the real machine can only be read. Its
users are lines of a copied /etc/passwd, so that no user is made on the real machine. Only root can become other users.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = ("etc", "home", "opt", "srv")
"""The folders of the machine that can be written, by those who have the right to."""

CLOSED = ("/root", "/tmp", "/home")
"""The folders that are empty there, or the machine's own."""

STUDENTS = ("anna", "boris")
USERS = {"lecturer": 61_001, "anna": 61_002, "boris": 61_003}
VARIABLES = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_CONFIG_FILE", "SSL_CERT_FILE")


@dataclass(frozen=True)
class Machine:
    """The machine in a folder.

    Attributes:
        folder: holds ``etc``, ``home``, ``opt`` and ``srv``.
        hub: an environment with JupyterHub and nbgrader, which is ``/opt/hub`` there.
    """

    folder: Path
    hub: Path

    def command(self, user: str, script: str, at: str) -> list[str]:
        """Return the command that runs a script of bash in a folder as a user, in the user's login shell.

        No process of it survives this process, or the command itself.
        """
        binds = [word for name in OURS for word in ("--bind", str(self.folder / name), f"/{name}")]
        seen = [word for path in self.seen() for word in (*way_to(path), "--ro-bind", str(path), str(path))]
        path = "" if user in STUDENTS else f"PATH={Path(sys.executable).parent}:$PATH\n"
        shell = ["bash", "-euo", "pipefail", "-lc", f"{path}cd {at}\n{script}"]
        return [
            "bwrap", "--ro-bind", "/", "/", "--dev-bind", "/dev", "/dev", "--proc", "/proc",
            "--tmpfs", "/root", "--perms", "1777", "--tmpfs", "/tmp", *binds, *seen,
            "--ro-bind", str(self.hub), "/opt/hub",
            "--unshare-pid", "--die-with-parent", "--cap-add", "ALL", *become(user), *shell,
        ]  # fmt: skip

    def seen(self) -> list[Path]:
        """Return the folders of this project and its Python: they may be where only root can enter."""
        found = {Path(sys.base_prefix), Path(sys.prefix), Path(sysconfig.get_path("purelib")), self.hub, ROOT}
        return sorted(one for one in found if not found & set(one.parents))

    def environment(self, user: str) -> dict[str, str]:
        """Return the environment variables of a user who has just logged in."""
        home = f"/home/{user}" if user in USERS else "/root"
        kept = {name: os.environ[name] for name in VARIABLES if name in os.environ}
        kept |= {"PYTHONPATH": str(ROOT)} if user == "lecturer" else {}
        return {"HOME": home, "USER": user, "LOGNAME": user, "PATH": os.environ["PATH"], "LANG": "C.UTF-8", **kept}

    def start(self, user: str, script: str, at: str, log: Path) -> subprocess.Popen[bytes]:
        """Start a script that keeps running."""
        with log.open("wb") as file:
            command, variables = self.command(user, script, at), self.environment(user)
            return subprocess.Popen(command, env=variables, stdin=subprocess.DEVNULL, stdout=file, stderr=file)

    def try_run(self, user: str, script: str, at: str = "~") -> subprocess.CompletedProcess[str]:
        """Run a script as a user."""
        command, variables = self.command(user, script, at), self.environment(user)
        return subprocess.run(
            command, env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )

    def run(self, user: str, script: str, at: str = "~") -> str:
        """Run a script as a user, and return what it wrote.

        Raises:
            AssertionError: it failed.
        """
        done = self.try_run(user, script, at)
        assert done.returncode == 0, f"{user}: {script}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done.stdout + done.stderr

    def written(self, name: str) -> Iterator[tuple[str, int, int]]:
        """Yield the path, the size and the time of each file below a folder of the machine."""
        for path in sorted((self.folder / name).rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield str(path.relative_to(self.folder)), path.stat().st_size, path.stat().st_mtime_ns


def way_to(path: Path) -> list[str]:
    """Return options that make the folders above a path, in which everybody can enter."""
    above = [one for one in reversed(path.parents) if any(Path(closed) in one.parents for closed in CLOSED)]
    return [word for one in above for word in ("--perms", "0755", "--dir", str(one))]


def become(user: str) -> Sequence[str]:
    """Return the beginning of a command that makes its process the user's."""
    if user not in USERS:
        return ()
    return ("setpriv", f"--reuid={USERS[user]}", f"--regid={USERS[user]}", "--clear-groups", "--bounding-set=-all")


def make_machine(folder: Path, hub: Path) -> Machine:
    """Make the folders and the users of a machine."""
    folder.chmod(0o755)
    shutil.copytree("/etc", folder / "etc", symlinks=True, ignore_dangling_symlinks=True)
    for name in OURS[1:]:
        (folder / name).mkdir(mode=0o755)
    (folder / "opt" / "hub").mkdir()
    for user, number in USERS.items():
        for name, line in (
            ("passwd", f"{user}:x:{number}:{number}::/home/{user}:/bin/bash"),
            ("group", f"{user}:x:{number}:"),
        ):
            with (folder / "etc" / name).open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")
        home = folder / "home" / user
        home.mkdir(mode=0o700)
        os.chown(home, number, number)
    return Machine(folder, hub)
