"""Users' ids of the machine itself for workers: one at a time for each, and nothing of theirs left afterwards."""

from __future__ import annotations

import os
import pwd
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from ncl_course.grading.walls.sandbox import INSIDE, interpreter

FIRST, PAIRS = 20_000, 5_000
"""The ids that are taken. They go in pairs: a worker's own, and behind it one in whose name it is ended."""


@dataclass(frozen=True)
class User:
    """An id that no other worker on this machine has until it is given back."""

    uid: int
    claim: socket.socket

    def give_back(self) -> None:
        """Let others have it; it may be given back twice."""
        self.claim.close()

    def empty(self) -> None:
        """End every process of that user, where the fork server is no longer there to do so."""
        command = [str(interpreter()), "-I", "-S", str(INSIDE / "apart.py"), str(self.uid)]
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)


def claim(numbers: Iterator[int]) -> User:
    """The next id that nobody has: neither a real user nor a worker of this run or of another one.

    The claim is an abstract socket's name, which the system frees whatever becomes of this process.
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


def known(uid: int) -> bool:
    """Whether the system has a user of that id."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True
