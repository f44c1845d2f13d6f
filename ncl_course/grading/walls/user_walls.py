"""The walls for ``--sandbox user``: where a container refuses the namespaces that bubblewrap needs.

Root alone can build them. They stand on another user's id, an empty file system and refused system calls.

What they promise, each with a test:

- *Files.* A worker sees copies of Python, NumPy and our few parts (``chroot``, see ``tree.py``) and no other name: no
  marks, no submissions, no sources, no /proc, no home. It can write nowhere. Where the kernel has Landlock, that
  forbids all but reading there once more.
- *Network.* No socket of any kind can be made, bound or connected (seccomp), abstract ones included.
- *Other processes.* Each worker has a user's id that nobody else on the machine has at that time (see ``users.py``),
  no capability and no way to one: it can neither signal, trace nor read the grader or another worker. It can run no
  program and enter no namespace.
- *What is left behind.* When an exercise ends, however it does, everything of its user is killed in one stroke; only
  then the next one starts. System V and POSIX IPC, keyrings and io_uring are refused, so nothing else could stay.
- *Exhaustion.* The same limits as with bubblewrap, on the same counters.

What they do not promise, and bubblewrap does: a worker shares the process table. It can ask whether a number belongs
to some process (and learns no more than yes), see how busy the machine is, and knows its own number and user. If the
grader and its fork server are both killed from outside at the same moment, a worker lives on, behind its walls and
with nobody to talk to, until its processor time is used up or the next run meets its user's id.

An ordinary user has no second id to give away, and cannot ``chroot``: a worker in the grader's own name could be held
back from files, but limits on processes would count the grader's own. So it is refused there and not weaker.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from ncl_course.grading.errors import SandboxError
from ncl_course.grading.walls.sandbox import PYTHON, PYTHON_OPTIONS, ROOM, Mode, Walls, environment
from ncl_course.grading.walls.tree import LIBRARIES, plant
from ncl_course.language import text


def user_walls(folder: Path) -> Walls:
    """The walls, with their file system in that folder.

    Raises:
        SandboxError: who asks is not root, or they cannot be built.
    """
    if os.geteuid() != 0:
        raise SandboxError(text("grading.problem.not_root"))
    chroot = shutil.which("chroot") or shutil.which("chroot", path="/usr/sbin:/sbin")
    if chroot is None:
        raise SandboxError("there is no chroot")
    command = (chroot, str(plant(folder)), f"{PYTHON}/bin/python3", *PYTHON_OPTIONS)
    return Walls(command, environment(ROOM, LD_LIBRARY_PATH=LIBRARIES), forks=True, mode=Mode.USER)
