"""The key's layers in a process of their own, which works for one process of a student's.

The key's code and a student's are never in the same process. What a student's process asks of a layer passes through
here: its form, its number and its size are limited, and it waits no longer than the student's own deadline.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ncl_course.grading.errors import SandboxError
from ncl_course.grading.walls.process import Answer, Limits, LostError, Message, Process
from ncl_course.grading.walls.site import Site
from ncl_course.language import text
from ncl_course.protocol.plain import Arrays, demand

MOST_CALLS = 200_000
"""Calls that one process of a student's may make; the exercises of lesson 06 need fewer than 2,000."""

MOST_BYTES = 16 * 2**30
"""Bytes of arrays that it may send in all."""

DEEPEST = 3
"""Lists and objects inside one another in a call or an answer."""


@dataclass
class Lender:
    """Starts the process when a layer is first asked for, and ends it with the student's.

    Args:
        sources: for each namespace of the key, the names of its layers and its cells.
        cells: the number of cells that may each use the whole limit on processor time.
    """

    site: Site
    slot: int
    limits: Limits
    sources: Sequence[tuple[Sequence[str], Sequence[str]]]
    cells: int
    until: float
    process: Process | None = None
    calls: int = 0
    size: int = 0
    fresh: bool = True

    @property
    def names(self) -> list[str]:
        """The names of the layers."""
        return [name for names, _ in self.sources for name in names]

    @property
    def cpu(self) -> float:
        """The processor seconds of the process so far."""
        return self.process.cpu if self.process else 0.0

    def answer(self, call: object, arrays: Arrays, deadline: float) -> Answer:
        """Pass one call on, and return the answer for the student's process.

        Raises:
            LostError: if the process is gone, because it needed too much time or memory.
            ProtocolError: if the call has another form, or there were too many.
            SandboxError: if the process did not start, or if the key's own cells fail.
        """
        demand(isinstance(call, dict) and shallow(call), "a call of a layer was expected")
        self.calls += 1
        self.size += sum(array.nbytes for array in arrays)
        demand(self.calls <= MOST_CALLS and self.size <= MOST_BYTES, "too many calls of layers")
        self.process = self.process or self.started()
        request: Message = {"do": "layer", "call": call, "cpu": self.limits.cpu if self.fresh else None}
        self.fresh = False
        try:
            left = max(deadline - time.monotonic(), 0.01)
            answer, got = self.process.ask(request, arrays, wall=left, cpu=self.limits.cpu)
        except LostError as lost:
            note = text("grading.loss.lent", why=lost.note)
            raise LostError(lost.verdict, note, backstop=lost.backstop) from None
        if answer.get("too_much") is True:
            return {"raised": "MemoryError"}, []
        demand(shallow(answer), "an answer of a layer was expected")
        return answer, got

    def lend_to(self, process: Process) -> None:
        """Give a student's process objects that stand for the layers, if there are any.

        Raises:
            LostError: if the student's own layers have ended it.
        """
        if self.sources:
            process.ask({"do": "lent", "names": self.names}, wall=self.limits.wall, cpu=self.limits.cpu)
            process.lender = self

    def renew(self) -> None:
        """Allow the whole limit on processor time from the next call on."""
        self.fresh = True

    def started(self) -> Process:
        """Start the process and run the key's cells in it, each layer's in a namespace of its own.

        Raises:
            SandboxError: if it did not start, or if a layer is not there afterwards.
        """
        process = self.site.start(self.slot, self.limits, self.cells + len(self.sources), lends=True)
        try:
            process.until = self.until
            for names, cells in self.sources:
                request: Message = {"do": "layers", "names": list(names), "sources": list(cells)}
                request["cpu"] = self.limits.cpu
                answer, _ = process.ask(request, wall=self.limits.wall, cpu=self.limits.cpu)
                if answer.get("taken") != list(names):
                    raise SandboxError(text("grading.layers.broken_key", names=", ".join(names)))
        except LostError as lost:
            self.site.end(process)
            if lost.backstop:
                raise
            raise SandboxError(text("grading.layers.broken_key", names=", ".join(self.names))) from lost
        except BaseException:
            self.site.end(process)
            raise
        return process

    def end(self) -> None:
        """End the process, if it was started."""
        if self.process is not None:
            with contextlib.suppress(SandboxError):
                self.site.end(self.process)


def shallow(node: Any, depth: int = DEEPEST) -> bool:
    """Return whether plain JSON values have at most that many lists and objects inside one another."""
    if isinstance(node, list | dict):
        inside = node.values() if isinstance(node, dict) else node
        return depth > 0 and all(shallow(one, depth - 1) for one in inside)
    return True
