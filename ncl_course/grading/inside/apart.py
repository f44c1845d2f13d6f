"""Isolate a fork from everything else: with its own namespaces and user, and in the end without rights.

It runs inside the sandbox with only the standard library; outside, as ``apart.py UID``, it ends the processes of a
user. It uses the kernel's own calls, because ``os.unshare`` is not in Python 3.11.
"""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import sys

NEW_PID = 0x20000000
FURTHER = 0x00020000 | 0x04000000 | 0x08000000 | 0x40000000
"""The flags for new mount, UTS, IPC and network namespaces: nothing in them outlives their last process."""

NEW_MOUNTS, PRIVATE = 0x00020000, 0x00040000 | 0x00004000
NO_SUID, NO_DEVICES, NO_PROGRAMS = 2, 4, 8
INODES = 1_000
"""The number of files in a working folder."""

NEW_USER = 0x10000000
NO_NEW_PRIVILEGES, DUMPABLE, DROP_FROM_BOUNDING_SET, ADOPT_ORPHANS = 38, 4, 24, 36
CAPABILITY_VERSION, CAPABILITIES = 0x20080522, 64
SET_USERS = (1 << 6) | (1 << 7) | (1 << 8)
"""The capabilities to change users and groups, and to give up others."""

KEEP_AT_END, ASK_FOR, APART_FROM = (-1, 16 * 2**20), (-2, 2**20), (-3, 4 * 2**20)
"""Settings of memory in C's library: the free bytes that it keeps, the bytes that it asks the kernel for at once, and
the size of an array with pages of its own. ``mallopt`` calls them M_TRIM_THRESHOLD, M_TOP_PAD and M_MMAP_THRESHOLD.
"""

libc = ctypes.CDLL(None, use_errno=True)


class Head(ctypes.Structure):
    """The first argument of ``capset``."""

    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


def demand(result: int, what: str) -> None:
    """Raise the kernel's error if it refused a call.

    Raises:
        OSError: it did.
    """
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def keep_memory() -> None:
    """Have C's library keep the memory of an array for the next one.

    By default it returns the memory to the kernel, which then fills each new page with zeros. A library without
    ``mallopt`` stays as it is.
    """
    if hasattr(libc, "mallopt"):
        for setting, size in (KEEP_AT_END, ASK_FOR, APART_FROM):
            libc.mallopt(setting, size)


def children_apart() -> None:
    """Put this process's children into a new PID namespace; the first child is its init."""
    demand(libc.unshare(NEW_PID), "no new PID namespace")


def children_here(myself: int) -> None:
    """Put this process's children into its own PID namespace again; ``myself`` is its own pidfd."""
    demand(libc.setns(myself, NEW_PID), "no way back to the own PID namespace")


def leave_namespaces(kinds: int) -> None:
    """Leave the namespaces of those kinds for new ones; a new user namespace knows no user."""
    demand(libc.unshare(kinds), "no new namespaces")


def make_folder(path: str, size: int, uid: int | None) -> None:
    """Mount a file system of that many bytes in memory, in this process's mount namespace, which must be its own.

    It belongs to the user with that id, or to this process's own user, and it is gone with the last process in it.

    Raises:
        OSError: the kernel refused.
    """
    demand(libc.mount(b"none", b"/", None, PRIVATE, None), "mounts stay shared")
    owner = "" if uid is None else f",uid={uid},gid={uid}"
    options = f"size={size},nr_inodes={INODES},mode=0700{owner}".encode()
    demand(libc.mount(b"desk", path.encode(), b"tmpfs", NO_SUID | NO_DEVICES | NO_PROGRAMS, options), "no folder")


def drop_rights(uid: int | None) -> None:
    """Become that user for good, if one is given, and give up all capabilities and tracing by others."""
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


def keep_to_users() -> None:
    """Keep only root's rights to become other users, and become the parent of orphaned processes."""
    head, sets = Head(CAPABILITY_VERSION, 0), (ctypes.c_uint32 * 6)()
    demand(libc.capget(ctypes.byref(head), sets), "capabilities are hidden")
    kept = sets[1] & SET_USERS
    demand(libc.capset(ctypes.byref(head), (ctypes.c_uint32 * 6)(kept, kept, 0, 0, 0, 0)), "capabilities stay")
    demand(libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0), "privileges may come back")
    demand(libc.prctl(ADOPT_ORPHANS, 1, 0, 0, 0), "orphans go elsewhere")


def end_all_of(uid: int) -> None:
    """End every process of that user at once: the kernel lets none of them fork in between.

    The process that does it has that user only as its effective id and the next one as its real id, so that none of
    those processes may signal it.

    Raises:
        OSError: if it could not.
    """
    pid = os.fork()
    if pid == 0:
        status = errno.EIO
        try:
            status = end_all_in_name_of(uid)
        finally:
            os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if status != 0:
        raise OSError(status, f"a user's processes could not be ended: {os.strerror(status)}")


def end_all_in_name_of(uid: int) -> int:
    """Become that user in effect, and end all its processes but this one; return 0 or the number of the error."""
    try:
        os.setgroups([])
        os.setresuid(uid + 1, uid, uid + 1)
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        return 0
    except OSError as error:
        return error.errno or errno.EIO
    return 0


if __name__ == "__main__":
    end_all_of(int(sys.argv[1]))
