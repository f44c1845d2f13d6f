"""A widget and a still picture of it: a page shows the widget while its kernel runs, and the picture at any other time.

The still is an output of its own, after the widget's. A style that belongs to the widget hides it, so it is there
again when the widget is not: in a notebook that was closed and opened, and on a page without widgets. A second style
hides the sentence that JupyterLab and Notebook 7 write where a widget is missing.
"""

from __future__ import annotations

import sys
from html import escape
from typing import Any
from uuid import uuid4

from ncl_course.keys import give_keys

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
STILL = '<div class="ncl-still {name}">{content}</div><style>{hide}</style>'
HIDE_WARNING = (
    ".jp-OutputArea-child:has(+ .jp-OutputArea-child .ncl-still) .jp-OutputArea-output:not(:has(*)) {display: none}"
)
HIDE_STILL = "<style>.{name}, .jp-OutputArea-child:has(.{name}) {{display: none}}</style>"
NOTE = '<p style="margin: 0; font-size: 14px; line-height: 1.5">{}</p>'
"""A sentence below a still picture."""


def in_notebook() -> bool:
    """Return whether IPython is running, so that more than text can be shown."""
    IPython: Any = sys.modules.get("IPython")
    return IPython is not None and IPython.get_ipython() is not None


def noted(html: str, words: str) -> dict[str, Any]:
    """Return a still with a sentence below it; the sentence alone is its text."""
    return {"text/html": html + NOTE.format(escape(words)), "text/plain": words}


class Still:
    """A widget together with its still picture in a notebook.

    Args:
        box: the widget.

    Attributes:
        name: its name; no two stills on a page have the same one.
        shown: whether a notebook shows it.
    """

    def __init__(self, box: Any) -> None:
        import ipywidgets as widgets

        self.name, self.shown = f"ncl-{uuid4().hex}", False
        style = widgets.HTML(HIDE_STILL.format(name=self.name), layout=widgets.Layout(display="none"))
        self.box = widgets.VBox([box, style])
        give_keys(self.box)

    def show(self, bundle: dict[str, Any]) -> None:
        """Show the widget in the notebook, and the bundle with its ``text/html`` while there is no widget."""
        from IPython.display import publish_display_data

        publish_display_data({WIDGET_VIEW: view_of(self.box)}, transient={"display_id": self._widgets})
        self._publish(bundle)

    def update(self, bundle: dict[str, Any]) -> None:
        """Replace the still, if a notebook shows it."""
        if self.shown:
            self._publish(bundle, update=True)

    def end(self, bundle: dict[str, Any]) -> None:
        """Close the widget and leave the bundle in its place, so that a notebook opened again looks for no widget."""
        from IPython.display import publish_display_data

        self.update(bundle)
        self.box.close()
        if self.shown:
            nothing = {"text/html": "", "text/plain": ""}
            publish_display_data(nothing, transient={"display_id": self._widgets}, update=True)

    @property
    def _widgets(self) -> str:
        """The display id of the widget's output."""
        return f"{self.name}-widget"

    def _publish(self, bundle: dict[str, Any], *, update: bool = False) -> None:
        from IPython.display import publish_display_data

        html = STILL.format(name=self.name, content=bundle["text/html"], hide=HIDE_WARNING)
        publish_display_data({**bundle, "text/html": html}, transient={"display_id": self.name}, update=update)
        self.shown = True


def view_of(box: Any) -> dict[str, Any]:
    """Return what a page needs to show a widget; widgets of ipywidgets 7 and 8 say it in different ways."""
    return {"version_major": 2, "version_minor": 0, "model_id": box.model_id}
