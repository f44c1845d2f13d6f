"""Stop a student's code in this process after a time limit, on any system, as an interrupt by the student would.

Code of C can only be stopped where it asks for signals, as ``re`` and long integers do, and not on Windows. NumPy's
does not ask: there the limit ends the code as soon as the call returns, and until then ``late`` can say so.
"""

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


PATIENCE = 5.0
"""The number of seconds after the limit, when the code is said not to react."""


def nothing() -> None:
    """Say nothing."""


@contextmanager
def limited(seconds: float, late: Callable[[], object] = nothing) -> Iterator[None]:
    """Raise ``TimeIsUp`` in the block after that time. An interrupt by the student still raises KeyboardInterrupt.

    A thread watches the clock and sends the interrupt, because Windows has no alarm. Where the system has one, the
    alarm does so too: it needs no thread, which waits as long as code of C keeps Python to itself. Where there are no
    threads, or outside the main thread, where no interrupt arrives, the block has no limit.

    Args:
        seconds: the limit.
        late: called once, in that thread, if the code has not reacted to the interrupts for ``PATIENCE`` seconds.
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or before is None:
        yield
        return
    watch = Watch(seconds, before, late)
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

    def __init__(self, seconds: float, before: Any, late: Callable[[], object]) -> None:
        self.seconds = seconds
        self.before = before
        self.late = late
        self.has_alarm = False
        self.is_over = self.is_ended = False
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.wait, name="ncl_course time limit", daemon=True)

    def start(self) -> None:
        """Start to watch, if this Python has threads."""
        try:
            self.thread.start()
        except RuntimeError:
            self.thread = threading.current_thread()
        if alarm_is_free():
            self.has_alarm = True
            signal.signal(signal.SIGALRM, self.interrupted)
            signal.setitimer(signal.ITIMER_REAL, self.seconds, AGAIN)

    def wait(self) -> None:
        """Interrupt the main thread when the time is up, and again until the block ends; say once that it does not."""
        pause, interrupts, patience = self.seconds, 0, max(round(PATIENCE / AGAIN), 1)
        while not self.ending.wait(pause):
            self.is_over = True
            interrupt_main()
            interrupts += 1
            if interrupts == patience:
                self.late()
            pause = AGAIN

    def interrupted(self, number: int, frame: FrameType | None) -> None:
        """Raise in the student's code: the time is up, or the student has sent an interrupt.

        Raises:
            TimeIsUp: if the time is up.
            KeyboardInterrupt: if the student stops the code.
        """
        if number == getattr(signal, "SIGALRM", None):
            self.is_over = True
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
        if self.has_alarm:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
        if self.thread is not threading.current_thread():
            self.thread.join()


def alarm_is_free() -> bool:
    """Return whether the system has an alarm that nobody in this process uses."""
    if not hasattr(signal, "setitimer"):
        return False
    return signal.getsignal(signal.SIGALRM) is signal.SIG_DFL and signal.getitimer(signal.ITIMER_REAL) == (0, 0)


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
