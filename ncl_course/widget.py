"""A widget of the course's own, which hears the kernel even if its page was slow to start.

anywidget gives a page two seconds to start a widget's code. On a busy machine that is too little: the widget is shown,
but anywidget then drops every message of the kernel. ``widget.js`` runs before each widget's own code and mends that.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import anywidget
import traitlets

HEARING = Path(__file__).with_suffix(".js")


def code(path: Path) -> str:
    """Return the code of a widget's page; the file exports ``hearing({ render })``."""
    return HEARING.read_text(encoding="utf-8") + path.read_text(encoding="utf-8")


class Widget(anywidget.AnyWidget):  # type: ignore[misc]
    """A widget that knows its own id, by which its page finds it."""

    own_id = traitlets.Unicode().tag(sync=True)

    def __init__(self, **values: Any) -> None:
        own_id = uuid4().hex
        super().__init__(model_id=own_id, own_id=own_id, **values)
