"""Run a command as root of a container without privileges would: ``python -m tests.grading.container COMMAND...``.

Docker leaves such a root fourteen capabilities and refuses namespaces and mounts. This module does the same, by the
kernel's own means, so that bubblewrap fails as it does there.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys

from ncl_course.grading.inside import alone, calls

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
    places = {"x86_64": 0, "aarch64": 1}
    numbers = {machine: tuple(alone.ALL[name][place] for name in REFUSED) for machine, place in places.items()}
    assert calls.forbid(numbers), ctypes.get_errno()
    assert calls.forbid_namespaces()


if __name__ == "__main__":
    refuse_namespaces()
    os.execvp(sys.argv[1], sys.argv[1:])
