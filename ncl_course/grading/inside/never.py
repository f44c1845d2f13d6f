"""The system calls that are refused whatever their arguments are. No exercise in NumPy makes any of them.

Each name has its number on x86_64 and on aarch64; None means that the machine has no such call. Namespaces make some of
them harmless; without namespaces (``--sandbox user``) all are needed.
"""

from __future__ import annotations

Names = dict[str, tuple[int | None, int | None]]

NETWORK: Names = {
    "socket": (41, 198),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
    "setsockopt": (54, 208),
}
"""No socket of any family can be made; the only one is the worker's channel. The buffers of a pair are outside of its
memory, so they stay as small as they are.
"""

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
    "io_setup": (206, 0),
    "landlock_create_ruleset": (444, 444),
    "landlock_add_rule": (445, 445),
    "landlock_restrict_self": (446, 446),
}
"""Memory outside of a process's address space, which its limit does not count. The requests of ``io_setup`` come out of
one store for the whole machine, too.
"""

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

SIMPLE = {**NETWORK, **PROGRAMS, **ROOMS, **LEFT_BEHIND, **TIMES, **HIDDEN_MEMORY, **OTHERS}
