"""Remove and replace files where the kernel refuses both: a removed file is emptied and moved aside.

Behind the walls of another user no file may lose its name, so that the grader can measure all of them
(``walls/desks.py``). For a student's code ``os.remove``, ``os.rename`` and what is built on them work nevertheless. It
runs inside the sandbox, with only the standard library, and protects nothing: the kernel does.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import importlib
import itertools
import os
import stat
import tempfile
from typing import Any

DESKS = "/desk"
HERE, NOT_REPLACING = -100, 1

libc = ctypes.CDLL(None, use_errno=True)
aside: list[str] = []
"""The folder where removed files go, when it is known."""

numbers = itertools.count()


def settle(name: str) -> str:
    """Go into the working folder of that name; return the folder that holds it and the removed files."""
    folder = f"{DESKS}/{name}"
    aside[:] = [f"{folder}/aside"]
    os.chdir(f"{folder}/own")
    return folder


def move(source: Any, target: Any, source_folder: int | None, target_folder: int | None) -> None:
    """Give a file another name that no file has.

    Raises:
        OSError: if the kernel refuses.
    """
    folders = [HERE if folder is None else folder for folder in (source_folder, target_folder)]
    names = os.fsencode(source), os.fsencode(target)
    if libc.renameat2(folders[0], names[0], folders[1], names[1], NOT_REPLACING) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), source, None, target)


def remove(path: Any, *, dir_fd: int | None = None) -> None:
    """Remove a file, as ``os.remove`` does.

    Raises:
        OSError: if there is none, or if it is a folder.
    """
    found = os.lstat(path, dir_fd=dir_fd)
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if stat.S_ISREG(found.st_mode) and found.st_nlink == 1:
        os.close(os.open(path, os.O_WRONLY | os.O_TRUNC | os.O_NOFOLLOW, dir_fd=dir_fd))
    move(path, f"{aside[0]}/{os.getpid()}-{next(numbers)}", dir_fd, None)


def replace(src: Any, dst: Any, *, src_dir_fd: int | None = None, dst_dir_fd: int | None = None) -> None:
    """Rename a file, and remove the one that has the new name, as ``os.replace`` does.

    Raises:
        OSError: if there is no such file.
    """
    os.lstat(src, dir_fd=src_dir_fd)
    with contextlib.suppress(FileNotFoundError, IsADirectoryError):
        remove(dst, dir_fd=dst_dir_fd)
    move(src, dst, src_dir_fd, dst_dir_fd)


def install() -> None:
    """Have the standard library remove and rename files in this way."""
    os.remove = os.unlink = remove
    os.rename = os.replace = replace
    importlib.reload(tempfile)  # it keeps the functions that it found when it was loaded
