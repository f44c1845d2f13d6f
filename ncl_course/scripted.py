"""The common part of the widgets that a script of the course draws in the reader's page."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import anywidget
import traitlets

BEGINNING = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


def script(path: Path) -> str:
    """Return the script in a file, after what all scripts share; it ends with ``export default drawnBy(render)``."""
    return BEGINNING + path.read_text(encoding="utf-8")


class Scripted(anywidget.AnyWidget):  # type: ignore[misc]
    """A widget whose ``_esm`` is a :func:`script`.

    Attributes:
        address: the id by which the script finds the widget's model in the page.
    """

    address = traitlets.Unicode().tag(sync=True)

    def __init__(self, **values: Any) -> None:
        address = uuid4().hex
        super().__init__(model_id=address, address=address, **values)
