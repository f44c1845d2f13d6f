"""Fork a fresh child for each exercise, from a process behind a slot's walls that has everything loaded.

It runs inside the sandbox, beside ``worker.py``, and never runs a student's code. On its
socket the trusted side asks one thing at a time: to fork a child that serves the channel sent along, and then to
end it and say how it ended. A child is three things deep: this server, an init in a PID namespace of its own that
waits and no more, and the worker. Whatever a student starts ends with the init; it sees neither server nor init's
descriptors, and cannot signal or trace them: the server is out of its PID namespace, the init in another user's
name (root's server) or not dumpable and without rights (an ordinary user's).

The cells run anew in every child. Forking from a process that has run them would be cheaper, but it would be an
untrusted process that forks and answers for its children: a thread of a cell could speak in the name of a later
exercise.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
from typing import Any, NoReturn

from ncl_course.grading.inside import apart, refusals, standins, worker

LOADED = (
    *("collections", "itertools", "math", "matplotlib.pyplot"),
    *("numpy.lib.stride_tricks", "numpy.linalg", "numpy.random", "traceback"),
)
"""Modules that notebooks use, some of them stand-ins: loaded once here, they are there in every child."""

FOLDER_BYTES = 16 * 2**20
"""The size of a worker's working folder; the kernel keeps to it."""

CHANNEL = 3
"""The only descriptor of a child beside the standard streams."""

WORKER = 2
"""A worker's number in its PID namespace: the first process there after its init."""

Answer = dict[str, Any]


class Server:
    """Forks and ends children, one at a time."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.myself = os.pidfd_open(os.getpid())
        self.child = 0

    def serve(self) -> None:
        """Serve the trusted side until it closes the channel."""
        while True:
            words, descriptors = self.hear()
            if not words:
                return
            request = json.loads(words)
            try:
                answer = self.fork(descriptors[0], request) if descriptors else self.end(request["patience"])
            except OSError as error:
                answer = {"error": str(error)}
            self.control.send(json.dumps(answer).encode())

    def hear(self) -> tuple[bytes, list[int]]:
        """Return the next request, and the channel that came with it."""
        words, descriptors, _, _ = socket.recv_fds(self.control, 4_096, 1)
        return words, descriptors

    def fork(self, channel: int, request: Answer) -> Answer:
        """Start a child on that channel, under the user id of the request if there is a choice."""
        try:
            apart.children_apart()
            try:
                self.child = os.fork()
                if self.child == 0:
                    be_init(self.control, channel, request["uid"])
            finally:
                apart.children_here(self.myself)
        finally:
            os.close(channel)
        return {"child": self.child}

    def end(self, patience: float) -> Answer:
        """Wait so long for the child to end, then end it and all that it has started."""
        descriptor = os.pidfd_open(self.child)
        try:
            if not select.select([descriptor], [], [], patience)[0]:
                os.kill(self.child, signal.SIGKILL)
            _, status = os.waitpid(self.child, 0)
        finally:
            os.close(descriptor)
        return {"status": os.waitstatus_to_exitcode(status)}


def be_init(control: socket.socket, channel: int, uid: int | None) -> NoReturn:
    """The first process of a new PID namespace: set apart, start the worker, and end as it ends."""
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # an init ignores signals that it does not handle
        os.setsid()
        control.detach()
        os.dup2(channel, CHANNEL, inheritable=False)
        os.closerange(CHANNEL + 1, 1 << 16)
        # without a user of its own, the folder is made before the user namespace is left, in which nobody could own it
        apart.leave_namespaces(apart.NEW_MOUNTS if uid is None else apart.FURTHER)
        with contextlib.suppress(OSError):  # without it files cannot be written, and all else runs
            apart.make_folder(worker.FOLDER, FOLDER_BYTES, uid)
        if uid is None:
            apart.leave_namespaces(apart.FURTHER | apart.NEW_USER)
            apart.drop_rights(None)
        pid = os.fork()
        if pid == 0:
            be_worker(uid)
        os.close(CHANNEL)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        status = code if code >= 0 else 128 - code
    except OSError as error:
        os.write(2, str(error).encode())
    finally:
        os._exit(status)


def be_worker(uid: int | None) -> NoReturn:
    """The process that a student's code runs in."""
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if uid is not None:
            apart.drop_rights(uid)
        worker.serve(socket.socket(fileno=CHANNEL))
        status = 0
    except OSError as error:
        os.write(2, str(error).encode())
    finally:
        os._exit(status)


def load() -> None:
    """Load the modules that children need, and exclude them from garbage collection; keep memory for their arrays."""
    apart.keep_memory()
    for module in LOADED:
        importlib.import_module(module)
    gc.freeze()


if __name__ == "__main__":
    standins.install()
    load()
    refusals.filter_for(WORKER, namespaces=True)  # its children find it compiled
    Server(socket.socket(fileno=int(sys.argv[1]))).serve()
