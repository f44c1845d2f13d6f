"""The turn to judge: one thread has it at a time, and lends it while it waits for a student's process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turn:
    """Playing an oracle redirects this process's own output, so two threads must not judge at once."""

    def __init__(self) -> None:
        self.lock = threading.Lock()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for the turn, and give it back at the end."""
        with self.lock:
            yield

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Let others have the turn for a while, and take it back; only a thread that has it may lend it."""
        self.lock.release()
        try:
            yield
        finally:
            self.lock.acquire()
