"""The pooling explorer: sliders bound to the drawings of one small map, and a sentence that describes them."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets
import numpy as np
from numpy.typing import ArrayLike

from ncl_course.language import text
from ncl_course.viz.axes import wipe
from ncl_course.viz.explorer import Explorer, choice, side_by_side, slider
from ncl_course.viz.pooling.drawings import draw_gradient, draw_window
from ncl_course.viz.pooling.figures import numbered
from ncl_course.viz.pooling.pair import draw_arrow, make_pair
from ncl_course.viz.pooling.pooled import Array, PooledMap, pool_map
from ncl_course.viz.pooling.words import step_in_words
from ncl_course.viz.slider import Play

CELL = 0.5
"""The side of a cell, in inches."""

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
"""The slide's map in its upper left corner, and more around it, so that windows have room to move."""


def pooling_explorer(x: ArrayLike | None = None) -> PoolingExplorer:
    """Move a pooling window over a small map ``x`` (H, W), forward or backward."""
    return PoolingExplorer(MAP if x is None else np.asarray(x, dtype=np.float64))


class PoolingExplorer(Explorer):
    """The window's size, stride and place; max or average; forward or backward."""

    def __init__(self, x: Array) -> None:
        self.x = x
        shape = pool_map(x, 1, None, "max").in_shape
        self.pair = make_pair(shape, shape[1], CELL, "", text("pooling.gradient.dots"))
        self._make_controls()
        controls = (self.kernel_size, self.stride, self.step, self.mode, self.direction)
        sliders = (self.kernel_size, self.stride, widgets.HBox([self.step, self.play]))
        super().__init__(self.pair.picture, controls, side_by_side(sliders, (self.mode, self.direction)))

    def _make_controls(self) -> None:
        most = min(self.x.shape)
        self.kernel_size = slider(text("pooling.explorer.kernel_size"), min(2, most), 1, most)
        self.stride = slider(text("pooling.explorer.stride"), min(2, most), 1, most)
        self.step = slider(text("pooling.explorer.step"), 0, 0, 0)
        self.mode = toggle("mode_label", ("max", "average"))
        self.direction = toggle("direction_label", ("forward", "backward"))
        self.play = Play(interval=900, tooltip=text("pooling.explorer.play"))
        self.link = widgets.jslink((self.play, "value"), (self.step, "value"))

    def draw(self) -> str:
        """Draw the step that the sliders select; they allow only windows that fit."""
        pooled = self._limited()
        gradient = numbered(pooled)
        self._draw(pooled, gradient)
        return step_in_words(pooled, self.step.value, self.direction.value, gradient)

    def _limited(self) -> PooledMap:
        """Limit the sliders to windows that fit: a second window if possible, and no place after the last window."""
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


def toggle(name: str, values: tuple[str, ...]) -> Any:
    """Return buttons for values that have words of their own in the messages."""
    return choice(text(f"pooling.explorer.{name}"), [(text(f"pooling.explorer.{value}"), value) for value in values])
