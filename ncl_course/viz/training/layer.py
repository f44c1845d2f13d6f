"""A large picture of one layer of a recorded training: its maps, its filters, its gradient and its weights' path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator

from ncl_course.language import text
from ncl_course.viz.axes import headed, in_decades
from ncl_course.viz.palette import INK, OKABE_ITO, SMALL
from ncl_course.viz.training.mosaic import Array, maps_in_a_grid
from ncl_course.viz.training.moving import MovingPicture
from ncl_course.viz.training.record import Frame, gradients_of, ways_left

WIDTH, HEIGHT = 9.4, 5.0
BLUE, ORANGE, PINK = OKABE_ITO[0], OKABE_ITO[1], OKABE_ITO[3]
ACROSS, DOWN = 5.65, 2.05
"""The width and the height of the maps, and of the filters, in inches."""
TILES = 32
"""The largest number of maps, and of filters."""


class LayerPicture(MovingPicture):
    """Curves over all steps on the left, with a mark at the current step, and the layer at that step on the right.

    One picture serves all layers, since making the axes costs more than a frame.
    """

    def __init__(self, frames: list[Frame]) -> None:
        super().__init__(WIDTH, HEIGHT, text("training.scrubber.static"))
        self.frames, self.layer = frames, -1
        self.span: tuple[float, float] | None = None
        steps = [frame.steps for frame in frames]
        self.slopes = draw_gradients(steps, self.place(0.65, 2.8, 2.55, 1.85))
        self.ways = draw_ways(steps, self.place(0.65, 0.5, 2.55, 1.65))
        self.maps, self.weights = (draw_grid(self.place(3.65, bottom, ACROSS, DOWN)) for bottom in (2.6, 0.1))
        self.let_move([self.slopes.mark, self.ways.mark, self.maps, self.weights])

    def turn_to(self, layer: int) -> None:
        """Show that layer; call :meth:`follow` next to show a frame."""
        self.layer, self.span = layer, span_of(self.frames, layer)
        follow_gradients(self.slopes, gradients_of(self.frames, layer))
        follow_ways(self.ways, ways_left(self.frames, layer))
        weights = weights_of(self.frames[0], layer)
        for curve in (self.slopes, self.ways):
            curve.has_values(weights is not None)
        made = next((f.seen.outputs[layer] for f in self.frames if layer < len(f.seen.outputs)), None)
        name = "filters" if weights is not None and weights.ndim == 4 else "weights"
        prepare_grid(self.maps, tiles(made), text("training.scrubber.maps"))
        prepare_grid(self.weights, tiles(weights), text(f"training.scrubber.{name}"))

    def follow(self, number: int) -> None:
        """Show the frame of that number."""
        frame = self.frames[number]
        for curve in (self.slopes, self.ways):
            curve.mark.set_xdata([frame.steps, frame.steps])
        outputs = frame.seen.outputs
        follow_grid(self.maps, tiles(outputs[self.layer]) if self.layer < len(outputs) else None)
        follow_grid(self.weights, tiles(weights_of(frame, self.layer)), self.span)

    def frames_of_axes(self) -> tuple[Any, ...]:
        """Return the current layer: if it changes, everything must be drawn again."""
        return (self.layer,)


@dataclass(frozen=True)
class Track:
    """A curve over all steps, the mark of the current step, and the words that stand in for a missing curve."""

    ax: Axes
    line: Line2D
    mark: Line2D
    nothing: Text

    def has_values(self, some: bool) -> None:
        """Show the curve, or say that there is none."""
        self.ax.yaxis.set_visible(some)
        self.nothing.set_visible(not some)


def draw_track(steps: list[int], name: str, colour: str, ax: Axes) -> Track:
    """Draw an empty curve over the steps, and a mark at the last step."""
    (line,) = ax.plot(steps, np.full(len(steps), np.nan), "o-", color=colour, markersize=3, linewidth=1.5)
    headed(ax, name)
    ax.set_xlim(0, max(steps[-1], 1))
    ax.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    nothing = ax.text(
        0.5,
        0.5,
        text("training.scrubber.none"),
        color=INK,
        fontsize=SMALL,
        ha="center",
        va="center",
        transform=ax.transAxes,
    )
    return Track(ax, line, ax.axvline(steps[-1], color=ORANGE, linewidth=2), nothing)


def draw_gradients(steps: list[int], ax: Axes) -> Track:
    """Draw the axes of a gradient's length over the steps, on a logarithmic scale."""
    track = draw_track(steps, text("training.scrubber.gradient"), PINK, ax)
    in_decades(ax.yaxis)
    return track


