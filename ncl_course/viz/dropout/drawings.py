"""Drawings of dropout: thinned nets, a masked row of neurons, and averages over many masks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Circle
from numpy.typing import NDArray

from ncl_course.language import text
from ncl_course.viz.axes import framed
from ncl_course.viz.cells import draw_cells, fit, write
from ncl_course.viz.palette import INK, NORMAL, OKABE_ITO, PALE, PAPER, SMALL, TEXT, WITH, WITHOUT, tint
from ncl_course.viz.spoken import say

Array = NDArray[Any]

RADIUS = 0.3


def neuron_places(sizes: Sequence[int]) -> list[list[tuple[float, float]]]:
    """Return the places of each layer's neurons: layers from left to right, each one centred."""
    return [[(1.7 * layer, i - (n - 1) / 2) for i in range(n)] for layer, n in enumerate(sizes)]


def draw_net(ax: Axes, sizes: Sequence[int], kept: Sequence[Sequence[bool]], name: str) -> list[Circle]:
    """Draw a fully connected net; neurons that are not kept are crossed out and lose their connections."""
    places = neuron_places(sizes)
    lines = [
        (one, other)
        for layer in range(len(sizes) - 1)
        for i, one in enumerate(places[layer])
        for j, other in enumerate(places[layer + 1])
        if kept[layer][i] and kept[layer + 1][j]
    ]
    ax.add_collection(LineCollection(lines, colors=INK, linewidths=0.9, alpha=0.75, zorder=1))
    circles = [
        draw_neuron(ax, place, on)
        for layer, row in enumerate(places)
        for place, on in zip(row, kept[layer], strict=True)
    ]
    ax.set(xlim=(-0.6, 1.7 * (len(sizes) - 1) + 0.6), ylim=(-max(sizes) / 2 - 0.15, max(sizes) / 2 + 0.15))
    ax.set_aspect("equal")
    ax.set_axis_off()
    ax.set_title(name, color=INK, fontsize=NORMAL)
    return circles


def draw_neuron(ax: Axes, place: tuple[float, float], on: bool) -> Circle:
    """Draw one neuron: filled if it is on, or else empty and crossed out."""
    face = tint(OKABE_ITO[0], 0.6) if on else PAPER
    circle = Circle(place, RADIUS, facecolor=face, edgecolor=TEXT if on else PALE, linewidth=1.2, zorder=2)
    ax.add_patch(circle)
    if not on:
        x, y, r = *place, RADIUS * 0.62
        cross = [[(x - r, y - r), (x + r, y + r)], [(x - r, y + r), (x + r, y - r)]]
        ax.add_collection(LineCollection(cross, colors=OKABE_ITO[4], linewidths=1.8, zorder=3))
    return circle


def draw_row(ax: Axes, values: Array, kept: Array, name: str) -> list[str]:
    """Draw a row of neurons with their values, pale if they are off, and return the values as they are written."""
    shape = (1, len(values))
    fit(ax, shape)
    cells = draw_cells(ax, shape, {(0, int(j)): [OKABE_ITO[0]] for j in np.flatnonzero(kept)})
    write(ax, cells, values[None], colours={(0, int(j)): PALE for j in np.flatnonzero(~kept)})
    ax.text(-0.25, 0.5, name, ha="right", va="center", color=INK, fontsize=NORMAL)
    return [say(value) for value in values]


def draw_running_mean(ax: Axes, outputs: Array, expected: Array) -> list[Line2D]:
    """Draw the mean of the first 1, 2, 3, … draws (draws, neurons), and each neuron's expectation.

    Returns:
        One line per neuron; its last point is marked.
    """
    draws = np.arange(1, len(outputs) + 1)
    means = np.cumsum(outputs, axis=0) / draws[:, None]
    lines = []
    for neuron, target in enumerate(expected):
        colour = OKABE_ITO[(0, 4, 2, 3)[neuron % 4]]
        ax.axhline(target, color=INK, linestyle=":", linewidth=1.3)
        lines += ax.plot(draws, means[:, neuron], "-o", color=colour, linewidth=1.7, markersize=5, markevery=[-1])
    return lines


def label_axes(ax: Axes, name: str, across: str) -> None:
    """Write a title and a label for the horizontal axis."""
    framed(ax, name, ticks="both")
    ax.set_xlabel(across, color=INK, fontsize=SMALL)


def draw_curves(ax: Axes, with_dropout: Array, without: Array, learnt: tuple[Array, Array], name: str) -> list[Line2D]:
    """Draw measurements after each epoch, on new samples (solid) and on learned ones (dashed)."""
    epochs = np.arange(1, len(without) + 1)
    lines = []
    for curve, train, colour, key in (
        (without, learnt[1], WITHOUT, "without"),
        (with_dropout, learnt[0], WITH, "with"),
    ):
        lines += ax.plot(epochs, curve, color=colour, linewidth=2, label=text(f"dropout.picture.{key}_test"))
        lines += ax.plot(
            epochs, train, color=colour, linewidth=1.6, linestyle="--", label=text(f"dropout.picture.{key}_train")
        )
    label_axes(ax, name, text("dropout.picture.epoch"))
    return lines
