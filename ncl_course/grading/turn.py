"""The turn to judge: one thread has it at a time, and lends it while it waits for a student's process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turn:
    """A lock for judging: playing an oracle redirects this process's output, so two threads must not judge at once."""

    def __init__(self) -> None:
        self.lock = threading.Lock()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for the turn, and give it back at the end."""
        with self.lock:
            yield

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Let others have the turn for a while, then take it back. Only the thread that has the turn may lend it."""
        self.lock.release()
        try:
            yield
        finally:
            self.lock.acquire()
