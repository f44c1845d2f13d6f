"""Refuse system calls to a worker: some always (``never.py``), and others with certain arguments."""

from __future__ import annotations

import errno
import os
from functools import cache

from ncl_course.grading.inside import calls
from ncl_course.grading.inside.calls import EVERY_BIT, Answer, Cases, Rule, allowed, meanings
from ncl_course.grading.inside.never import SIMPLE, Names

Group = tuple[Names, Answer, Cases]

MACHINES = ("x86_64", "aarch64")

PAIR: Names = {"socketpair": (53, 199)}
"""Event loops need a pair of connected streams; a pair of datagram sockets could be connected elsewhere."""

MAPPING: Names = {"mmap": (9, 222)}
SHARED, KIND_OF_MAPPING = (0x21, 0x23), 0x2F
"""MAP_SHARED or MAP_SHARED_VALIDATE of no file: all of such memory stays in use until its last page is given back, and
the limit counts only that page. ``/dev/zero`` gives the same, so there is none. A file's is part of its folder's size.
"""

MESSAGES: Names = {"sendmsg": (46, 211), "recvmsg": (47, 212)}
OTHER_MESSAGES: Names = {"sendto": (44, 206), "sendmmsg": (307, 269), "recvfrom": (45, 207), "recvmmsg": (299, 243)}
URGENT = 1
"""MSG_OOB, among the flags in the third or the fourth argument: bytes out of order are of no use here, and the kernel's
part for them has had holes.
"""

NOBODY: Names = {
    "tkill": (200, 130),
    "capget": (125, 90),
    "get_robust_list": (274, 100),
    "ioprio_get": (252, 31),
    "ioprio_set": (251, 30),
}
"""Calls that tell whether a number belongs to a process, and for which nothing here has a use."""

OWN: Names = {
    "kill": (62, 129),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "getsid": (124, 156),
    "getpgid": (121, 155),
    "setpgid": (109, 154),
    "prlimit64": (302, 261),
    "sched_setparam": (142, 118),
    "sched_getparam": (143, 121),
    "sched_setscheduler": (144, 119),
    "sched_getscheduler": (145, 120),
    "sched_rr_get_interval": (148, 127),
    "sched_setaffinity": (203, 122),
    "sched_getaffinity": (204, 123),
    "sched_setattr": (314, 274),
    "sched_getattr": (315, 275),
}
"""Calls about the process whose number is the first argument: only 0 and the own one are answered."""

PRIORITIES: Names = {"getpriority": (140, 141), "setpriority": (141, 140)}
PROCESS, GROUP, USER = range(3)

CLOCKS: Names = {
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "timer_create": (222, 107),
}
"""A negative clock is the processor time of a process with a certain number."""

LOCKS: Names = {"flock": (73, 32)}
"""Locks on files that other workers can see would tell them something. Here, each lock seems to succeed."""

FLUSHING: Names = {"sync": (162, 81), "syncfs": (306, 267), "fsync": (74, 82), "fdatasync": (75, 83)}
"""They make the machine write what it has in memory, and other processes wait for its disks."""

WAITS: Names = {"futex": (202, 98)}
"""Threads wait at a word of memory. If it is in a file, other workers can wait there: only waits within the process
are made. C's library needs others only to join a thread, and then asks again and again.
"""

PRIVATE, KIND_OF_WAIT = 0x80, 0x7F
WAKING = (1, 3, 4, 5, 10)
"""The flag of a wait within the process, and the kinds of calls that wake: these say that nobody has waited."""

FILE_CONTROL: Names = {"fcntl": (72, 25)}
LOCKING, ASKING = (6, 7, 37, 38), (5, 36)
"""F_SETLK, F_SETLKW, F_OFD_SETLK and F_OFD_SETLKW, which seem to succeed, too; F_GETLK and F_OFD_GETLK."""

USES = (8, 15, 1024, 1026, 1031)
"""F_SETOWN and F_SETOWN_EX, which tell whether a process exists; F_SETLEASE, F_NOTIFY and F_SETPIPE_SZ."""

DEVICE_CONTROL: Names = {"ioctl": (16, 29)}
SET_OWNER = (0x8901, 0x8902)
"""FIOSETOWN and SIOCSPGRP."""

PROCESS_CONTROL: Names = {"prctl": (157, 167)}
ABOUT_OTHERS = (4, 62, 0x59616D61)
"""PR_SET_DUMPABLE, PR_SCHED_CORE and PR_SET_PTRACER. The machine may give the memory of a process that crashes to a
program that keeps it; the limit on the size of such files does not hold there.
"""

UNSEEN: Names = {
    "unlink": (87, None),
    "rename": (82, None),
    "renameat": (264, 38),
    "openat2": (437, 437),
    "fallocate": (285, 47),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "setxattrat": (463, 463),
}
"""Calls by which a file would lose its name or a folder its size, so that the grader could not measure it."""

