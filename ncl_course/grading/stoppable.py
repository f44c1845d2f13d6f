"""What stops a run as Ctrl-C does: being asked to end, and a connection that is lost."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator

NAMES = ("SIGTERM", "SIGHUP")


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """Take those signals for Ctrl-C, where nobody else has said what they mean (``nohup``: nothing)."""
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
