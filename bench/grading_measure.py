"""Run a command and measure it: seconds, and the most memory that it and everything below it had at one time."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

PERIOD = 0.2
"""Seconds between two looks at the memory."""


@dataclass(frozen=True)
class Measured:
    """What a command took. ``memory`` in MB: each page once, however many processes share it."""

    seconds: float
    memory: float


class Watch(threading.Thread):
    """Looks at a process and all below it, again and again, and keeps the largest sum."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak, self.over = pid, 0, threading.Event()

    def run(self) -> None:
        """Look until told to stop."""
        while not self.over.wait(PERIOD):
            self.peak = max(self.peak, memory_of(self.pid))


def memory_of(pid: int) -> int:
    """The proportional set size of a process and all below it, in bytes; who is gone meanwhile counts nothing."""
    total = 0
    try:
        top = psutil.Process(pid)
        family = [top, *top.children(recursive=True)]
    except psutil.Error:
        return 0
    for process in family:
        try:
            total += process.memory_full_info().pss
        except (psutil.Error, OSError):
            continue
    return total


def measured(
    command: Sequence[str | Path], folder: Path, fine: Sequence[int] = (0,), programs: Path | None = None
) -> Measured:
    """Run a command in a folder; where ``programs`` is given, those found there come first.

    Raises:
        RuntimeError: it ended otherwise than it should; the message holds the end of what it said.
    """
    log = folder / "bench.log"
    path = f"{programs}:{os.environ['PATH']}" if programs else os.environ["PATH"]
    words, environment = [str(part) for part in command], {**os.environ, "PATH": path}
    start = time.perf_counter()
    with log.open("w") as out:
        process = subprocess.Popen(words, cwd=folder, stdout=out, stderr=out, env=environment)
        watch = Watch(process.pid)
        watch.start()
        status = process.wait()
        seconds = time.perf_counter() - start
    watch.over.set()
    watch.join()
    if status not in fine:
        said = log.read_text(errors="replace")[-2_000:]
        raise RuntimeError(f"{' '.join(words)} ended with {status}:\n{said}")
    return Measured(seconds, watch.peak / 2**20)
