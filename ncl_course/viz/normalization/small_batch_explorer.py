"""The scatter of small batches' statistics, and its effect on one sample's output."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from ncl_course.language import text
from ncl_course.viz.axes import plain, wipe
from ncl_course.viz.explorer import Explorer, side_by_side, stops
from ncl_course.viz.normalization.batchnorm import BLUE, ORANGE
from ncl_course.viz.palette import INK, NORMAL, SMALL
from ncl_course.viz.picture import Picture
from ncl_course.viz.spoken import say

Array = NDArray[Any]

SIZES = (2, 4, 8, 16, 32, 64, 128)
SIDES = (1, 2, 4, 8)
"""The stops of the sliders for the size of the batch and of the map."""

ROOM = {"means": (0.0, 16.0), "outputs": (-2.6, 2.6)}
PANELS = (("means", ORANGE), ("outputs", BLUE))


def small_batch_explorer() -> SmallBatchExplorer:
    """Put one digit into a hundred random batches, and see its output with their statistics."""
    return SmallBatchExplorer()


class SmallBatchExplorer(Explorer):
    """The number of samples in a batch, and the side of a map."""

    def __init__(self) -> None:
        picture = Picture(8.2, 3.1, "")
        self.axes = {}
        for column, (name, _) in enumerate(PANELS):
            ax = self.axes[name] = picture.place(0.5 + 4.1 * column, 0.55, 3.4, 2.1)
            plain(ax)
            ax.set(xlim=(0, 101), ylim=ROOM[name], xticks=[1, 50, 100])
            ax.set_title(text(f"normalization.small_batch.{name}"), color=INK, fontsize=NORMAL)
            ax.set_xlabel(text("normalization.small_batch.batches"), color=INK, fontsize=SMALL)
        self.size = stops(text("normalization.small_batch.size"), [(str(n), n) for n in SIZES], 2)
        self.side = stops(text("normalization.small_batch.side"), [(f"{n} × {n}", n) for n in SIDES], 2)
        super().__init__(picture, (self.size, self.side), side_by_side((self.size, self.side)))

    def draw(self) -> str:
        """Draw both scatters, each with a line for the statistics of all digits, and say how wide they are."""
        from ncl_course.experiments.by_torch.batch_noise import noise

        seen = noise(self.size.value, self.side.value)
        values = {"means": (seen.means, seen.mean), "outputs": (seen.outputs, seen.tested)}
        for name, colour in PANELS:
            wipe(self.axes[name])
            draw_scatter(*values[name], colour, self.axes[name])
        return text(
            "normalization.small_batch.sentence",
            size=self.size.value,
            side=self.side.value,
            numbers=self.size.value * self.side.value**2,
            mean=say(seen.mean),
            mean_width=say(seen.means.std()),
            low=say(round(seen.outputs.min(), 2)),
            high=say(round(seen.outputs.max(), 2)),
            tested=say(round(seen.tested, 2)),
        )


def draw_scatter(values: Array, whole: float, colour: str, ax: Axes) -> Line2D:
    """Draw a dot for each batch, and a line for the result with the statistics of all digits."""
    (dots,) = ax.plot(np.arange(1, len(values) + 1), values, "o", color=colour, markersize=3.5)
    ax.axhline(whole, color=INK, linewidth=1.8)
    return dots
