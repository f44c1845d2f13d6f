"""Let a focused control have its own keys, such as the arrows, where the notebook's page takes them for shortcuts."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

CONTROLS = "ncl-keys"
"""The class of the boxes with such controls."""


def give_keys(box: Any) -> None:
    """Give the controls in a box of widgets the keys that they obey: arrows, Enter, space and what is typed."""
    box.add_class(CONTROLS)
    _listener()


@cache
def _listener() -> Any:
    """Return the page's listener, one for each kernel. It has nothing to show, so that no output holds it."""
    import anywidget

    class Keys(anywidget.AnyWidget):  # type: ignore[misc]
        """The script that listens, as a widget."""

        _esm = Path(__file__).with_suffix(".js")

    return Keys()
