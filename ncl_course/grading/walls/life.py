"""A worker's process as the trusted side sees it: a separate process, or a fork server's child."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import threading
from typing import Any, Protocol

from ncl_course.grading.errors import SandboxError
from ncl_course.grading.walls.desks import Desk
from ncl_course.grading.walls.sandbox import Mode, Walls
from ncl_course.grading.walls.users import User

START_SECONDS = 60.0
"""The seconds that a process may take to start or end on a busy machine; it is our own and runs no student's code."""


class Life(Protocol):
    """The end of a worker: how to end it, and how it ended."""

    def end(self, patience: float) -> int:
        """Wait so long for it to end, then end it and its processes; return the status as ``subprocess`` does.

        Raises:
            SandboxError: if the fork server is gone.
        """

    def kill(self) -> None:
        """End it at once, from any thread; a thread that waits on its channel notices."""

    def last_words(self) -> str:
        """Return the output on stderr before a failed start; once started, a worker writes nothing there."""


class Spawned:
    """A command behind the walls, which inherits the descriptor of its channel."""

    def __init__(self, walls: Walls, user: User | None, descriptor: int) -> None:
        self.closing, self.user = threading.Lock(), user
        self.popen = subprocess.Popen(
            walls.start_command(user.uid if user else os.getuid(), descriptor),
            env=dict(walls.environment),
            pass_fds=[descriptor],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def end(self, patience: float) -> int:
        """Wait, end it, and return how it ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.popen.wait(patience)
        self.kill()
        return int(self.popen.returncode)

    def kill(self) -> None:
        """End the process and the processes that it started."""
        with self.closing:
            if self.popen.poll() is None:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(self.popen.pid, signal.SIGKILL)
                self.popen.wait()
            self.last_words()
            if self.user is not None:
                self.user.give_back()

    def last_words(self) -> str:
        """Read the output on stderr once, and close the stream."""
        stream = self.popen.stderr
        if stream is not None and not stream.closed and self.popen.returncode is not None:
            os.set_blocking(stream.fileno(), False)
            with stream:
                self.words = (stream.read(4_000) or b"").decode("utf-8", "replace").strip()
        return getattr(self, "words", "")


class Server:
    """A slot's fork server: it starts once and forks a child for each exercise, one at a time.

    Raises:
        SandboxError: if it did not start, or cannot isolate a child.
    """

    def __init__(self, walls: Walls) -> None:
        self.desks, self.namespaces = walls.desks, walls.mode is not Mode.USER
        self.user: User | None = None
        self.desk: Desk | None = None
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.spawned = Spawned(walls, None, theirs.fileno())

    def ask(self, request: dict[str, Any], channel: socket.socket | None, seconds: float) -> dict[str, Any]:
        """Ask once and return the answer.

        Raises:
            SandboxError: if the server is gone, or could not do it; then it is ended.
        """
        try:
            self.control.settimeout(seconds)
            socket.send_fds(self.control, [json.dumps(request).encode()], [channel.fileno()] if channel else [])
            answer = json.loads(self.control.recv(4_096) or b'{"error": "it is gone"}')
        except (OSError, ValueError) as error:
            answer = {"error": str(error)}
        if "error" in answer:
            self.kill()
            raise SandboxError(f"the fork server: {answer['error']} {self.last_words()}".strip())
        return dict(answer)

    def fork(self, channel: socket.socket, user: User | None) -> Forked:
        """Start a child that serves the other end of that channel, as that user if there is a choice.

        The user's id is given back when the child has ended.
        """
        self.user = user
        if self.desks is not None and user is not None:
            with contextlib.suppress(OSError):  # without a folder, files cannot be written, but everything else runs
                self.desk = Desk(self.desks, user)
        name = self.desk.folder.name if self.desk else ""
        self.ask({"uid": user.uid if user else None, "desk": name}, channel, START_SECONDS)
        return Forked(self)

    def leave_user(self) -> bool:
        """Note that the child has ended with all processes of its user, whose id others may have now.

        Return whether its working folder had grown too large.
        """
        user, desk, self.user, self.desk = self.user, self.desk, None, None
        overfull = desk is not None and desk.close()
        if user is not None:
            user.give_back()
        return overfull

    def kill(self) -> None:
        """End the server and its child."""
        self.spawned.kill()
        if self.user is not None and not self.namespaces:  # nothing else ends with this server
            self.user.empty()
        self.leave_user()

    def close(self) -> None:
        """End the server when it is no longer needed."""
        self.kill()
        self.control.close()

    def last_words(self) -> str:
        """Return its output on stderr."""
        return self.spawned.last_words()


class Forked:
    """The current child of a fork server."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.status: int | None = None

    def end(self, patience: float) -> int:
        """Have the child ended, and return how it ended."""
        if self.status is None:
            answer = self.server.ask({"patience": patience}, None, START_SECONDS + patience)
            overfull = self.server.leave_user()
            self.status = -signal.SIGXFSZ if overfull else int(answer["status"])
        return self.status

    def kill(self) -> None:
        """End the whole server: its own socket belongs to another thread."""
        self.server.kill()

    def last_words(self) -> str:
        """Return the output on the server's stderr."""
        return self.server.last_words()
