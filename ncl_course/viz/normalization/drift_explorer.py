"""The inputs of one ReLU while a net learns, step by step: they drift without batch normalization, not with it."""

from __future__ import annotations

from functools import cache
from typing import Any

import ipywidgets as widgets
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from ncl_course.language import text
from ncl_course.viz.axes import plain, wipe
from ncl_course.viz.explorer import Explorer, side_by_side, slider
from ncl_course.viz.normalization.trials import FRAMES, NETS, Net, drifting
from ncl_course.viz.palette import INK, NORMAL, SMALL, WITH, WITHOUT, tint
from ncl_course.viz.picture import Picture
from ncl_course.viz.slider import Play
from ncl_course.viz.spoken import numeral

Array = NDArray[Any]

LAYERS, LAST, EVERY = 6, FRAMES[-1], 2
"""The net's layers, the last step of its training, and the steps between two stops of the slider."""

COLOURS: dict[Net, str] = {"none": WITHOUT, "batch": WITH}


def drift_explorer() -> DriftExplorer:
    """Step through the trainings of two nets, with and without batch normalization, layer by layer."""
    return DriftExplorer()


class DriftExplorer(Explorer):
    """The step of the training, and the ReLU whose inputs are shown."""

    def __init__(self) -> None:
        picture = Picture(8.2, 2.9, "")
        self.axes: dict[Net, Axes] = {}
        for column, norm in enumerate(NETS):
            ax = self.axes[norm] = picture.place(0.2 + 4.1 * column, 0.4, 3.7, 2.0)
            plain(ax)
            ax.set_yticks([])
            ax.set_title(text(f"normalization.trials.{norm}"), color=INK, fontsize=NORMAL)
        self.step = slider(text("normalization.drift.step"), 0, 0, LAST)
        self.step.step = EVERY
        self.layer = slider(text("normalization.drift.layer"), LAYERS, 1, LAYERS)
        self.play = Play(min=0, max=LAST, step=EVERY, interval=400, tooltip=text("normalization.drift.play"))
        self.link = widgets.jslink((self.play, "value"), (self.step, "value"))
        above = side_by_side((widgets.HBox([self.step, self.play]), self.layer))
        super().__init__(picture, (self.step, self.layer), above)

    def draw(self) -> str:
        """Draw both distributions at this step over those at the start, and say their mean and width."""
        said: dict[str, str] = {}
        for norm, ax in self.axes.items():
            frames = drifting(norm)
            first, now = frames[0][self.layer.value - 1], frames[self.step.value][self.layer.value - 1]
            wipe(ax)
            draw_distribution(now, first, edges_of(self.layer.value), COLOURS[norm], ax)
            said[norm] = mean_and_width(now)
            said[f"{norm}_first"] = mean_and_width(first)
        return text("normalization.drift.sentence", step=self.step.value, layer=self.layer.value, **said)


@cache
def edges_of(layer: int) -> Array:
    """Return bins that contain nearly all values of all frames of both nets, so that widths can be compared."""
    values = [np.concatenate([frame[layer - 1] for frame in drifting(norm).values()]) for norm in NETS]
    ends = np.array([np.percentile(one, [0.3, 99.7]) for one in values])
    return np.linspace(ends[:, 0].min(), ends[:, 1].max(), 60)


def draw_distribution(now: Array, first: Array, edges: Array, colour: str, ax: Axes) -> tuple[Array, Array]:
    """Draw the histogram of ``now`` and the outline of that of ``first``, each scaled to its highest bin.

    Returns:
        The heights of both.
    """
    heights = [np.histogram(values, edges)[0] for values in (now, first)]
    now_height, first_height = (height / max(1, height.max()) for height in heights)
    ax.stairs(now_height, edges, fill=True, facecolor=tint(colour, 0.35), edgecolor=colour, linewidth=1.5)
    ax.stairs(first_height, edges, color=INK, linewidth=1.6, linestyle="--")
    ax.plot([now.mean()] * 2, [0, 1.04], color=colour, linewidth=2.4)
    ax.text(edges[0], 1.14, text("normalization.drift.outline"), color=INK, fontsize=SMALL, va="center")
    ax.set(xlim=(edges[0], edges[-1]), ylim=(0, 1.22))
    return now_height, first_height


def mean_and_width(values: Array) -> str:
    """Return mean ± standard deviation, with a true minus sign and without a minus zero."""
    mean, width = (round(float(part), 2) + 0.0 for part in (values.mean(), values.std()))
    return numeral(f"{mean:.2f} ± {width:.2f}")
