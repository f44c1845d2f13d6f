"""Run a student's cells inside the sandbox, then the scripts that the trusted side sends, one by one.

It knows no expected value and gives no verdict. It is started with the descriptor of its channel, or is a fork of
``forkserver.py``; only the standard library, NumPy, ``ncl_course.nn`` and ``ncl_course.protocol`` are imported.
After the student's first cell nothing in this process can be trusted any more, and the trusted side takes every
answer so.
"""

from __future__ import annotations

import builtins
import contextlib
import os
import random
import resource
import socket
import sys
import threading
import types
from pathlib import Path
from typing import Any

import numpy as np

from ncl_course.grading.inside import absent, lent, refusals, standins
from ncl_course.grading.inside.lending import Lending
from ncl_course.protocol import wire
from ncl_course.protocol.pieces import GIVEN
from ncl_course.protocol.plain import Arrays, ProtocolError, plain_trace, script_of
from ncl_course.protocol.play import play
from ncl_course.protocol.script import Outcome, Raised
from ncl_course.protocol.shell import Shell, Written, cell_builtins, importable
from ncl_course.protocol.statements import Cells, described, plain_failures
from ncl_course.protocol.stubs import without_stubs

STACK = 2**20
"""Bytes of a thread's stack: as many threads as are allowed leave most of the memory to the student's arrays."""

FOLDER = "/desk"
"""The working folder: the only place where files can be written, gone with the process."""

Request = dict[str, Any]
LIMITS = {
    "memory": resource.RLIMIT_AS,
    "processes": resource.RLIMIT_NPROC,
    "file_size": resource.RLIMIT_FSIZE,
    "files": resource.RLIMIT_NOFILE,
    "core": resource.RLIMIT_CORE,
}

UNUSED = ("RLIMIT_RTPRIO", "RLIMIT_NICE", "RLIMIT_MEMLOCK", "RLIMIT_MSGQUEUE", "RLIMIT_SIGPENDING")
"""The limits that are set to 0. The grader's own account may be allowed precedence over others, memory that is never
moved to the disk, and signals and timers that wait in the kernel's memory.
"""


class Desk:
    """The namespace in which a notebook's cells run, as ``__main__`` of this process.

    Args:
        ask: has a layer of the key work in the process that holds the key.
    """

    def __init__(self, ask: lent.Ask) -> None:
        self.ask = ask
        self.lending = Lending(standins.OWN)
        module = types.ModuleType("__main__")
        sys.modules["__main__"] = module
        self.names = module.__dict__
        self.written = Written()
        sys.meta_path.insert(0, self.written)
        given = cell_builtins(Shell(self.names, self.written, keep))
        standins.offer_shell(given["get_ipython"])
        self.names.update(given, __builtins__=builtins)
        self.cells = Cells(self.names)
        self.cells.notes = absent.notes
        self.taken = 0
        self.timed = False

    def answer(self, request: Request, arrays: Arrays) -> tuple[Request, Arrays]:
        """Serve a request, and return the answer's header and arrays."""
        match request["do"]:
            case "cell":
                allow_cpu(request["cpu"])
                return self.run(request["number"], request["source"]), []
            case "layers" | "lent" | "layer":
                return self.layers(request, arrays)
            case "defined":
                return {"defined": [name for name in request["names"] if name in self.names]}, []
            case "hidden":
                return {"hidden": self.hidden(request["name"])}, []
            case "play":
                if not self.timed:
                    allow_cpu(request["cpu"], for_good=True)
                    self.timed = True
                return self.play_all(request, arrays)
            case _:
                return {}, []

    def run(self, number: int, source: str) -> Request:
        """Run one cell; its statements that failed, and of the first one what it raised."""
        failed = self.cells.run(f"<cell {number}>", source)
        first = failed[0].raised if failed else None
        raised = [first.type_name, first.message, first.where] if first else None
        return {"raised": raised, "failed": plain_failures(failed)}

    def layers(self, request: Request, arrays: Arrays) -> tuple[Request, Arrays]:
        """Take layers for lesson 06 from cells, or from the process that holds the key; or work for one of the key."""
        if request["do"] == "lent":
            standins.OWN.update(lent.layers(request["names"], self.ask))
            return {}, []
        if request["cpu"]:
            allow_cpu(request["cpu"])
        if request["do"] == "layer":
            return self.lending.answer(request["call"], arrays)
        return {"taken": self.take(request["names"], request["sources"])}, []

    def take(self, names: list[str], sources: list[str]) -> list[str]:
        """Run cells in a separate namespace, and keep the layers with these names; return the names that are there."""
        self.taken += 1
        there: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins}
        written = Written()
        there.update(cell_builtins(Shell(there, written)))
        cells = Cells(there)
        with importable(written):
            for number, source in enumerate(sources, start=1):
                cells.run(f"<cell {number} of layers {self.taken}>", source)
        taken = [name for name in names if name in there]
        standins.OWN.update({name: cells.defined(name) for name in taken})
        return taken

    def play_all(self, request: Request, arrays: Arrays) -> tuple[Request, Arrays]:
        """Play several scripts, whose arrays came one after another, and answer in the same way."""
        traces, counts, answered = [], [], []
        for script, count in zip(request["scripts"], request["counts"], strict=True):
            mine, arrays = arrays[:count], arrays[count:]
            trace, got = self.play(request["exercise"], script, mine, stubs=request.get("stubs", True))
            traces.append(trace)
            counts.append(len(got))
            answered += got
        return {"traces": traces, "counts": counts}, answered

    def hidden(self, name: str) -> list[str]:
        """The written methods of a class that an untouched one of a later cell hides."""
        try:
            return [*without_stubs(self.cells.defined(name))[1]]
        except BaseException:
            return []

    def play(self, exercise: str, script: Any, arrays: Arrays, *, stubs: bool) -> tuple[Any, Arrays]:
        """Play a script on the student's class or function."""
        try:
            target = self.cells.defined(exercise)
            target = target if stubs else without_stubs(target)[0]
            return plain_trace(play(target, script_of(script, arrays), {**GIVEN, **standins.OWN}))
        except BaseException as error:
            return plain_trace((Outcome(raised=described(error)),))


