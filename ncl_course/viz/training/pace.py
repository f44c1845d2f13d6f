"""The pace of pictures during a training: they take a small share of its time, at most four pictures per second."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SHARE = 0.04
"""The share of the time for pictures."""
LEAST_PAUSE = 0.25
"""The smallest number of seconds between two pictures, however quick they are."""


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
