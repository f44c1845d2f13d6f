"""The fork server for walls without namespaces: each child has its own user, all of whose processes end with it.

It runs inside the sandbox as root, and takes the same requests as ``forkserver.py``. It never runs a
student's code. A child is one process deep: it becomes its user for good, then Landlock and seccomp close what that
leaves open, then it serves its channel. Whatever a student starts has the same user, which nobody else on the machine
has, so that all of it can be killed in one stroke: when the child ends, when it is ended, before another one gets
that user's id, and when nobody asks any more. What orphans there are become this server's own children, and it waits
for the last of them.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
from typing import Any, NoReturn

from ncl_course.grading.inside import apart, forkserver, landlock, refusals, removing, standins, worker

NOBODY = 0


class UserServer(forkserver.Server):
    """Forks and ends children, one at a time, each with the id of a user."""

    def __init__(self, control: socket.socket) -> None:
        super().__init__(control)
        apart.keep_to_users()
        self.uid = NOBODY
        self.status: int | None = None
        self.cpu = 0.0
        self.watched = -1

    def serve(self) -> None:
        """Serve the trusted side; when it closes the channel, or after any error, no process remains."""
        try:
            super().serve()
        finally:
            self.sweep()

    def hear(self) -> tuple[bytes, list[int]]:
        """Return the next request. If the child ends meanwhile, end all that it has started."""
        if self.status is None and self.child:
            watched: list[Any] = [self.control, self.watched]
            ready, _, _ = select.select(watched, [], [])
            if self.watched in ready:
                self.sweep()
        heard: tuple[bytes, list[int]] = super().hear()
        return heard

    def fork(self, channel: int, request: dict[str, Any]) -> dict[str, Any]:
        """Start a child on that channel, as that user and in that working folder."""
        uid = request["uid"]
        try:
            if not uid:
                raise OSError("no user to be")
            if self.status is None:
                self.sweep()
            self.uid, self.status = uid, None
            self.sweep()  # processes of that user that a killed run may have left
            self.cpu = 0.0
            self.child = os.fork()
            if self.child == 0:
                be_user(self.control, channel, uid, request["desk"])
            self.watched = os.pidfd_open(self.child)
        finally:
            os.close(channel)
        return {"child": self.child}

    def end(self, patience: float) -> dict[str, Any]:
        """Wait so long for the child to end, then end it and all that it has started."""
        if self.status is None:
            select.select([self.watched], [], [], patience)
            self.sweep()
        return {"status": self.status, "cpu": self.cpu}

    def sweep(self) -> None:
        """End all processes of the user, and return how the child has ended."""
        if self.uid == NOBODY:
            return
        apart.end_all_of(self.uid)
        while True:
            try:
                pid, status, used = os.wait4(-1, 0)
            except ChildProcessError:
                break
            self.cpu += used.ru_utime + used.ru_stime
            if pid == self.child:
                self.status = os.waitstatus_to_exitcode(status)
        if self.watched >= 0:
            os.close(self.watched)
            self.watched = -1


def be_user(control: socket.socket, channel: int, uid: int, desk: str) -> NoReturn:
    """The process that a student's code runs in."""
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.setsid()
        control.detach()
        os.dup2(channel, forkserver.CHANNEL, inheritable=False)
        os.closerange(forkserver.CHANNEL + 1, 1 << 16)
        apart.drop_rights(uid)
        landlock.only_read(removing.settle(desk) if desk else "")
        if not refusals.forbid(namespaces=False):
            raise OSError("no system call can be refused here (seccomp)")
        worker.serve(socket.socket(fileno=forkserver.CHANNEL))
        status = 0
    except OSError as error:
        os.write(2, str(error).encode())
    finally:
        os._exit(status)


if __name__ == "__main__":
    standins.install()
    removing.install()
    forkserver.load()
    UserServer(socket.socket(fileno=int(sys.argv[1]))).serve()
