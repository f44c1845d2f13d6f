"""Signals that stop a run: Ctrl-C, a request to end, and a lost connection."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from types import FrameType

NAMES = ("SIGTERM", "SIGHUP")


Handler = Callable[[int, FrameType | None], object]


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """Treat these signals as Ctrl-C, unless someone has changed their handling (``nohup`` ignores one)."""
    with handled_by(signal.default_int_handler, signal.SIG_DFL, NAMES):
        yield


@contextlib.contextmanager
def held_back() -> Iterator[Callable[[], None]]:
    """Hold Ctrl-C back in the block, and yield a function that raises KeyboardInterrupt if it was pressed.

    ``concurrent.futures`` and ``threading`` take locks in Python code. A KeyboardInterrupt in the middle of it can
    leave a lock taken for good, and then a thread waits for ever. A second Ctrl-C is not held back.
    """
    pressed: list[int] = []

    def remember(number: int, frame: FrameType | None) -> None:
        if pressed:
            signal.default_int_handler(number, frame)
        pressed.append(number)

    def let_through() -> None:
        if pressed:
            raise KeyboardInterrupt

    with handled_by(remember, signal.default_int_handler, ("SIGINT", *NAMES)):
        yield let_through


@contextlib.contextmanager
def handled_by(handler: Handler, before: Handler | signal.Handlers, names: Sequence[str]) -> Iterator[None]:
    """Have this handler called in the block for the signals that are handled as ``before`` until then.

    Only the main thread can change that; in another thread nothing happens.
    """
    here = threading.current_thread() is threading.main_thread()
    known = [getattr(signal, name) for name in names if hasattr(signal, name)] if here else []
    taken = [one for one in known if signal.getsignal(one) == before]
    for one in taken:
        signal.signal(one, handler)
    try:
        yield
    finally:
        for one in taken:
            signal.signal(one, before)
