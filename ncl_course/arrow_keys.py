"""Let the arrow keys move a focused control, where the notebook's page would take them for its own shortcuts."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

CONTROLS = "ncl-arrow-keys"
"""The class of the boxes with such controls."""


def give_arrow_keys(box: Any) -> None:
    """Give the arrow keys to the sliders, choices and fields in a box of widgets."""
    box.add_class(CONTROLS)
    _listener()


@cache
def _listener() -> Any:
    """Return the page's listener, one for each kernel. It has nothing to show, so that no output holds it."""
    import anywidget

    class ArrowKeys(anywidget.AnyWidget):  # type: ignore[misc]
        """The script that listens, as a widget."""

        _esm = Path(__file__).with_suffix(".js")

    return ArrowKeys()
