"""The lists of refused system calls. No exercise in NumPy makes any of them.

Each name has its number on x86_64 and on aarch64; None means that the machine has no such call. Namespaces make some of
them harmless; without namespaces (``--sandbox user``) all are needed.
"""

from __future__ import annotations

import errno
import os
from functools import cache

from ncl_course.grading.inside import calls
from ncl_course.grading.inside.calls import EVERY_BIT, Answer, Cases, Rule, allowed, meanings

Names = dict[str, tuple[int | None, int | None]]
Group = tuple[Names, Answer, Cases]

MACHINES = ("x86_64", "aarch64")

NETWORK: Names = {
    "socket": (41, 198),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
}
"""No socket of any family can be made; the only one is the worker's channel."""

PAIR: Names = {"socketpair": (53, 199)}
"""Event loops need a pair of connected streams; a pair of datagram sockets could be connected elsewhere."""

PROGRAMS: Names = {"execve": (59, 221), "execveat": (322, 281), "uselib": (134, None)}

ROOMS: Names = {
    "unshare": (272, 97),
    "setns": (308, 268),
    "chroot": (161, 51),
    "pivot_root": (155, 41),
    "mount": (165, 40),
    "umount2": (166, 39),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "statmount": (457, 457),
    "listmount": (458, 458),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
}

LEFT_BEHIND: Names = {
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "semget": (64, 190),
    "semop": (65, 193),
    "semctl": (66, 191),
    "semtimedop": (220, 192),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
}
"""Parts of the kernel that outlive a process. Shared memory that is not attached counts for no limit, either."""

TIMES: Names = {
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
}
"""Times of files: a device such as ``/dev/null`` is the machine's own, and everyone may set its times."""

HIDDEN_MEMORY: Names = {
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "vmsplice": (278, 75),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
}
"""Memory outside of a process's address space, which its limit does not count."""

OTHERS: Names = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "perf_event_open": (298, 241),
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "kcmp": (312, 272),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "inotify_init": (253, None),
    "inotify_init1": (294, 26),
    "fanotify_init": (300, 262),
    "mincore": (27, 232),
    "cachestat": (451, 451),
    "futex_waitv": (449, 449),
    "futex_wake": (454, 454),
    "futex_wait": (455, 455),
    "futex_requeue": (456, 456),
    "syslog": (103, 116),
    "personality": (135, 92),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "iopl": (172, None),
    "ioperm": (173, None),
    "modify_ldt": (154, None),
}
"""Calls that read or change other processes, or parts of the kernel that no exercise needs."""

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
ABOUT_OTHERS = (62, 0x59616D61)
"""PR_SCHED_CORE and PR_SET_PTRACER."""

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

SIMPLE = {**NETWORK, **PROGRAMS, **ROOMS, **LEFT_BEHIND, **TIMES, **HIDDEN_MEMORY, **OTHERS}


def forbid(*, namespaces: bool = True) -> bool:
    """Refuse all these calls to this process from now on; return whether the kernel agreed.

    Args:
        namespaces: whether the process has its own namespaces and its own file system to write to. Without them, it
            can make no pair of sockets, and no file without a name.
    """
    code = filter_for(os.getpid(), namespaces=namespaces)
    return bool(code) and calls.put_on(code)


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
