"""How clicks and interrupts reach a training that runs in the cell: they raise flags, which the next step reads.

JupyterLab sends a widget's messages to a subshell, a thread of its own in the kernel, so they arrive while the main
thread trains. ipykernel before 7 has no subshells, and some pages use none; there an interrupt of the kernel is left.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


def answer_while_busy(*controls: Any) -> None:
    """Let the page choose the thread that hears of these widgets.

    ipykernel 7.4 takes a message to the thread that sent the widget's last one, here the busy main thread, and keeps
    that thread in mind in this attribute. Where it keeps none, as in 7.0 to 7.3, the page's subshell gets the message.
    To be called after the main thread has changed the widgets, and before it trains.
    """
    for control in controls:
        vars(control.comm).pop("_reply_subshell_id", None)


@contextmanager
def gentle_interrupt(ask_to_stop: Callable[[], object]) -> Iterator[None]:
    """Let the first interrupt of the kernel ask for a stop after the step; a second one interrupts as ever."""
    if threading.current_thread() is not threading.main_thread():  # signals are the main thread's
        yield
        return
    before = signal.getsignal(signal.SIGINT) or signal.default_int_handler

    def first(_signal: int, _frame: Any) -> None:
        signal.signal(signal.SIGINT, before)
        ask_to_stop()

    signal.signal(signal.SIGINT, first)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
