"""The pace of pictures during a training: they take a small share of its time, at most four pictures per second."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SHARE = 0.03
"""The share of the process's work for pictures."""
LEAST_PAUSE = 0.25
"""The smallest number of seconds between two pictures, however quick they are."""


class Pace:
    """A timer that decides when the next picture is due. Slow pictures are drawn less often.

    The share is one of processor time, so that other programs of the computer do not change it.

    Attributes:
        worked: the processor seconds of the process from which the next picture is within the share.
        due: the time before which there is no other picture.
    """

    def __init__(
        self,
        share: float = SHARE,
        work: Callable[[], float] = time.process_time,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.share, self.work, self.clock = share, work, clock
        self.worked, self.due = work(), clock()

    def is_due(self) -> bool:
        """Return whether it is time for a picture."""
        return self.work() >= self.worked and self.clock() >= self.due

    @contextmanager
    def picture(self) -> Iterator[None]:
        """Measure the block, which makes a picture, and postpone the next picture accordingly."""
        start = self.work()
        try:
            yield
        finally:
            end = self.work()
            self.worked = end + (end - start) * (1 / self.share - 1)
            self.due = self.clock() + LEAST_PAUSE
