"""One layer of a recorded training, large: its maps, its filters, its gradient and the way of its weights."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D

from ncl_course.language import text
from ncl_course.viz.palette import INK, OKABE_ITO, SMALL
from ncl_course.viz.training_curves import axis_style
from ncl_course.viz.training_mosaic import Array, maps_in_a_grid
from ncl_course.viz.training_moving import MovingPicture
from ncl_course.viz.training_record import Frame, gradients_of, ways_left

WIDTH, HEIGHT = 9.4, 5.0
BLUE, ORANGE, PINK = OKABE_ITO[0], OKABE_ITO[1], OKABE_ITO[3]
ACROSS, DOWN = 5.65, 2.05
"""The room for maps, and for filters, in inches."""
TILES = 32
"""So many maps are shown at most, and so many filters."""


class LayerPicture(MovingPicture):
    """Curves over all steps at the left, with a mark at the step that is shown; what was seen then at the right."""

    def __init__(self, frames: list[Frame], layer: int) -> None:
        super().__init__(WIDTH, HEIGHT, text("viz.scrubber.static"))
        self.frames, self.layer, self.span = frames, layer, span_of(frames, layer)
        steps = [frame.steps for frame in frames]
        slopes, ways = self.place(0.65, 2.8, 2.55, 1.85), self.place(0.65, 0.5, 2.55, 1.65)
        self.marks = [draw_gradients(steps, gradients_of(frames, layer), slopes)]
        self.marks.append(draw_ways(steps, ways_left(frames, layer), ways))
        weights = weights_of(frames[0], layer)
        if weights is None:
            write_none(slopes)
            write_none(ways)
        made = next((f.seen.outputs[layer] for f in frames if layer < len(f.seen.outputs)), None)
        self.maps = draw_grid(tiles(made), text("viz.scrubber.maps"), self.place(3.65, 2.6, ACROSS, DOWN))
        name = "filters" if weights is not None and weights.ndim == 4 else "weights"
        self.weights = draw_grid(tiles(weights), text(f"viz.scrubber.{name}"), self.place(3.65, 0.1, ACROSS, DOWN))
        self.let_move([*self.marks, *(grid for grid in (self.maps, self.weights) if grid)])

    def follow(self, number: int) -> None:
        """Show the frame of that number."""
        frame = self.frames[number]
        for mark in self.marks:
            mark.set_xdata([frame.steps, frame.steps])
        outputs = frame.seen.outputs
        follow_grid(self.maps, tiles(outputs[self.layer]) if self.layer < len(outputs) else None)
        follow_grid(self.weights, tiles(weights_of(frame, self.layer)), self.span)


def draw_gradients(steps: list[int], sizes: Array, ax: Axes) -> Line2D:
    """Draw the length of a gradient over the steps, on a logarithmic scale, and return the mark of a step."""
    known = np.isfinite(sizes) & (sizes > 0)
    ax.plot(np.asarray(steps)[known], sizes[known], "o-", color=PINK, markersize=3, linewidth=1.5)
    axis_style(ax, text("viz.scrubber.gradient"))
    if known.any():
        low, high = np.floor(np.log10(sizes[known].min())), np.ceil(np.log10(sizes[known].max()))
        ax.set(yscale="log", ylim=(10.0**low, 10.0 ** max(high, low + 1)))
        ax.tick_params(which="minor", left=False, labelleft=False)
    return mark_step(steps, ax)


def draw_ways(steps: list[int], ways: Array, ax: Axes) -> Line2D:
    """Draw the way that is left to the last weights, in percent, and return the mark of a step."""
    ax.plot(steps, 100 * ways, "o-", color=BLUE, markersize=3, linewidth=1.5)
    axis_style(ax, text("viz.scrubber.way"))
    ax.set_xlabel(text("viz.training.step"), color=INK, fontsize=SMALL, labelpad=1)
    ax.set_ylim(0, max(105.0, 105 * float(np.nanmax(ways, initial=1.0))))
    return mark_step(steps, ax)


def mark_step(steps: list[int], ax: Axes) -> Line2D:
    """A vertical line at a step."""
    ax.set_xlim(0, max(steps[-1], 1))
    return ax.axvline(steps[-1], color=ORANGE, linewidth=2)


def write_none(ax: Axes) -> None:
    """Say that there is nothing to draw a curve of."""
    ax.set(yscale="linear", yticks=[])
    ax.text(
        0.5, 0.5, text("viz.scrubber.none"), color=INK, fontsize=SMALL, ha="center", va="center", transform=ax.transAxes
    )


def weights_of(frame: Frame, layer: int) -> Array | None:
    """A layer's filters or matrix; where it has vectors alone, these as the rows of a matrix; None without any."""
    params = frame.params[layer]
    large = next((values for values in params.values() if values.ndim in (2, 4)), None)
    vectors = [values for values in params.values() if values.ndim == 1]
    if large is not None or not vectors:
        return large
    return np.stack(vectors) if len({len(one) for one in vectors}) == 1 else vectors[0][None]


def span_of(frames: list[Frame], layer: int) -> tuple[float, float] | None:
    """The least and the largest of a layer's weights over all frames, so that one colour is one number."""
    found = [weights for frame in frames if (weights := weights_of(frame, layer)) is not None]
    finite = np.concatenate([w[np.isfinite(w)].ravel() for w in found]) if found else np.empty(0)
    return (float(finite.min()), float(finite.max())) if finite.size else None


def tiles(values: Array | None) -> Array | None:
    """What is shown of an array: maps (C, H, W), of filters the part for the first map; matrices and vectors as one."""
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


def draw_grid(maps: Array | None, title: str, ax: Axes) -> AxesImage | None:
    """Draw maps in a grid under a title; nothing where there are none."""
    ax.set_axis_off()
    if maps is None:
        return None
    ax.set_title(title, color=INK, fontsize=SMALL, loc="left", pad=4)
    ax.set_anchor("NW")
    return ax.imshow(grid_of(maps), interpolation="nearest", aspect="auto" if len(maps) == 1 else "equal")


def follow_grid(grid: AxesImage | None, maps: Array | None, span: tuple[float, float] | None = None) -> None:
    """Show the maps of now, none where none are known."""
    if grid is not None:
        grid.set_visible(maps is not None)
        if maps is not None:
            grid.set_data(grid_of(maps, span))


def grid_of(maps: Array, span: tuple[float, float] | None = None) -> Array:
    """Maps as one RGBA picture, in so many columns that they come out as large as they can."""
    count = min(len(maps), TILES)

    def side(columns: int) -> float:
        return min(ACROSS / columns, DOWN / -(-count // columns))

    columns = max(range(1, count + 1), key=side)
    return maps_in_a_grid(maps[:count], columns, -(-count // columns), span)