def follow_gradients(track: Track, sizes: Array) -> None:
    """Show a gradient's lengths, on an axis of whole powers of ten."""
    known = np.isfinite(sizes) & (sizes > 0)
    track.line.set_ydata(np.where(known, sizes, np.nan))
    powers = np.log10(sizes[known]) if known.any() else np.zeros(1)
    low, high = np.floor(powers.min()), np.ceil(powers.max())
    track.ax.set_ylim(10.0**low, 10.0 ** max(high, low + 1))


def draw_ways(steps: list[int], ax: Axes) -> Track:
    """Draw the axes of the remaining distance to the last weights, in percent."""
    track = draw_track(steps, text("training.scrubber.way"), BLUE, ax)
    ax.set_xlabel(text("training.picture.step"), color=INK, fontsize=SMALL, labelpad=1)
    return track


def follow_ways(track: Track, ways: Array) -> None:
    """Show the remaining distance after each step."""
    track.line.set_ydata(100 * ways)
    track.ax.set_ylim(0, max(105.0, 105 * float(np.nanmax(ways, initial=1.0))))


def weights_of(frame: Frame, layer: int) -> Array | None:
    """Return a layer's filters or matrix, or its vectors as the rows of a matrix, or None if it has no parameters."""
    params = frame.params[layer]
    large = next((values for values in params.values() if values.ndim in (2, 4)), None)
    vectors = [values for values in params.values() if values.ndim == 1]
    if large is not None or not vectors:
        return large
    return np.stack(vectors) if len({len(one) for one in vectors}) == 1 else vectors[0][None]


def span_of(frames: list[Frame], layer: int) -> tuple[float, float] | None:
    """Return the smallest and the largest of a layer's weights over all frames, to give each number one colour."""
    found = [weights for frame in frames if (weights := weights_of(frame, layer)) is not None]
    finite = np.concatenate([w[np.isfinite(w)].ravel() for w in found]) if found else np.empty(0)
    return (float(finite.min()), float(finite.max())) if finite.size else None


def tiles(values: Array | None) -> Array | None:
    """Return an array as maps: maps (C, H, W), the first map's part of filters, a matrix or a vector as one map."""
    if values is None or not np.size(values):
        return None
    match np.ndim(values):
        case 4:
            return np.asarray(values[:, 0])
        case 3:
            return np.asarray(values)
        case 2:
            return np.asarray(values[None])
    return np.asarray(np.ravel(values)[None, None])


def draw_grid(ax: Axes) -> AxesImage:
    """Draw an empty grid."""
    ax.set_axis_off()
    ax.set_anchor("NW")
    return ax.imshow(np.zeros((1, 1, 4), np.uint8), interpolation="nearest")


def prepare_grid(grid: AxesImage, maps: Array | None, title: str) -> None:
    """Make room for these maps under a title, or leave the grid empty if there are none."""
    ax = grid.axes
    ax.set_title(title if maps is not None else "", color=INK, fontsize=SMALL, loc="left", pad=4)
    if maps is not None:
        rows, cols = grid_of(maps).shape[:2]
        grid.set_extent((0, cols, rows, 0))
        ax.set(xlim=(0, cols), ylim=(rows, 0), aspect="auto" if len(maps) == 1 else "equal")


def follow_grid(grid: AxesImage, maps: Array | None, span: tuple[float, float] | None = None) -> None:
    """Show the current maps, or nothing if there are none."""
    grid.set_visible(maps is not None)
    if maps is not None:
        grid.set_data(grid_of(maps, span))


def grid_of(maps: Array, span: tuple[float, float] | None = None) -> Array:
    """Return maps as one RGBA picture, with the number of columns that makes them as large as possible."""
    count = min(len(maps), TILES)

    def side(columns: int) -> float:
        return min(ACROSS / columns, DOWN / -(-count // columns))

    columns = max(range(1, count + 1), key=side)
    return maps_in_a_grid(maps[:count], columns, -(-count // columns), span)
