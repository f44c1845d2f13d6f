"""One worker's process, seen from the trusted side: ask, wait until a deadline, and say how it ended."""

from __future__ import annotations

import contextlib
import math
import secrets
import select
import signal
import socket
import time
from dataclasses import dataclass
from typing import Protocol

from ncl_course.checking.verdict import Verdict
from ncl_course.grading.errors import SandboxError
from ncl_course.grading.walls.life import START_SECONDS, Life
from ncl_course.language import text
from ncl_course.protocol import wire
from ncl_course.protocol.plain import Arrays, ProtocolError, demand

Message = dict[str, object]
"""A request or an answer without its arrays: JSON, which must not be trusted if it comes from a student's process."""

MOST_CPU = 1e5
"""Processor seconds that no process can reach within its limits."""

Answer = tuple[Message, Arrays]


@dataclass(frozen=True)
class Limits:
    """The limits on a process. ``cpu`` is in seconds, for one cell and again for one exercise.

    Attributes:
        budget: wall-clock seconds for a whole submission, however many processes it has.
        file_bytes: the size of a file; without a working folder, nothing can be written at all.
    """

    cpu: float = 10.0
    memory_mb: int = 1024
    processes: int = 16
    files: int = 64
    budget: float = 600.0
    file_bytes: int = 8 * 2**20

    @property
    def wall(self) -> float:
        """The wall-clock limit, for code that sleeps or ignores signals."""
        return 3 * self.cpu + 5

    def plain(self, cells: int) -> dict[str, int]:
        """Return the limits that a worker sets for itself before a student's code; ``cpu`` is for the whole process."""
        return {
            "memory": self.memory_mb * 2**20,
            "processes": self.processes,
            "files": self.files,
            "file_size": self.file_bytes,
            "core": 0,
            "cpu": int(self.cpu * (cells + 2)) + 5,
        }


class LostError(Exception):
    """The process is gone; the message says why. ``backstop``: only the wall clock ended it."""

    def __init__(self, verdict: Verdict, note: str, *, backstop: bool = False) -> None:
        super().__init__(note)
        self.verdict = verdict
        self.note = note
        self.backstop = backstop


def over_budget() -> LostError:
    """Return the error for a submission that has used up its budget."""
    return LostError(Verdict.TIMEOUT, text("grading.loss.budget"), backstop=True)


class Lends(Protocol):
    """Has the key's layers work for a process: see ``lender.py``."""

    def answer(self, call: object, arrays: Arrays, deadline: float) -> Answer:
        """Pass one call on to a layer, and return its answer."""

    def renew(self) -> None:
        """Allow the whole limit on processor time again."""


