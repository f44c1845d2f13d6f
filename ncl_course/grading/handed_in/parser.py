"""Have notebooks parsed in a child process, so that a file that takes too much ends that process and not the run.

The child is started once and kept. If it fails at a cell, a new one parses the same notebook without that
cell; if that does not help, the notebook is unreadable.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ncl_course
from ncl_course.grading.handed_in.parsed import Parsed
from ncl_course.language import current, text
from ncl_course.submission.errors import UnreadableNotebookError
from ncl_course.submission.outline import outline_of

CHILD = "ncl_course.grading.handed_in.parsing"

CPU_SECONDS, MEMORY_MB = 30, 1024
"""The limits for one notebook. A notebook of the course takes 0.01 s; the longest one allowed takes about 10 s."""

MOST_COSTLY = 3
"""The number of cells that are left out, one after another, before the notebook counts as unreadable."""


@dataclass(frozen=True)
class Costs:
    """The limits on parsing one notebook."""

    cpu: float = CPU_SECONDS
    memory_mb: int = MEMORY_MB

    @property
    def wall(self) -> float:
        """The seconds after which the child is ended in any case."""
        return 3 * self.cpu + 5


class BrokenDownError(Exception):
    """The child has ended, or must be ended, in the middle of a notebook; ``at`` is the cell's number, or 0."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


class Parser:
    """A child process that parses, shared by all threads. It is started when it is first needed.

    Attributes:
        spent: the CPU seconds of all parsing so far.
    """

    def __init__(self, costs: Costs | None = None) -> None:
        self.costs = costs or Costs()
        self.spent = 0.0
        self.child: subprocess.Popen[bytes] | None = None
        self.lock = threading.Lock()

    def __call__(self, raw: bytes, file: str) -> Parsed:
        """Return the content of a notebook's file, given its bytes.

        Raises:
            UnreadableNotebookError: if they are not a notebook, or if parsing them takes too much.
        """
        costly: list[int] = []
        with self.lock:
            while True:
                try:
                    return self.asked(raw, file, costly)
                except BrokenDownError as error:
                    self.end()
                    if not error.at or error.at in costly or len(costly) == MOST_COSTLY:
                        break
                    costly.append(error.at)
        costs = {"seconds": round(self.costs.cpu), "memory": self.costs.memory_mb}
        raise UnreadableNotebookError(text("submission.unreadable.costly", **costs))

    def asked(self, raw: bytes, file: str, costly: list[int]) -> Parsed:
        """Return the child's answer.

        Raises:
            UnreadableNotebookError: if the bytes are not a notebook.
            BrokenDownError: if the child gave no answer.
        """
        child = self.started()
        request = {"file": file, "size": len(raw), "costly": costly, "language": current(), "cpu": self.costs.cpu}
        watch = threading.Timer(self.costs.wall, child.kill)
        watch.daemon = True
        watch.start()
        start = time.monotonic()
        try:
            answer, at = conversation(child, json.dumps(request).encode() + b"\n" + raw)
            self.spent += answer.get("cpu", min(time.monotonic() - start, self.costs.cpu))
            return result(answer, at)
        except KeyboardInterrupt:
            self.end()  # the next request must not get this one's answer
            raise
        finally:
            watch.cancel()

    def started(self) -> subprocess.Popen[bytes]:
        """Return the child; start it if there is none."""
        if self.child is None or self.child.poll() is not None:
            self.end()
            self.child = subprocess.Popen(
                [sys.executable, "-P", "-m", CHILD, str(self.costs.memory_mb)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment(),
                start_new_session=True,  # Ctrl-C is the parent's to handle
            )
        return self.child

    def end(self) -> None:
        """End the child, if there is one."""
        child, self.child = self.child, None
        if child is not None:
            child.kill()
            child.communicate()


def environment() -> dict[str, str]:
    """Return the child's environment, in which it finds this package; ``-P`` keeps it from a student's modules."""
    once = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    here = str(Path(ncl_course.__file__).parents[1])
    return os.environ | once | {"PYTHONPATH": os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))}


def conversation(child: subprocess.Popen[bytes], request: bytes) -> tuple[dict[str, Any], int]:
    """Send a request; return the answer, which is empty if the child has ended before, and the cell that it was at."""
    assert child.stdin is not None
    assert child.stdout is not None
    at = 0
    try:
        child.stdin.write(request)
        child.stdin.flush()
        for line in child.stdout:
            answer = json.loads(line)
            if "at" not in answer:
                return answer, at
            at = answer["at"]
    except (OSError, ValueError):
        pass
    return {}, at


def result(answer: dict[str, Any], at: int) -> Parsed:
    """Return the content of an answer.

    Raises:
        UnreadableNotebookError: if the file is not a notebook.
        BrokenDownError: if there is no answer.
    """
    if "why" in answer:
        raise UnreadableNotebookError(answer["why"])
    if "parsed" not in answer:
        raise BrokenDownError(at)
    found = answer["parsed"]
    lists = {name: tuple(found[name]) for name in ("sources", "notes")}
    return Parsed(**found | lists | {"outlines": tuple(map(outline_of, found["outlines"]))})


parse = Parser()
"""The parser of this process."""


def cpu_of_parsing() -> float:
    """Return the CPU seconds that the parser of this process has used so far."""
    return parse.spent


atexit.register(parse.end)
