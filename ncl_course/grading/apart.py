"""How a fork is set apart from everybody else: namespaces, a user and rights of its own, none in the end.

It runs inside the sandbox, on the standard library alone. The calls are the kernel's own, for ``os.unshare`` is
not in Python 3.11.
"""

from __future__ import annotations

import ctypes
import os

NEW_PID = 0x20000000
FURTHER = 0x00020000 | 0x04000000 | 0x08000000 | 0x40000000
"""New mount, UTS, IPC and network namespaces: nothing of theirs outlives their last process."""

NEW_USER = 0x10000000
NO_NEW_PRIVILEGES, DUMPABLE, DROP_FROM_BOUNDING_SET = 38, 4, 24
CAPABILITY_VERSION, CAPABILITIES = 0x20080522, 64

libc = ctypes.CDLL(None, use_errno=True)


class Head(ctypes.Structure):
    """The first argument of ``capset``."""

    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


def demand(result: int, what: str) -> None:
    """Raise what the kernel said where it refused.

    Raises:
        OSError: it did.
    """
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def children_apart() -> None:
    """Let this process's children stand in a new PID namespace, of which the first is the init."""
    demand(libc.unshare(NEW_PID), "no new PID namespace")


def children_here(myself: int) -> None:
    """Let this process's children stand beside it again; ``myself`` is its own pidfd."""
    demand(libc.setns(myself, NEW_PID), "no way back to the own PID namespace")


def leave_namespaces(*, user: bool) -> None:
    """Leave every other namespace; with ``user`` also the user namespace, into one where no user is known."""
    demand(libc.unshare(FURTHER | (NEW_USER if user else 0)), "no new namespaces")


def drop_rights(uid: int | None) -> None:
    """Be that user for good where one is given, and keep no capability, nor the way to any; nobody may trace this."""
    for number in range(CAPABILITIES):
        libc.prctl(DROP_FROM_BOUNDING_SET, number, 0, 0, 0)
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    head, none = Head(CAPABILITY_VERSION, 0), (ctypes.c_uint32 * 6)()
    demand(libc.capset(ctypes.byref(head), none), "capabilities stay")
    demand(libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0), "privileges may come back")
    demand(libc.prctl(DUMPABLE, 0, 0, 0, 0), "others may trace this process")
