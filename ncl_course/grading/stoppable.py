"""Signals that stop a run as Ctrl-C does: a request to end, and a lost connection."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator

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
