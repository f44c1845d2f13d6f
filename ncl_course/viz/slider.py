"""Sliders of the browser's own kind, and a button that moves them on, in place of the ones that ipywidgets draws.

A screen reader says a slider's words and the words of its value; the page shows the value with the language's decimal
mark; Tab stops at each slider once. In Python they are the sliders of ipywidgets.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ipywidgets as widgets
import traitlets

from ncl_course.language import current
from ncl_course.widget import Widget, code

HERE = Path(__file__).parent


class Drawn(Widget):
    """The browser's view of a slider; ``lang`` is the language of its numbers."""

    _esm = code(HERE / "slider.js")
    _css = HERE / "slider.css"
    lang = traitlets.Unicode().tag(sync=True)

    def __init__(self, **values: Any) -> None:
        super().__init__(lang=current(), **values)


class Play(Widget, widgets.Play):  # type: ignore[misc]
    """A button that moves a value on; its tooltip is its name."""

    _esm = code(HERE / "play.js")
    _css = HERE / "slider.css"
    tooltip = traitlets.Unicode().tag(sync=True)


class IntSlider(Drawn, widgets.IntSlider):  # type: ignore[misc]
    """A slider over whole numbers."""


class FloatSlider(Drawn, widgets.FloatSlider):  # type: ignore[misc]
    """A slider over numbers in steps."""


class Stops(Drawn, widgets.SelectionSlider):  # type: ignore[misc]
    """A slider over given values, each with its own words."""
