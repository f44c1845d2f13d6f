"""Landlock: from now on this process may only read files, except in its working folder.

It is a further wall behind those of users and rights, if the kernel has it. It runs inside the sandbox, with only the
standard library. The calls are the kernel's own; their numbers are the same on every machine.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct

CREATE, ADD, RESTRICT = 444, 445, 446
ASK_VERSION, PATH_BENEATH = 1, 1
WRITE_FILE, READ_FILE, READ_DIR = 1 << 1, 1 << 2, 1 << 3
FILES = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
"""The kernel version from which each use of files can be forbidden: running, making, moving, cutting, ioctl."""

NO_PROGRAMS = ~((1 << 0) | (1 << 6) | (1 << 9) | (1 << 10) | (1 << 11) | (1 << 15))
IN_FOLDER = ((1 << 16) - 1) & NO_PROGRAMS
"""The rights in the working folder: all but to run programs and to make devices, sockets and pipes."""

TCP_SINCE, SCOPES_SINCE = 4, 6
BOTH = 3
"""The rights to bind and connect TCP, and those for abstract sockets and signals to others."""

libc = ctypes.CDLL(None, use_errno=True)


def version() -> int:
    """Return the kernel's version of Landlock; 0 if it has none, or if the question is refused."""
    return max(libc.syscall(CREATE, None, 0, ASK_VERSION), 0)


def only_read(folder: str = "") -> int:
    """Forbid this process and its children everything but reading; return the version that did so, 0 for none.

    In that folder, files and folders may be made, written and moved.

    Raises:
        OSError: if the kernel has it and refused.
    """
    found = version()
    if found == 0:
        return 0
    rules = called(CREATE, *ruleset(found), 0)
    try:
        allow(rules, "/", READ_FILE | READ_DIR)
        with contextlib.suppress(FileNotFoundError):
            allow(rules, os.devnull, READ_FILE | WRITE_FILE)
        if folder:
            allow(rules, folder, IN_FOLDER & files_of(found))
        called(RESTRICT, rules, 0)
    finally:
        os.close(rules)
    return found


def files_of(found: int) -> int:
    """Return every use of files that a kernel of that version can forbid."""
    return FILES[max(since for since in FILES if since <= found)]


def ruleset(found: int) -> tuple[ctypes.Array[ctypes.c_char], int]:
    """Return everything that a kernel of that version can forbid, in its own form, and the size of that."""
    fields = [files_of(found), *([BOTH] if found >= TCP_SINCE else []), *([BOTH] if found >= SCOPES_SINCE else [])]
    packed = struct.pack(f"={len(fields)}Q", *fields)
    return ctypes.create_string_buffer(packed, len(packed)), len(packed)


def allow(rules: int, path: str, access: int) -> None:
    """Allow these rights below a path."""
    parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        packed = struct.pack("=Qi", access, parent)
        called(ADD, rules, PATH_BENEATH, ctypes.create_string_buffer(packed, len(packed)), 0)
    finally:
        os.close(parent)


def called(*call: object) -> int:
    """Return a system call's result.

    Raises:
        OSError: if it was refused.
    """
    result = int(libc.syscall(*call))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"Landlock: {os.strerror(number)}")
    return result
