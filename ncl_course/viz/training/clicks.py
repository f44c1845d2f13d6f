"""Let clicks reach a training while its cell waits for it.

JupyterLab sends a widget's messages to a subshell, a separate thread in the kernel, so they arrive while the main
thread waits. ipykernel before 7 has no subshells, and some pages use none; then only a kernel interrupt works.
"""

from __future__ import annotations

from typing import Any


def answer_while_busy(*controls: Any) -> None:
    """Let the page choose the thread that receives these widgets' messages.

    ipykernel 7.4 passes a message to the thread that sent the widget's last one, here the busy main thread, and stores
    that thread in this attribute. If it stores none, as in 7.0 to 7.3, the page's subshell gets the message.
    Call this after the main thread has changed the widgets, and before it waits.
    """
    for control in controls:
        vars(control.comm).pop("_reply_subshell_id", None)
