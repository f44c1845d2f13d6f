"""Run a command and measure its time, and the peak memory of its process and all child processes together."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

PERIOD, SHARE = 0.2, 0.02
"""Seconds between two measurements of the memory, and the share of a processor that they may take at most: on a cohort
with many processes they are made less often, so that they do not slow down what they measure."""


@dataclass(frozen=True)
class Measured:
    """The time of a command in seconds, and its peak memory in MB, with each shared page counted once."""

    seconds: float
    memory: float


class Watch(threading.Thread):
    """A thread that measures a process and its descendants again and again, and keeps the largest sum."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak, self.over = pid, 0, threading.Event()

    def run(self) -> None:
        """Measure until told to stop."""
        pause = PERIOD
        while not self.over.wait(pause):
            start = time.thread_time()
            self.peak = max(self.peak, memory_of(self.pid))
            pause = max(PERIOD, (time.thread_time() - start) / SHARE)


def memory_of(pid: int) -> int:
    """Return the proportional set size of a process and its descendants, in bytes; ended processes count as 0."""
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
    """Run a command in a folder. If ``programs`` is given, the programs in that folder come first in PATH.

    Raises:
        RuntimeError: if the command ends with another status than those in ``fine``; the message holds the end of its
            output.
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