class Process:
    """A worker behind the walls, with a private channel to it.

    Attributes:
        until: the time, by ``time.monotonic``, at which the submission's budget is used up.
        lender: what works for this process if it asks for one of the key's layers while it has a question.
        cpu: the processor seconds that the worker says it has used. A student's code may make it say something else,
            so they count for nothing; they only tell which notebooks are slow.

    Raises:
        SandboxError: if it did not start.
    """

    def __init__(self, life: Life, channel: socket.socket, limits: Limits, cells: int) -> None:
        self.life, self.channel, self.limits = life, channel, limits
        self.until = math.inf
        self.cpu = 0.0
        self.lost: LostError | None = None
        self.lender: Lends | None = None
        try:
            self.ask({"limits": limits.plain(cells)}, wall=START_SECONDS)
        except LostError as error:
            self.kill()
            raise SandboxError(f"a sandboxed process did not start: {life.last_words() or error.note}") from error

    def ask(self, header: Message, arrays: Arrays | None = None, *, wall: float, cpu: float = 0.0) -> Answer:
        """Send a request and wait for its answer.

        Raises:
            LostError: if there is none; the process is ended, and every later request raises the same.
        """
        if self.lost is not None:
            raise self.lost
        try:
            return self.exchange(header, arrays, wall, cpu)
        except LostError as lost:
            self.lost = lost
            raise

    def exchange(self, header: Message, arrays: Arrays | None, wall: float, cpu: float) -> Answer:
        """Send one request and return its answer.

        Raises:
            LostError: if there is none; the process is ended.
        """
        if self.channel.fileno() < 0:  # closed because of a bad answer
            raise self.ended(0.0, cpu)
        token = secrets.token_hex(8)
        start = time.monotonic()
        deadline = min(start + wall, self.until)
        try:
            demand(not self.pending(), "an answer to no question")
            wire.send(self.channel, {**header, "token": token}, arrays, deadline)
            answer, got = self.heard(token, deadline)
            while self.lender is not None and "layer" in answer:
                reply, back = self.lender.answer(answer["layer"], got, deadline)
                wire.send(self.channel, reply, back, deadline)
                answer, got = self.heard(token, deadline)
            self.note_cpu(answer.pop("cpu", None))
        except TimeoutError:
            self.close()
            if time.monotonic() >= self.until:
                raise over_budget() from None
            limit = f"{round(wall, 1):g}"
            raise LostError(Verdict.TIMEOUT, text("grading.loss.wall", seconds=limit), backstop=True) from None
        except LostError:  # of the process that works for it
            self.close()
            raise
        except ProtocolError as error:
            self.close()
            raise LostError(Verdict.KILLED, text("grading.loss.protocol", what=str(error))) from None
        except (EOFError, OSError):
            raise self.ended(time.monotonic() - start, cpu) from None
        return answer, got

    def heard(self, token: str, deadline: float) -> Answer:
        """Return the next frame, which must belong to the question with that token.

        Raises:
            EOFError, OSError, ProtocolError: as ``wire.receive``; the last one also for another token.
        """
        answer, got = wire.receive(self.channel, deadline)
        demand(answer.pop("token", None) == token, "an answer to another question")
        return answer, got

    def note_cpu(self, said: object) -> None:
        """Keep the processor seconds in an answer, if they can be some."""
        if isinstance(said, int | float) and self.cpu <= said < MOST_CPU:
            self.cpu = float(said)

    def renew(self) -> None:
        """Let the layers of the key have the whole limit on processor time again: for the next cell."""
        if self.lender is not None:
            self.lender.renew()

    def pending(self) -> bool:
        """Return whether something came without a request."""
        return bool(select.select([self.channel], [], [], 0)[0]) and bool(self.channel.recv(1, socket.MSG_PEEK))

    def ended(self, seconds: float, cpu: float) -> LostError:
        """Return why a process is gone that got its request ``seconds`` ago and had ``cpu`` seconds.

        Raises:
            SandboxError: if the fork server, which would know, is gone.
        """
        status = self.life.end(patience=5)
        self.close()
        number = -status if status < 0 else status - 128
        if number == signal.SIGXCPU or (number == signal.SIGKILL and cpu and seconds >= cpu):
            self.cpu += cpu
            return LostError(Verdict.TIMEOUT, text("grading.loss.cpu", seconds=f"{cpu:g}"))
        if number == signal.SIGXFSZ:
            return LostError(Verdict.KILLED, text("grading.loss.folder"))
        if number > 0:
            name = signal.Signals(number).name if number in set(signal.Signals) else str(number)
            return LostError(Verdict.KILLED, text("grading.loss.signal", signal=name))
        return LostError(Verdict.KILLED, text("grading.loss.exit", status=status))

    def close(self) -> None:
        """End the process and all that it started; if its fork server is gone, so is the process."""
        self.channel.close()
        with contextlib.suppress(SandboxError):
            self.life.end(patience=0)

    def refused(self, why: str) -> LostError:
        """End the process because of its answers, and return the error that says why."""
        self.close()
        self.lost = LostError(Verdict.KILLED, why)
        return self.lost

    def kill(self) -> None:
        """End the process without touching its channel: a thread that waits on the channel sees its end."""
        self.life.kill()
