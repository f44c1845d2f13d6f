"""Signals that stop a run: Ctrl-C, a request to end, and a lost connection."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

NAMES = ("SIGTERM", "SIGHUP")


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """Treat these signals as Ctrl-C, unless someone has changed their handling (``nohup`` ignores one)."""
    here = threading.current_thread() is threading.main_thread()
    known = [getattr(signal, name) for name in NAMES if hasattr(signal, name)] if here else []
    taken = [one for one in known if signal.getsignal(one) == signal.SIG_DFL]
    for one in taken:
        signal.signal(one, signal.default_int_handler)
    try:
        yield
    finally:
        for one in taken:
            signal.signal(one, signal.SIG_DFL)


@contextlib.contextmanager
def held_back() -> Iterator[Callable[[], None]]:
    """Hold Ctrl-C back in the block, and yield a function that raises KeyboardInterrupt if it was pressed.

    ``concurrent.futures`` and ``threading`` take locks in Python code. A KeyboardInterrupt in the middle of it can
    leave a lock taken for good, and then a thread waits for ever. A second Ctrl-C is not held back.
    """
    here = threading.current_thread() is threading.main_thread()
    names = [name for name in ("SIGINT", *NAMES) if hasattr(signal, name)] if here else []
    known = [getattr(signal, name) for name in names]
    held = [one for one in known if signal.getsignal(one) is signal.default_int_handler]
    pressed: list[int] = []

    def remember(number: int, frame: FrameType | None) -> None:
        if pressed:
            signal.default_int_handler(number, frame)
        pressed.append(number)

    def let_through() -> None:
        if pressed:
            raise KeyboardInterrupt

    for one in held:
        signal.signal(one, remember)
    try:
        yield let_through
    finally:
        for one in held:
            signal.signal(one, signal.default_int_handler)
