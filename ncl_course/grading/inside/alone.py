"""The system calls that a worker without its own namespaces is refused, beside those of ``calls.py``.

Namespaces would make them harmless; without these they reach the network, other processes of the machine, or parts of
the kernel where something could be left behind. No exercise in NumPy makes any of them. Each name has its number on
x86_64 and on aarch64.
"""

from __future__ import annotations

NETWORK = {
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
}
"""A pair of datagram sockets could still be connected to another address, so the list includes pairs."""

PROGRAMS = {"execve": (59, 221), "execveat": (322, 281)}

ROOMS = {
    "unshare": (272, 97),
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
    "name_to_handle_at": (303, 264),
}

LEFT_BEHIND = {
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

OTHERS = {
    "kcmp": (312, 272),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "inotify_init1": (294, 26),
    "fanotify_init": (300, 262),
    "syslog": (103, 116),
    "personality": (135, 92),
    "acct": (163, 89),
    "quotactl": (179, 60),
}

UNSEEN = {
    "renameat": (264, 38),
    "openat2": (437, 437),
    "fallocate": (285, 47),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "setxattrat": (463, 463),
}
"""Calls by which a file would lose its name or a folder its size, so that the grader could not measure it."""

OLD = (253, 172, 173, 154, 87, 82)
"""inotify_init, iopl, ioperm, modify_ldt, unlink and rename, which only x86_64 has."""

ALL = {**NETWORK, **PROGRAMS, **ROOMS, **LEFT_BEHIND, **OTHERS, **UNSEEN}
REFUSED = {
    "x86_64": (*(number for number, _ in ALL.values()), *OLD),
    "aarch64": tuple(number for _, number in ALL.values()),
}
"""The calls by the machine's name, as in ``calls.REFUSED``."""
