"""The pooling explorer: sliders bound to the drawings of one small map, and a sentence on what is seen."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from typing import Any

import ipywidgets as widgets
import numpy as np
from numpy.typing import ArrayLike

from ncl_course.language import text
from ncl_course.viz.cells import wipe
from ncl_course.viz.pair import draw_arrow, make_pair
from ncl_course.viz.picture import Bundle
from ncl_course.viz.pooled import Array, PooledMap, pool_map
from ncl_course.viz.pooling import draw_gradient, draw_window
from ncl_course.viz.pooling_figures import numbered
from ncl_course.viz.pooling_words import step_in_words

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
CELL = 0.5
"""The side of a cell, in inches."""

IMAGE = (
    '<img alt="{alt}" width="{width}" height="{height}" decoding="sync" '
    'style="display: block; max-width: 100%; height: auto" src="data:image/png;base64,{png}">'
)
SENTENCE = '<p role="status" style="margin: 0; font-size: 14px; line-height: 1.5">{}</p>'

MAP = np.array(
    [
        [1, 3, 2, 9, 0, 6],
        [7, 4, 1, 5, 8, 2],
        [8, 5, 2, 3, 1, 7],
        [4, 2, 1, 4, 6, 0],
        [0, 9, 3, 6, 2, 5],
        [5, 1, 7, 2, 8, 3],
    ],
    dtype=np.float64,
)
"""The slide's map in its upper left corner, and more around it, so that windows have somewhere to go."""


def pooling_explorer(x: ArrayLike | None = None) -> PoolingExplorer:
    """Walk a pooling window over a small map ``x`` (H, W), forward or backward."""
    return PoolingExplorer(MAP if x is None else np.asarray(x, dtype=np.float64))


class PoolingExplorer:
    """The explorer's widgets. A notebook shows it as the value of a cell; without widgets, its picture stays.

    Attributes:
        box: all of it, as one widget.
        image: the picture, with the sentence as its alternative text.
        sentence: what is seen, in words.
    """

    def __init__(self, x: Array) -> None:
        self.x = x
        shape = pool_map(x, 1, None, "max").in_shape
        self.pair = make_pair(shape, shape[1], CELL, "", text("viz.gradient.dots"))
        self.pair.picture.sharpness = 1.5
        self._make_controls()
        self.image, self.sentence = widgets.HTML(), widgets.HTML()
        self.box = widgets.VBox([self._arranged(), self.image, self.sentence])
        self._drawing = False
        self._update()
        for control in (self.kernel_size, self.stride, self.step, self.mode, self.direction):
            control.observe(self._update, "value")

    def _make_controls(self) -> None:
        most = min(self.x.shape)
        self.kernel_size = _slider("kernel_size", min(2, most), 1, most)
        self.stride = _slider("stride", min(2, most), 1, most)
        self.step = _slider("step", 0, 0, 0)
        self.mode = _toggle("mode_label", ("max", "average"))
        self.direction = _toggle("direction_label", ("forward", "backward"))
        self.play = widgets.Play(interval=900, show_repeat=False, tooltip=text("viz.explorer.play"))
        self.link = widgets.jslink((self.play, "value"), (self.step, "value"))

    def _arranged(self) -> Any:
        sliders = widgets.VBox([self.kernel_size, self.stride, widgets.HBox([self.step, self.play])])
        toggles = widgets.VBox([self.mode, self.direction])
        wrap = widgets.Layout(flex_flow="row wrap", grid_gap="0 2em")
        return widgets.HBox([sliders, toggles], layout=wrap)

    def _update(self, _change: Any = None) -> None:
        """Draw what the controls say, once, however many of them had to give way."""
        if self._drawing:
            return
        self._drawing = True
        try:
            pooled = self._limited()
            gradient = numbered(pooled)
            self._draw(pooled, gradient)
            self._say(step_in_words(pooled, self.step.value, self.direction.value, gradient))
        finally:
            self._drawing = False

    def _limited(self) -> PooledMap:
        """Let the sliders go no further than what fits: a second window, where one can; the last window."""
        self.stride.max = max(1, min(self.x.shape) - self.kernel_size.value)
        pooled = pool_map(self.x, self.kernel_size.value, self.stride.value, self.mode.value)
        self.step.max = self.play.max = pooled.steps - 1
        return pooled

    def _draw(self, pooled: PooledMap, gradient: Array) -> None:
        back, step = self.direction.value == "backward", self.step.value
        ax_in, ax_arrow, ax_out = self.pair.ax_in, self.pair.ax_arrow, self.pair.ax_out
        for ax in (ax_in, ax_arrow, ax_out):
            wipe(ax)
        draw_arrow(ax_arrow, pooled, back=back)
        if back:
            draw_gradient(pooled, gradient, ax_in, ax_out, step=step)
        else:
            draw_window(pooled, step, ax_in, ax_out)
        for note in self.pair.picture.texts:
            note.set_visible(back)

    def _say(self, sentence: str) -> None:
        picture = self.pair.picture
        picture.alt = sentence
        self.png = b64encode(picture.png(quick=True)).decode("ascii")
        width, height = picture.page_size
        self.image.value = IMAGE.format(alt=escape(sentence), width=width, height=height, png=self.png)
        self.sentence.value = SENTENCE.format(escape(sentence))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Bundle:  # noqa: ARG002 - IPython's
        width, height = self.pair.picture.page_size
        words = f"{self.pair.picture.alt}\n{text('viz.explorer.static')}"
        view = {"version_major": 2, "version_minor": 0, "model_id": self.box.model_id}
        data = {WIDGET_VIEW: view, "image/png": self.png, "text/plain": words}
        return data, {"image/png": {"width": width, "height": height, "alt": self.pair.picture.alt}}


def _slider(name: str, value: int, least: int, most: int) -> Any:
    return widgets.IntSlider(
        value,
        least,
        most,
        description=text(f"viz.explorer.{name}"),
        style={"description_width": "9em"},
        layout=widgets.Layout(width="26em"),
    )


def _toggle(name: str, values: tuple[str, ...]) -> Any:
    return widgets.ToggleButtons(
        options=[(text(f"viz.explorer.{value}"), value) for value in values],
        description=text(f"viz.explorer.{name}"),
        style={"button_width": "8em"},
    )
