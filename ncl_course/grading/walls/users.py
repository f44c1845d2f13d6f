"""Give the machine's own user ids to workers: one for each at a time, with nothing of theirs left afterwards."""

from __future__ import annotations

import os
import pwd
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ncl_course.grading.walls.sandbox import INSIDE, interpreter

FIRST, PAIRS = 20_000, 5_000
"""The ids that may be taken. They come in pairs: a worker's own, and the next one, under which it is ended."""


@dataclass(frozen=True)
class User:
    """An id that no other worker on this machine has until it is given back."""

    uid: int
    claim: socket.socket

    def give_back(self) -> None:
        """Give the id back; this may be called twice."""
        self.claim.close()

    def empty(self) -> None:
        """End every process of that user, if the fork server is gone and cannot do so."""
        command = [str(interpreter()), "-I", "-S", str(INSIDE / "apart.py"), str(self.uid)]
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)


def claim(numbers: Iterator[int]) -> User:
    """Take the next free id, which belongs neither to a real user nor to a worker of this run or of another one.

    The claim is an abstract socket's name, which the system frees however this process ends.
    """
    for number in numbers:
        uid = FIRST + 2 * ((os.getpid() * 64 + number) % PAIRS)
        if known(uid) or known(uid + 1):
            continue
        taken = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            taken.bind(f"\0ncl-course-user-{uid}")
        except OSError:
            taken.close()
            continue
        return User(uid, taken)
    raise AssertionError("numbers have no end")


@cache
def known(uid: int) -> bool:
    """Return whether the system has a user with that id."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True
