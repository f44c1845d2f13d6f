"""The pace of pictures during a training: they take a small share of its time, at most four pictures per second."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SHARE = 0.04
"""The share of the time for pictures."""
LEAST_PAUSE = 0.25
"""The smallest number of seconds between two pictures, however quick they are."""
EVERY, MEASUREMENTS = 20, 40
"""The smallest number of steps between two measurements of the accuracy, and the largest number of measurements."""


class Pace:
    """A timer that decides when the next picture is due. Slow pictures are drawn less often.

    Attributes:
        spent: the seconds spent on pictures so far.
    """

    def __init__(self, share: float = SHARE, clock: Callable[[], float] = time.perf_counter) -> None:
        self.share, self.clock = share, clock
        self.spent = 0.0
        self.due = clock()

    def is_due(self) -> bool:
        """Return whether it is time for a picture."""
        return self.clock() >= self.due

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Count the time of the block as spent on pictures."""
        start = self.clock()
        try:
            yield
        finally:
            self.spent += self.clock() - start

    @contextmanager
    def picture(self) -> Iterator[None]:
        """Time the block, which makes a picture, and postpone the next picture accordingly."""
        start = self.clock()
        try:
            yield
        finally:
            end = self.clock()
            self.spent += end - start
            self.due = end + max(LEAST_PAUSE, (end - start) * (1 / self.share - 1))


class Stopwatch:
    """A stopwatch for a training without its pauses, which estimates the remaining time."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.clock = clock
        self.start = clock()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Leave out the time of the block."""
        start = self.clock()
        try:
            yield
        finally:
            self.start += self.clock() - start

    def left(self, done: int, of: int) -> float:
        """Return the seconds for the remaining steps, if they take as long as the finished ones."""
        return (self.clock() - self.start) * (of - done) / max(done, 1)


def measuring_interval(steps: int) -> int:
    """Return the number of steps between two measurements, which depends on no clock, so a training can be repeated."""
    return max(EVERY, steps // MEASUREMENTS)
