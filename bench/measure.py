"""Time functions on one thread, in turn with the functions that they are compared with."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from threadpoolctl import threadpool_info, threadpool_limits

BATCH = 64
ROUNDS = 60


def milliseconds(action: Callable[[], Any]) -> float:
    """Return the processor time of one call: on one thread, its duration without the work of other processes."""
    start = time.process_time()
    action()
    return 1e3 * (time.process_time() - start)


def medians(*actions: Callable[[], Any]) -> list[float]:
    """Return the median time of each action; they run in turn, so that other load affects all of them alike."""
    rounds = [[milliseconds(action) for action in actions] for _ in range(ROUNDS)]
    return [statistics.median(times) for times in zip(*rounds[ROUNDS // 6 :], strict=True)]


@contextmanager
def on_one_thread() -> Iterator[None]:
    """Run NumPy and torch on one thread each."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with threadpool_limits(1):
            yield
    finally:
        torch.set_num_threads(threads)


def kernel() -> str:
    """Return a sentence that names the instruction sets in use. Ratios are fair only if NumPy's and torch's match."""
    of_numpy = {info.get("architecture", "?") for info in threadpool_info() if info["user_api"] == "blas"}
    return (
        f"NumPy's BLAS computes for {', '.join(sorted(of_numpy))}, torch for {torch.backends.cpu.get_cpu_capability()}."
    )
