"""Working folders for workers without mounts: one each, measured while the worker runs, and removed afterwards.

Where nothing can be mounted, no kernel limits the size of a folder. So this side measures each folder many times a
second, and ends the worker whose folder has grown too large. Every file in it has a name until the end: the worker may
neither remove nor replace one (``inside/refusals.py``), so that no space is used that this side cannot see.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import subprocess
import threading
from pathlib import Path

from ncl_course.grading.walls.users import User

MOST_BYTES = 16 * 2**20
"""The size of a working folder, as bubblewrap's."""

MOST_FILES, DEEPEST = 1_000, 30
PAUSE = 0.05
"""The seconds between two measurements."""

OWN, ASIDE = "own", "aside"
"""The working folder itself, and the folder where its removed files go; ``inside/removing.py`` uses both names."""


class Desk:
    """The folder of one worker, below a folder that no worker can list. Other users cannot enter it.

    Raises:
        OSError: if it cannot be made.
    """

    def __init__(self, above: Path, user: User) -> None:
        self.user = user
        self.folder = above / secrets.token_hex(8)
        self.overfull = False
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.watch, name="ncl_course working folder", daemon=True)
        try:
            self.make()
        except OSError:
            self.remove()
            raise
        self.thread.start()

    def make(self) -> None:
        """Make the folder; its user can neither remove it nor open it to others."""
        self.folder.mkdir(mode=0o700)
        for name in (OWN, ASIDE):
            (self.folder / name).mkdir(mode=0o700)
            os.chown(self.folder / name, self.user.uid, self.user.uid)
        os.chown(self.folder, -1, self.user.uid)
        self.folder.chmod(0o710)

    def watch(self) -> None:
        """Measure the folder until it is closed; if it is too large, end every process of its user."""
        while not self.ending.wait(PAUSE):
            if not self.overfull and is_overfull(self.folder):
                self.overfull = True
                self.user.empty()

    def close(self) -> bool:
        """Remove the folder when no process of its user is left; return whether it had grown too large."""
        self.ending.set()
        self.thread.join()
        self.remove()
        return self.overfull

    def remove(self) -> None:
        """Remove the folder with all that is in it."""
        try:
            for folder in (self.folder / OWN, self.folder / ASIDE, self.folder):
                folder.rmdir()
        except OSError:  # it is not empty; rm follows no link and removes folders of any depth
            subprocess.run([shutil.which("rm") or "/bin/rm", "-rf", "--", str(self.folder)], check=False)


def is_overfull(folder: Path) -> bool:
    """Return whether a folder holds too much, or cannot be measured."""
    try:
        return not fits(Measured(), os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW), 0)
    except OSError:
        return True


class Measured:
    """The sizes of the files that have been measured so far."""

    def __init__(self) -> None:
        self.bytes = self.files = 0

    def add(self, size: int) -> bool:
        """Add a file; return whether all files together are still few and small enough."""
        self.files += 1
        self.bytes += size
        return self.files <= MOST_FILES and self.bytes <= MOST_BYTES


def fits(measured: Measured, descriptor: int, depth: int) -> bool:
    """Measure what an open folder holds, without following a link, and close it.

    Raises:
        OSError: if something in it cannot be read.
    """
    try:
        with os.scandir(descriptor) as entries:
            return all(entry_fits(measured, descriptor, entry, depth + 1) for entry in entries)
    finally:
        os.close(descriptor)


def entry_fits(measured: Measured, descriptor: int, entry: os.DirEntry[str], depth: int) -> bool:
    """Measure one file or folder in an open folder; one that is being renamed is measured the next time.

    Raises:
        OSError: if it cannot be read.
    """
    try:
        found = entry.stat(follow_symlinks=False)
        if not measured.add(max(found.st_size, found.st_blocks * 512)) or depth > DEEPEST:
            return False
        if not stat.S_ISDIR(found.st_mode):
            return True
        inner = os.open(entry.name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=descriptor)
    except (FileNotFoundError, NotADirectoryError):
        return True
    return fits(measured, inner, depth)
