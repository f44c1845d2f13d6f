"""The common part of all explorers: controls bound to one picture, and a sentence that describes it.

An explorer draws again whenever a control moves. On a page without running widgets, its picture and sentence stay.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import ipywidgets as widgets

from ncl_course.arrow_keys import give_arrow_keys
from ncl_course.experiments.progress import WIDGET_VIEW, view_of
from ncl_course.language import text
from ncl_course.viz.picture import Bundle, Picture

IMAGE = (
    '<img alt="{alt}" width="{width}" height="{height}" decoding="sync" '
    'style="display: block; max-width: 100%; height: auto" src="data:image/png;base64,{png}">'
)
SENTENCE = '<p role="status" style="margin: 0; font-size: 14px; line-height: 1.5">{}</p>'


class Explorer(ABC):
    """The widgets of one explorer. A notebook shows it as the value of a cell.

    A subclass makes its picture and its controls, then calls ``super().__init__``, and draws in :meth:`draw`.

    Args:
        picture: the picture to draw on, with the sharpness of a moving picture.
        controls: the widgets that :meth:`draw` reads; each draws again when its value changes.
        above: those controls as they are arranged above the picture.

    Attributes:
        controls: the widgets that the reader can move.
        box: everything as one widget.
        image: the picture, with the sentence as its alternative text.
        sentence: a description of the picture.
    """

    def __init__(self, picture: Picture, controls: Iterable[Any], above: Any) -> None:
        self.picture, self.controls = picture, tuple(controls)
        picture.sharpness = 1.5
        self.image, self.sentence = widgets.HTML(), widgets.HTML()
        self.box = widgets.VBox([above, self.image, self.sentence])
        give_arrow_keys(self.box)
        self._drawing = False
        self._update()
        for control in self.controls:
            control.observe(self._update, "value")

    @abstractmethod
    def draw(self) -> str:
        """Draw the picture for the controls' values, and return a sentence that describes it."""

    def _update(self, _change: Any = None) -> None:
        """Draw once, even if one control has to change others."""
        if self._drawing:
            return
        self._drawing = True
        try:
            self._show(self.draw())
        finally:
            self._drawing = False

    def _show(self, sentence: str) -> None:
        self.picture.alt = sentence
        self.png = b64encode(self.picture.png(quick=True)).decode("ascii")
        width, height = self.picture.page_size
        self.image.value = IMAGE.format(alt=escape(sentence), width=width, height=height, png=self.png)
        self.sentence.value = SENTENCE.format(escape(sentence))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Bundle:  # noqa: ARG002 - IPython's
        width, height = self.picture.page_size
        words = f"{self.picture.alt}\n{text('course.explorer.static')}"
        data = {WIDGET_VIEW: view_of(self.box), "image/png": self.png, "text/plain": words}
        return data, {"image/png": {"width": width, "height": height, "alt": self.picture.alt}}


def slider(words: str, value: int, least: int, most: int) -> Any:
    """Return a slider over whole numbers, as wide as the other sliders."""
    return widgets.IntSlider(value, least, most, description=words, **_wide())


def float_slider(words: str, value: float, least: float, most: float, step: float) -> Any:
    """Return a slider over numbers in steps of ``step``."""
    return widgets.FloatSlider(value, min=least, max=most, step=step, description=words, **_wide())


def stops(words: str, options: Sequence[tuple[str, Any]], value: Any) -> Any:
    """Return a slider over the given values only, each with its own words."""
    return widgets.SelectionSlider(options=options, value=value, description=words, **_wide())


def choice(words: str, options: Sequence[tuple[str, Any]]) -> Any:
    """Return a row of buttons with one pressed, given the words and the value of each."""
    return widgets.ToggleButtons(options=options, description=words, style={"button_width": "8em"})


def side_by_side(*columns: Sequence[Any]) -> Any:
    """Return columns of controls, which are stacked on a narrow page."""
    wrap = widgets.Layout(flex_flow="row wrap", grid_gap="0 2em")
    return widgets.HBox([widgets.VBox(list(column)) for column in columns], layout=wrap)


def _wide() -> dict[str, Any]:
    return {"style": {"description_width": "9em"}, "layout": widgets.Layout(width="26em")}
