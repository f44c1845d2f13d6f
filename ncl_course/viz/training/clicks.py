"""Pass clicks and interrupts to a training that runs in the cell: they set flags, which the next step reads.

JupyterLab sends a widget's messages to a subshell, a separate thread in the kernel, so they arrive while the main
thread trains. ipykernel before 7 has no subshells, and some pages use none; then only a kernel interrupt works.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


def answer_while_busy(*controls: Any) -> None:
    """Let the page choose the thread that receives these widgets' messages.

    ipykernel 7.4 passes a message to the thread that sent the widget's last one, here the busy main thread, and stores
    that thread in this attribute. If it stores none, as in 7.0 to 7.3, the page's subshell gets the message.
    Call this after the main thread has changed the widgets, and before it trains.
    """
    for control in controls:
        vars(control.comm).pop("_reply_subshell_id", None)


@contextmanager
def gentle_interrupt(ask_to_stop: Callable[[], object]) -> Iterator[None]:
    """Let the first interrupt of the kernel request a stop after the step; a second one interrupts as usual."""
    if threading.current_thread() is not threading.main_thread():  # only the main thread gets signals
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
