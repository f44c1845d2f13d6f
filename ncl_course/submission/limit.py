"""Stop a student's code in this process after a time limit, on any system, as an interrupt by the student would."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from ncl_course.protocol.raised import is_students

AGAIN = 0.5
"""The number of seconds between two interrupts, for code that catches the first one."""


class TimeIsUp(KeyboardInterrupt):
    """The code has run longer than it may. As for an interrupt, ``except Exception`` does not catch it."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise ``TimeIsUp`` in the block after that time. An interrupt by the student still raises KeyboardInterrupt.

    A thread watches the clock and sends the interrupt, because Windows has no alarm. Where there are no threads, or
    outside the main thread, where no interrupt arrives, the block has no limit.
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or before is None:
        yield
        return
    watch = Watch(seconds, before)
    tracing = sys.gettrace()
    signal.signal(signal.SIGINT, watch.interrupted)
    watch.start()
    try:
        yield
    finally:
        watch.end()
        signal.signal(signal.SIGINT, before)
        if sys.gettrace() is not tracing:
            sys.settrace(tracing)


class Watch:
    """The clock of one block: the thread that watches it, and what an interrupt does meanwhile."""

    def __init__(self, seconds: float, before: Any) -> None:
        self.seconds = seconds
        self.before = before
        self.is_over = self.is_ended = False
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.wait, name="ncl_course time limit", daemon=True)

    def start(self) -> None:
        """Start to watch, if this Python has threads."""
        try:
            self.thread.start()
        except RuntimeError:
            self.thread = threading.current_thread()

    def wait(self) -> None:
        """Interrupt the main thread when the time is up, and again until the block ends."""
        pause = self.seconds
        while not self.ending.wait(pause):
            self.is_over = True
            interrupt_main()
            pause = AGAIN

    def interrupted(self, number: int, frame: FrameType | None) -> None:
        """Raise in the student's code: the time is up, or the student has sent an interrupt.

        Raises:
            TimeIsUp: if the time is up.
            KeyboardInterrupt: if the student stops the code.
        """
        if self.is_over and self.is_ended:
            return  # the block ended just before the interrupt arrived
        kind: type[KeyboardInterrupt] = TimeIsUp if self.is_over else KeyboardInterrupt
        if not self.is_over and self.before is signal.SIG_IGN:
            return
        insist(frame, kind)
        if not self.is_over and callable(self.before):
            self.before(number, frame)
        raise kind

    def end(self) -> None:
        """Stop watching; from now on the thread sends no interrupt."""
        self.is_ended = True
        self.ending.set()
        if self.thread is not threading.current_thread():
            self.thread.join()


def interrupt_main() -> None:
    """Send an interrupt to the main thread; where the system can, it also ends a ``time.sleep``."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        _thread.interrupt_main()


def insist(frame: FrameType | None, kind: type[KeyboardInterrupt]) -> None:
    """Raise once more on the next line of the student's code, in case a bare ``except`` catches the interrupt."""

    def again(here: FrameType, event: str, _argument: object) -> Callable[..., Any]:
        if event == "line" and is_students(here.f_code.co_filename):
            raise kind
        return again

    sys.settrace(again)
    while frame is not None:
        if is_students(frame.f_code.co_filename):
            frame.f_trace = again
        frame = frame.f_back
