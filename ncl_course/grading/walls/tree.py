"""A small file system of copies, the only files that a worker may see behind walls that cannot mount anything.

It has the same names as bubblewrap's (``/python``, ``/room``, ``/dev/null``) and is made again for each run, below a
temporary folder that others cannot enter. They are copies and not links, so that no change reaches the originals, and
Python may be in a folder that a worker's user cannot enter (root's home).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import struct
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

from ncl_course.grading.errors import SandboxError
from ncl_course.grading.walls.sandbox import PARTS, PYTHON, ROOM, interpreter

LIBRARIES = f"{PYTHON}/lib"
LEFT_OUT = shutil.ignore_patterns(
    *("site-packages", "dist-packages", "test", "tests", "idlelib", "tkinter", "turtledemo", "lib2to3", "ensurepip"),
    *("config-*", "*.a", "*.opt-1.pyc", "*.opt-2.pyc", "_tkinter.*", "_curses*.so", "readline.*"),
)
"""Parts of the standard library that no exercise needs: other packages, its own tests, windows and terminals."""

DEVICES = {"null": (1, 3), "random": (1, 8), "urandom": (1, 9)}

GET_FLAGS, SET_FLAGS, NO_ATIME = 0x80086601, 0x40086602, 0x80
"""ioctl's FS_IOC_GETFLAGS and FS_IOC_SETFLAGS, and the flag of a file whose reading leaves no trace."""

FAR = 5 * 365 * 24 * 3600.0

LOADED = """
import ctypes, sys
class Info(ctypes.Structure):
    _fields_ = [("address", ctypes.c_void_p), ("name", ctypes.c_char_p)]
for path in sys.argv[1:]:
    try:
        ctypes.CDLL(path)
    except OSError:
        pass
@ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(Info), ctypes.c_size_t, ctypes.c_void_p)
def tell(info, _size, _data):
    print(info.contents.name.decode())
    return 0
ctypes.CDLL(None).dl_iterate_phdr(tell, None)
"""
"""A program that loads those libraries and then lists all that the dynamic loader has loaded, by name."""


def plant(folder: Path) -> Path:
    """Make the tree in that folder, and return its root.

    Raises:
        SandboxError: if it cannot be made here.
    """
    tree = folder / "tree"
    try:
        for source, target in contents():
            copy(source, tree / target.lstrip("/"))
        make_devices(tree / "dev")
        for path, _, files in os.walk(tree):
            os.chmod(path, 0o755)
            for name in ("", *files):
                still(os.path.join(path, name))
        (tree / "desk").mkdir()
        (tree / "desk").chmod(0o711)
    except (OSError, subprocess.SubprocessError, shutil.Error) as error:
        raise SandboxError(f"the worker's file system could not be made: {error}") from error
    return tree


def contents() -> list[tuple[Path, str]]:
    """Yield each file or folder to copy, with its place in the tree."""
    stdlib, prefix = Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix)
    python = [(interpreter(), f"{PYTHON}/bin/python3"), (stdlib, f"{PYTHON}/{stdlib.relative_to(prefix)}")]
    room = [(source, f"{ROOM}/{name}") for name, source in PARTS.items() if source.exists()]
    return [*python, *room, *libraries(stdlib)]


def copy(source: Path, target: Path) -> None:
    """Make a copy that everyone may read and only its owner may change."""
    if source.is_dir():
        left_out = LEFT_OUT if source.name not in PARTS else None
        shutil.copytree(source, target, ignore=left_out, copy_function=copy_file, ignore_dangling_symlinks=True)
    elif not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        copy_file(source, target)


def copy_file(source: str | Path, target: str | Path) -> None:
    """Copy one file: its content, whether it is a program, and its age, by which Python accepts stored bytecode."""
    status = os.stat(source)
    if stat.S_ISREG(status.st_mode):
        shutil.copyfile(source, target)
        os.chmod(target, 0o755 if os.access(source, os.X_OK) else 0o644)
        os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))


def libraries(stdlib: Path) -> list[tuple[Path, str]]:
    """Copy the system's shared libraries that Python's and NumPy's modules need, by name, into one folder.

    The dynamic loader itself keeps its place, because programs name it by its path.
    """
    numpy = [source.resolve() for name, source in PARTS.items() if name.startswith("numpy")]
    modules = [path for folder in (stdlib / "lib-dynload", *numpy) for path in sorted(folder.rglob("*.so"))]
    kept = [str(path) for path in modules if not LEFT_OUT(str(path.parent), [path.name])]
    command = [str(interpreter()), "-I", "-S", "-c", LOADED, *kept, "libgcc_s.so.1"]
    names = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.splitlines()
    found = [Path(os.path.normpath(name)) for name in names if name.startswith("/")]
    ours = [stdlib.resolve(), *numpy]
    outside = [path for path in found if not any(path.resolve().is_relative_to(folder) for folder in ours)]
    return [(path, str(path) if path.name.startswith("ld-") else f"{LIBRARIES}/{path.name}") for path in outside]


def still(path: str) -> None:
    """Keep the time of a file's or folder's last use as it is, since all workers of a run can see it.

    Some file systems can be asked for that. For the others, the time is set to one in the far future: Linux updates it
    only if it is older than the last change, or than a day, unless the file system is mounted with ``strictatime``.
    """
    status = os.stat(path)
    if stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode):
        with contextlib.suppress(OSError):
            descriptor = os.open(path, os.O_RDONLY)
            try:
                flags = struct.unpack("=l", fcntl.ioctl(descriptor, GET_FLAGS, bytes(4)))[0]
                fcntl.ioctl(descriptor, SET_FLAGS, struct.pack("=l", flags | NO_ATIME))
            finally:
                os.close(descriptor)
    os.utime(path, ns=(int((time.time() + FAR) * 1e9), status.st_mtime_ns))


def make_devices(folder: Path) -> None:
    """Make the harmless devices that the system allows; a worker can run without them."""
    folder.mkdir()
    for name, (major, minor) in DEVICES.items():
        with contextlib.suppress(OSError):
            os.mknod(folder / name, stat.S_IFCHR | 0o666, os.makedev(major, minor))
            os.chmod(folder / name, 0o666)
            (folder / name).open("rb").close()  # a file system without devices refuses only at this point
