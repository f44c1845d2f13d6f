"""Run a command as root of a container without privileges would: ``python -m tests.grading.container COMMAND...``.

Docker leaves such a root fourteen capabilities and refuses namespaces and mounts. This module does the same, by the
kernel's own means, so that bubblewrap fails as it does there.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys

from ncl_course.grading.inside import calls, never, refusals
from ncl_course.grading.inside.calls import Rule

RIGHTS = (
    *("chown", "dac_override", "fowner", "fsetid", "kill", "setgid", "setuid", "setpcap"),
    *("net_bind_service", "net_raw", "sys_chroot", "mknod", "audit_write", "setfcap"),
)
REFUSED = ("unshare", "mount", "umount2", "pivot_root", "open_tree", "move_mount", "fsopen", "fsmount")
KEEP_RIGHTS = ("--bounding-set", ",".join(("-all", *(f"+{right}" for right in RIGHTS))), "--inh-caps=-all")


def in_container(*command: str) -> list[str]:
    """Run the command in this way."""
    setpriv = shutil.which("setpriv") or "setpriv"
    return [setpriv, *KEEP_RIGHTS, sys.executable, "-m", "tests.grading.container", *command]


def refuse_namespaces() -> None:
    """Refuse what a container's seccomp profile refuses."""
    assert calls.forbid({machine: rules(machine) for machine in refusals.MACHINES}), ctypes.get_errno()


def rules(machine: str) -> list[Rule]:
    """Return the rules: no mounts, and new processes without new namespaces."""
    plain = calls.allowed(((0, refusals.NEW_NAMESPACES, 0),))
    rooms = {name: never.ROOMS[name] for name in REFUSED}
    return [
        *(Rule(number) for number in refusals.numbers(rooms, machine)),
        *(Rule(number, errno.EPERM, plain) for number in refusals.numbers(refusals.CLONE, machine)),
        *(Rule(number, errno.ENOSYS) for number in refusals.numbers(refusals.CLONE3, machine)),
    ]


if __name__ == "__main__":
    refuse_namespaces()
    os.execvp(sys.argv[1], sys.argv[1:])
