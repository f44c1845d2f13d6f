"""The walls for ``--sandbox user``, for containers that refuse the namespaces that bubblewrap needs.

Only root can build them. They consist of another user id, an empty file system and refused system calls.

They promise the following, each with a test:

- *Files.* A worker sees copies of Python, NumPy and our few parts (``chroot``, see ``tree.py``) and no other file: no
  marks, no submissions, no sources, no /proc, no home. It can write in its working folder and nowhere else. If the
  kernel has Landlock, everything outside that folder can only be read. The times of the last use of these copies
  stand still, so that reading leaves no trace.
- *The working folder.* It belongs to the worker's user alone, has a name that others cannot find out, holds 16 MB, and
  is removed when the exercise ends (see ``desks.py``).
- *Network.* No socket of any kind can be made, bound or connected (seccomp), abstract ones included.
- *Other processes.* Each worker has a user's id that nobody else on the machine has at that time (see ``users.py``),
  no capability and no way to get one: it can neither signal, trace nor read the grader or another worker. Every call
  with the number of another process answers as if there were none. A worker can start no process, run no program and
  enter no namespace.
- *Leftovers.* When an exercise ends, in whatever way, all processes of its user are killed at once; only
  then the next one starts. System V and POSIX IPC, keyrings and io_uring are refused, so nothing else can remain.
- *Exhaustion.* The same limits as with bubblewrap, on the same counters.

Bubblewrap promises one thing more: here a worker shares the process table. It knows its own number and user, and from
the numbers of its threads how many processes have started; it can see how busy the machine is. If the
grader and its fork server are both killed from outside at the same moment, a worker lives on, behind its walls and
with nobody to talk to, until its processor time is used up or the next run meets its user's id.

An ordinary user has no second id to give away, and cannot ``chroot``: a worker with the grader's own id could be kept
from files, but limits on processes would count the grader's own. So an ordinary user gets an error, not weaker walls.
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
    """Return the walls, with their file system in that folder.

    Raises:
        SandboxError: if the user is not root, or if they cannot be built.
    """
    if os.geteuid() != 0:
        raise SandboxError(text("grading.problem.not_root"))
    chroot = shutil.which("chroot") or shutil.which("chroot", path="/usr/sbin:/sbin")
    if chroot is None:
        raise SandboxError("there is no chroot")
    tree = plant(folder)
    command = (chroot, str(tree), f"{PYTHON}/bin/python3", *PYTHON_OPTIONS)
    around = environment(ROOM, LD_LIBRARY_PATH=LIBRARIES)
    return Walls(command, around, forks=True, mode=Mode.USER, desks=tree / "desk")