REMOVING: Names = {"unlinkat": (263, 35)}
RENAMING: Names = {"renameat2": (316, 276)}
OPENING: Names = {"open": (2, None)}
OPENING_AT: Names = {"openat": (257, 56)}
FOLDER, NOT_REPLACING, UNNAMED = 0x200, 1, 0x400000
"""The flags with which unlinkat removes a folder, renameat2 replaces nothing, and a file is made without a name."""

NEW_PROCESS: Names = {"fork": (57, None), "vfork": (58, None)}
CLONE: Names = {"clone": (56, 220)}
CLONE3: Names = {"clone3": (435, 435)}
"""A filter cannot see the flags of clone3; if it is unknown, clone is used instead."""

THREAD, NEW_NAMESPACES = 0x00010000, 0x7E020000
UNIX, STREAM, KIND = 1, 1, 0xF


def forbid(*, namespaces: bool = True) -> bool:
    """Refuse all these calls to this process from now on; return whether the kernel agreed.

    Args:
        namespaces: whether the process has its own namespaces and its own file system to write to. Without them, it
            can make no pair of sockets, and no file without a name.
    """
    code = filter_for(os.getpid(), namespaces=namespaces)
    if not code:
        return False
    calls.forbid_dumps()
    return calls.put_on(code)


@cache
def filter_for(pid: int, *, namespaces: bool) -> bytes:
    """Return the filter for a process with that number; it is empty if the machine is not known."""
    machine = os.uname().machine
    return calls.compiled(machine, rules(machine, pid, namespaces=namespaces)) if machine in MACHINES else b""


def rules(machine: str, pid: int, *, namespaces: bool = True) -> list[Rule]:
    """Return the rules for a process with that number."""
    own = allowed(*(((0, EVERY_BIT, number),) for number in (0, pid)))
    whose = ((PROCESS, 0), (PROCESS, pid), (GROUP, 0), (USER, 0))
    priorities = allowed(*(((0, EVERY_BIT, kind), (1, EVERY_BIT, number)) for kind, number in whose))
    shared = allowed(((0, 1 << 31, 0),))
    streams = allowed(((0, EVERY_BIT, UNIX), (1, KIND, STREAM))) if namespaces else ()
    threads = allowed(((0, THREAD | NEW_NAMESPACES, THREAD),))
    groups: list[Group] = [
        (SIMPLE, errno.EPERM, ()),
        (NOBODY, errno.ESRCH, ()),
        (OWN, errno.ESRCH, own),
        (PRIORITIES, errno.ESRCH, priorities),
        (CLOCKS, errno.EINVAL, shared),
        (LOCKS | FLUSHING, 0, ()),
        (WAITS, errno.EAGAIN, (*allowed(((1, PRIVATE, PRIVATE),)), *meanings(1, WAKING, 0, KIND_OF_WAIT))),
        (PAIR, errno.EPERM, streams),
        (NEW_PROCESS, errno.EAGAIN, ()),
        (CLONE, errno.EAGAIN, threads),
        (CLONE3, errno.ENOSYS, ()),
        (
            FILE_CONTROL,
            None,
            (*meanings(1, LOCKING, 0), *meanings(1, ASKING, errno.ENOLCK), *meanings(1, USES, errno.EPERM)),
        ),
        (DEVICE_CONTROL, None, meanings(1, SET_OWNER, errno.EPERM)),
        (PROCESS_CONTROL, None, meanings(0, ABOUT_OTHERS, errno.EPERM)),
        (MAPPING, None, meanings(3, SHARED, errno.EPERM, KIND_OF_MAPPING)),
        (MESSAGES, None, meanings(2, (URGENT,), errno.EPERM, URGENT)),
        (OTHER_MESSAGES, None, meanings(3, (URGENT,), errno.EPERM, URGENT)),
    ]
    groups += [] if namespaces else measured()
    return [Rule(number, answer, cases) for names, answer, cases in groups for number in numbers(names, machine)]


def measured() -> list[Group]:
    """Return the rules by which every file in a working folder keeps its name."""
    return [
        (UNSEEN, errno.EPERM, ()),
        (REMOVING, errno.EPERM, allowed(((2, FOLDER, FOLDER),))),
        (RENAMING, errno.EPERM, allowed(((4, EVERY_BIT, NOT_REPLACING),))),
        (OPENING, errno.EPERM, allowed(((1, UNNAMED, 0),))),
        (OPENING_AT, errno.EPERM, allowed(((2, UNNAMED, 0),))),
    ]


def numbers(names: Names, machine: str) -> list[int]:
    """Return the numbers of calls on a machine."""
    found = (both[MACHINES.index(machine)] for both in names.values())
    return [number for number in found if number is not None]
