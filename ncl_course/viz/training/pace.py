"""How often a training may be looked at: a small share of its time, and never more than four times a second."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SHARE = 0.04
"""Of the time, for pictures."""
LEAST_PAUSE = 0.25
"""Seconds between two pictures, however quick they are."""
EVERY, MEASUREMENTS = 20, 40
"""The accuracy is measured every so many steps, but not more often than so many times in a training."""


class Pace:
    """Says when the next picture is due. The slower the pictures, the rarer they get.

    Attributes:
        spent: seconds spent on pictures so far.
    """

    def __init__(self, share: float = SHARE, clock: Callable[[], float] = time.perf_counter) -> None:
        self.share, self.clock = share, clock
        self.spent = 0.0
        self.due = clock()

    def is_due(self) -> bool:
        """Whether it is time for a picture."""
        return self.clock() >= self.due

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Count what is done meanwhile as spent on looking."""
        start = self.clock()
        try:
            yield
        finally:
            self.spent += self.clock() - start

    @contextmanager
    def picture(self) -> Iterator[None]:
        """Time the making of a picture, and put off the next one accordingly."""
        start = self.clock()
        try:
            yield
        finally:
            end = self.clock()
            self.spent += end - start
            self.due = end + max(LEAST_PAUSE, (end - start) * (1 / self.share - 1))


class Stopwatch:
    """The time of a training without its pauses, and a guess of what is left."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.clock = clock
        self.start = clock()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Leave out the time that passes meanwhile."""
        start = self.clock()
        try:
            yield
        finally:
            self.start += self.clock() - start

    def left(self, done: int, of: int) -> float:
        """Seconds for the steps left, as long as those done took."""
        return (self.clock() - self.start) * (of - done) / max(done, 1)


def measuring_interval(steps: int) -> int:
    """Steps between two measurements of the accuracy; it depends on no clock, so that a training can be repeated."""
    return max(EVERY, steps // MEASUREMENTS)
