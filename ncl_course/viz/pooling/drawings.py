"""Pooling of a small map: the windows, one window at each step, and the path of the gradient."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from ncl_course.language import text
from ncl_course.viz.axes import title
from ncl_course.viz.cells import Cells, draw_cells, draw_dots, fit, frame, note, ring, write
from ncl_course.viz.palette import PALE, window_colour
from ncl_course.viz.pooling.pooled import Array, PooledMap


@dataclass(frozen=True)
class Panels:
    """The artists of a pair of panels: the input's side and the output's."""

    inputs: Cells
    outputs: Cells


def draw_pooling(pooled: PooledMap, ax_in: Axes, ax_out: Axes) -> Panels:
    """Draw a map with each window in its colour, and the output beside it in the same colours.

    A cell that a few windows share has a band of each one's colour; a cell that many share is grey. The winner
    of each maximum is bold and ringed; cells outside every window are pale.
    """
    _set_up(pooled, ax_in, ax_out, "picture")
    covering = {
        (i, j): [n for n in range(pooled.steps) if pooled.covers(n, (i, j))] for i, j in np.ndindex(pooled.in_shape)
    }
    inputs = draw_cells(ax_in, pooled.in_shape, {c: _colours(windows) for c, windows in covering.items()})
    winners = {winner for n in range(pooled.steps) if (winner := pooled.winner(n))}
    pale = {cell: PALE for cell, windows in covering.items() if not windows}
    write(ax_in, inputs, pooled.x, colours=pale, bold=winners)
    for place in winners:
        ring(ax_in, inputs, place)
    return Panels(inputs, _draw_outputs(pooled, ax_out, pooled.y, pooled.steps))


def draw_window(pooled: PooledMap, step: int, ax_in: Axes, ax_out: Axes) -> Panels:
    """Draw the window at one step; the output is filled in up to this step."""
    _set_up(pooled, ax_in, ax_out, "picture")
    colour = window_colour(step)
    seen = {(i, j): [colour] for i, j in np.ndindex(pooled.in_shape) if pooled.covers(step, (i, j))}
    inputs = draw_cells(ax_in, pooled.in_shape, seen)
    winner = pooled.winner(step)
    write(ax_in, inputs, pooled.x, bold=[winner] if winner else ())
    if winner:
        ring(ax_in, inputs, winner)
    ahead = np.arange(pooled.steps).reshape(pooled.out_shape) > step
    panels = Panels(inputs, _draw_outputs(pooled, ax_out, np.where(ahead, np.nan, pooled.y), step + 1))
    _frame_step(pooled, step, panels, (ax_in, ax_out))
    return panels


def draw_gradient(pooled: PooledMap, grad_out: Array, ax_dx: Axes, ax_grad: Axes, *, step: int | None = None) -> Panels:
    """Draw the backward pass: ``grad_out`` on the right, and the gradient of each input cell on the left.

    Each contribution is a dot in the colour of its window; the number is their sum, and the small number in the
    corner is the cell's value in the forward pass. With ``step``, only the windows up to that one have sent their
    gradients, and the last of them has a frame.
    """
    sent = pooled.steps if step is None else step + 1
    _set_up(pooled, ax_dx, ax_grad, "gradient")
    inputs = _draw_received(pooled, ax_dx, grad_out, sent)
    panels = Panels(inputs, _draw_outputs(pooled, ax_grad, grad_out, sent))
    if step is not None:
        _frame_step(pooled, step, panels, (ax_dx, ax_grad))
    return panels


def _set_up(pooled: PooledMap, ax_in: Axes, ax_out: Axes, name: str) -> None:
    """Give both panels the input's height, so that cells have one size and titles are aligned; name the panels."""
    rows, cols = pooled.in_shape
    out_rows, out_cols = pooled.out_shape
    fit(ax_in, pooled.in_shape)
    fit(ax_out, pooled.out_shape, height=rows)
    title(ax_in, text(f"pooling.{name}.input", rows=rows, cols=cols))
    title(ax_out, text(f"pooling.{name}.output", rows=out_rows, cols=out_cols))


def _draw_received(pooled: PooledMap, ax: Axes, gradient: Array, sent: int) -> Cells:
    """Draw the input's cells with the gradients from the first ``sent`` windows."""
    received = np.tensordot(gradient.ravel()[:sent], pooled.shares[:sent], axes=1)
    sources = {(i, j): pooled.sources((i, j), sent) for i, j in np.ndindex(pooled.in_shape)}
    cells = draw_cells(ax, pooled.in_shape, {cell: _colours(windows) for cell, windows in sources.items()})
    fed = {cell: windows for cell, windows in sources.items() if windows}
    draw_dots(ax, cells, {cell: _colours(windows) for cell, windows in fed.items()})
    pale = {cell: PALE for cell in sources if cell not in fed}
    write(ax, cells, received, colours=pale, bold=fed if pooled.mode == "max" else ())
    note(ax, cells, pooled.x)
    return cells


def _draw_outputs(pooled: PooledMap, ax: Axes, values: Array, filled: int) -> Cells:
    """Draw the output's cells, the first ``filled`` bold in the colours of their windows, the rest pale."""
    places = [pooled.place(n) for n in range(pooled.steps)]
    cells = draw_cells(ax, pooled.out_shape, {p: [window_colour(n)] for n, p in enumerate(places[:filled])})
    write(ax, cells, values, colours=dict.fromkeys(places[filled:], PALE), bold=places[:filled])
    return cells


def _colours(windows: list[int]) -> list[str]:
    return [window_colour(n) for n in windows]


def _frame_step(pooled: PooledMap, step: int, panels: Panels, axes: tuple[Axes, Axes]) -> None:
    """Frame the window of that step in the input and its cell in the output."""
    colour = window_colour(step)
    frame(axes[0], panels.inputs, pooled.corner(step), pooled.kernel_size, colour)
    frame(axes[1], panels.outputs, pooled.place(step), 1, colour)
