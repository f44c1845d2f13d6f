"""Let clicks reach a training while its cell waits for it.

JupyterLab sends a widget's messages to a subshell, a separate thread in the kernel, so they arrive while the main
thread waits. ipykernel before 7 has no subshells, and some pages use none; then only a kernel interrupt works.
"""

from __future__ import annotations

from typing import Any


def answer_while_busy(*controls: Any) -> None:
    """Let the page choose the thread that receives these widgets' messages.

    ipykernel 7.4 passes a message to the thread that sent the widget's last one, which is the busy main thread or works
    in its name. Here the comm answers that question with the page's own choice: its subshell, as in 7.0 to 7.3.
    """
    for control in controls:
        control.comm._reply_subshell_for = pages_choice


def pages_choice(_data: object, chosen: str | None) -> str | None:
    """Return the subshell that the page has chosen."""
    return chosen
