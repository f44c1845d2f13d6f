"""The common part of all explorers: controls bound to one picture, and a sentence that describes it.

An explorer draws again whenever a control moves. On a page without running widgets, its last picture and sentence stay.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import ipywidgets as widgets

from ncl_course.language import text
from ncl_course.still import NOTE, Still
from ncl_course.viz.picture import Bundle, Picture
from ncl_course.viz.slider import FloatSlider, IntSlider, Stops

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
        png: the picture as a file.
        image: the picture, with the sentence as its alternative text.
        sentence: a description of the picture.
        still: the last picture, for pages without widgets.
    """

    def __init__(self, picture: Picture, controls: Iterable[Any], above: Any) -> None:
        self.picture, self.controls = picture, tuple(controls)
        picture.sharpness = 1.5
        self.image, self.sentence = widgets.HTML(), widgets.HTML()
        self.box = widgets.VBox([above, self.image, self.sentence])
        self.still = Still(self.box)
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
        self.png = self.picture.png(quick=True)
        self.image.value = self.picture.html(self.png)
        self.sentence.value = SENTENCE.format(escape(sentence))
        self.still.update(self.static())

    def static(self) -> Bundle:
        """Return what a page without running widgets shows: the last picture, its sentence, and how to move it."""
        said, how = self.picture.alt, text("course.explorer.static")
        html = self.image.value + NOTE.format(f"{escape(said)}<br><em>{escape(how)}</em>")
        return {"text/html": html, "text/plain": f"{said}\n{how}"}

    def _ipython_display_(self) -> None:
        self.still.show(self.static())


def slider(words: str, value: int, least: int, most: int) -> Any:
    """Return a slider over whole numbers, as wide as the other sliders."""
    return IntSlider(value=value, min=least, max=most, description=words)


def float_slider(words: str, value: float, least: float, most: float, step: float) -> Any:
    """Return a slider over numbers in steps of ``step``."""
    return FloatSlider(value=value, min=least, max=most, step=step, description=words)


def stops(words: str, options: Sequence[tuple[str, Any]], value: Any) -> Any:
    """Return a slider over the given values only, each with its own words."""
    return Stops(options=options, value=value, description=words)


def choice(words: str, options: Sequence[tuple[str, Any]]) -> Any:
    """Return a row of buttons with one pressed, given the words and the value of each."""
    return widgets.ToggleButtons(options=options, description=words, style={"button_width": "8em"})


def side_by_side(*columns: Sequence[Any]) -> Any:
    """Return columns of controls, which are stacked on a narrow page."""
    wrap = widgets.Layout(flex_flow="row wrap", grid_gap="0 2em")
    return widgets.HBox([widgets.VBox(list(column)) for column in columns], layout=wrap)