def keep(path: str, text: str) -> None:
    """Write a file that a cell writes into the working folder, if there is one."""
    with contextlib.suppress(OSError):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text, encoding="utf-8")


def allow_cpu(seconds: float, *, for_good: bool = False) -> None:
    """Let this process have that much CPU time from now on; then SIGXCPU ends it.

    With ``for_good`` the hard limit comes down too, and no code in here can raise it again.
    """
    usage = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(usage.ru_utime + usage.ru_stime + seconds) + 1
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    if for_good and (hard == resource.RLIM_INFINITY or soft + 1 < hard):
        hard = soft + 1
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def in_folder() -> bool:
    """Go into the working folder, if there is one: a small file system of this process's own.

    Where nothing can be mounted, ``userserver.py`` has gone into a folder below it.
    """
    if os.path.ismount(FOLDER):
        os.chdir(FOLDER)
    return os.getcwd().startswith(FOLDER)


def settle(limits: dict[str, int]) -> None:
    """Redirect the standard streams and set the limits, before any of the student's code.

    The global generators start the same each time, so that a run is repeatable even if a student uses them.
    """
    restricted = refusals.forbid()
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    os.close(null)
    limits = {**limits, "file_size": limits["file_size"] if restricted and in_folder() else 0}
    if not restricted:  # each process would have the whole memory
        limits["processes"] = 1
    for name, value in limits.items():
        if name == "cpu":
            resource.setrlimit(resource.RLIMIT_CPU, (value, value))
        else:
            resource.setrlimit(LIMITS[name], (value, value))
    for number in (getattr(resource, name, None) for name in UNUSED):
        if number is not None:
            resource.setrlimit(number, (0, 0))
    sys.argv[1:] = []
    threading.stack_size(STACK)
    random.seed(0)
    np.random.seed(0)


def used() -> float:
    """Return the processor seconds of this process and of those that it has started and waited for."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return round(sum(usage.ru_utime + usage.ru_stime for usage in usages), 4)


def serve(channel: socket.socket) -> None:
    """Answer one request after the other, each with the token that it came with."""
    header, _ = wire.receive(channel)
    settle(header["limits"])
    wire.send(channel, {"token": header["token"]})
    token, own = "", os.getpid()

    def ask(call: Request, arrays: Arrays) -> tuple[Request, Arrays]:
        wire.send(channel, {"layer": call, "token": token}, arrays)
        return wire.receive(channel)

    desk = Desk(ask)
    while True:
        try:
            header, arrays = wire.receive(channel)
            token = header["token"]
        except EOFError:
            return
        answer, arrays = desk.answer(header, arrays)
        if os.getpid() != own:  # a process that a cell has forked, and that came back instead of ending
            os._exit(1)
        try:
            wire.send(channel, {**answer, "token": header["token"], "cpu": used()}, arrays)
        except ProtocolError as error:  # the student's result is too large for the channel
            trace, _ = plain_trace((Outcome(raised=Raised("MemoryError", str(error))),))
            too_much = {"traces": [trace], "counts": [0], "too_much": True}
            wire.send(channel, {**too_much, "token": header["token"]})


if __name__ == "__main__":
    standins.install()
    serve(socket.socket(fileno=int(sys.argv[1])))
