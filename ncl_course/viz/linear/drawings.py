"""Drawings of lesson 03 made of cells and bars: flatten, a matrix product, parameter counts, probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from ncl_course.language import text
from ncl_course.viz.axes import in_decades, plain, title
from ncl_course.viz.cells import Cells, Place, draw_cells, fit, write
from ncl_course.viz.palette import INK, NORMAL, SMALL, window_colour
from ncl_course.viz.spoken import grouped, numeral, say

Array = NDArray[np.float64]


LEAST = 0.4
"""The left end of a logarithmic axis on which 1 has a bar, too."""


@dataclass(frozen=True)
class LayerCount:
    """One layer of a network: its number of parameters, and how many outputs each weight helps to compute."""

    name: str
    count: int
    fully_connected: bool
    uses: int = 1


def halving_network(size: int, maps: int) -> tuple[list[LayerCount], int]:
    """Return five 3×3 convolutions, each with pooling after it, and the side of the final maps.

    They make maps / 16, maps / 8, … and finally ``maps`` maps from an image of 3 × size × size.
    """
    filters = [3, *(maps // 2**n for n in (4, 3, 2, 1, 0))]
    counts = [9 * came * made + made for came, made in pairwise(filters)]
    return [LayerCount(f"CONV {n}", count, fully_connected=False) for n, count in enumerate(counts, 1)], size // 32


def dense_layers(*sizes: int) -> list[LayerCount]:
    """Return fully connected layers from each size to the next; a size of 0 stands for no layer."""
    kept = [size for size in sizes if size]
    return [LayerCount(f"FC {n}", D * M + M, fully_connected=True) for n, (D, M) in enumerate(pairwise(kept), 1)]


def vgg16() -> list[LayerCount]:
    """Return VGG-16 for 1000 classes (Simonyan and Zisserman 2014, configuration D), layer by layer."""
    filters = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))
    layers, came, side = [], 3, 224
    for block, (maps, times) in enumerate(filters, 1):
        for n in range(1, times + 1):
            layers.append(LayerCount(f"CONV {block}.{n}", 9 * came * maps + maps, fully_connected=False, uses=side**2))
            came = maps
        side //= 2
    return layers + dense_layers(512 * 7 * 7, 4096, 4096, 1000)


def draw_grid(values: ArrayLike, colours: Mapping[Place, Sequence[str]], words: str, ax: Axes, rows: int = 0) -> Cells:
    """Draw a small table of numbers with coloured cells and a title, centred in ``rows`` rows."""
    table = np.atleast_2d(np.asarray(values, dtype=np.float64))
    fit(ax, (table.shape[0], table.shape[1]), rows or None)
    cells = draw_cells(ax, (table.shape[0], table.shape[1]), colours)
    write(ax, cells, table)
    title(ax, words)
    return cells


def draw_flatten(maps: ArrayLike, axes: Sequence[Axes]) -> list[Cells]:
    """Draw maps (C, H, W) one after another and, on the last axes, the vector that they are flattened to."""
    values = np.asarray(maps, dtype=np.float64)
    C, H, W = values.shape
    drawn = []
    for c, ax in enumerate(axes[:C]):
        colours = {place: [window_colour(c)] for place in np.ndindex(H, W)}
        drawn.append(draw_grid(values[c], colours, text("linear.flatten.map", number=c), ax))
    colours = {(0, n): [window_colour(n // (H * W))] for n in range(values.size)}
    words = text("linear.flatten.vector", d=C, h=H, w=W, size=values.size)
    return [*drawn, draw_grid(values.ravel(), colours, words, axes[C])]


def draw_linear(weight: Array, x: Array, bias: Array, axes: Sequence[Axes]) -> list[Cells]:
    """Draw A, X, b and Y as columns and a table; row m has the same colour in A, b and Y."""
    M, D = weight.shape
    rows = max(M, D)
    by_row = {(m, d): [window_colour(m)] for m in range(M) for d in range(D)}
    column = {(m, 0): [window_colour(m)] for m in range(M)}
    y = outputs_of(weight, x, bias)
    tables: tuple[tuple[Array, dict[Place, list[str]], str], ...] = (
        (weight, by_row, f"A  {M}×{D}"),
        (x[:, None], {}, f"X  {D}×1"),
        (bias[:, None], column, "b"),
    )
    drawn = [
        draw_grid(values, colours, words, ax, rows) for (values, colours, words), ax in zip(tables, axes, strict=False)
    ]
    return [*drawn, draw_grid(y[:, None], column, "Y", axes[3], rows)]


def outputs_of(weight: Array, x: Array, bias: Array) -> Array:
    """Return the output (M,) of torch's linear layer with those parameters for one input x (D,)."""
    from ncl_course.oracles.linear.right import Linear

    M, D = weight.shape
    layer = Linear(D, M)
    layer.params.update(weight=weight, bias=bias)
    return layer.forward(x[None])[0]


def draw_parameters(layers: Sequence[LayerCount], ax: Axes, most: float | None = None) -> BarContainer:
    """Draw a bar for each layer in millions of parameters; fully connected layers have a different colour.

    The axis reaches to the longest bar, or to ``most`` parameters.
    """
    counts = np.array([layer.count for layer in layers]) / 1e6
    longest = float(counts.max()) if most is None else most / 1e6
    places = np.arange(len(layers))
    bars = ax.barh(places, counts, color=[window_colour(4 if layer.fully_connected else 0) for layer in layers])
    for place, count in zip(places, counts, strict=True):
        ax.text(
            float(count) + longest / 100, float(place), numeral(f"{count:.3g}"), color=INK, fontsize=SMALL, va="center"
        )
    ax.set_yticks(places, [layer.name for layer in layers])
    ax.invert_yaxis()
    ax.set_xlim(0, longest * 1.12)
    ax.set_xlabel(text("linear.parameters.axis"), color=INK, fontsize=SMALL)
    plain(ax)
    return bars


def draw_uses(layers: Sequence[LayerCount], ax: Axes) -> BarContainer:
    """Draw a bar for each layer, on a logarithmic axis: the multiplications that one weight does for one image."""
    uses, places = [layer.uses for layer in layers], np.arange(len(layers))
    colours = [window_colour(4 if layer.fully_connected else 0) for layer in layers]
    bars = ax.barh(places, [number - LEAST for number in uses], color=colours, left=LEAST)
    for place, number in zip(places, uses, strict=True):
        ax.text(1.25 * number, float(place), grouped(number), color=INK, fontsize=SMALL, va="center")
    in_decades(ax.xaxis)
    ax.set_xlim(LEAST, 4e5)
    ax.set_yticks([])
    ax.invert_yaxis()
    ax.set_xlabel(text("linear.parameters.uses"), color=INK, fontsize=SMALL)
    plain(ax)
    return bars


def probabilities(logits: ArrayLike, temperature: float = 1.0) -> Array:
    """Return torch's softmax of the logits at that temperature."""
    from ncl_course.oracles.linear.right import Softmax

    return Softmax().forward(np.asarray(logits, dtype=np.float64) / temperature)


def jacobian(logits: ArrayLike) -> Array:
    """Return the derivatives of all probabilities by all logits, from torch; row i has those of probability i."""
    from ncl_course.oracles.linear.right import Softmax

    values, layer = np.asarray(logits, dtype=np.float64), Softmax()
    layer.forward(np.tile(values, (len(values), 1)))
    return layer.backward(np.eye(len(values)))


def draw_softmax(logits: ArrayLike, temperature: float, ax: Axes) -> BarContainer:
    """Draw the probability of each class as a bar with its number."""
    p = probabilities(logits, temperature)
    bars = ax.bar(np.arange(len(p)), p, color=[window_colour(n) for n in range(len(p))])
    for n, value in enumerate(p):
        ax.text(n, value + 0.02, numeral(f"{value:.2f}"), color=INK, fontsize=SMALL, ha="center")
    ax.set_xticks(np.arange(len(p)), [say(value) for value in np.asarray(logits, dtype=np.float64)])
    ax.set_yticks([0, 0.5, 1])
    ax.set_ylim(0, 1.1)
    ax.set_title(f"T = {say(temperature)}", color=INK, fontsize=NORMAL)
    plain(ax)
    return bars


def draw_jacobian(logits: ArrayLike, axes: Sequence[Axes]) -> list[Cells]:
    """Draw the probabilities and the Jacobian diag(p) − p·pᵀ: its diagonal in one colour, the rest in another."""
    p, table = (np.round(values, 2) + 0.0 for values in (probabilities(logits), jacobian(logits)))
    size = len(p)
    colours = {(i, k): [window_colour(2 if i == k else 1)] for i, k in np.ndindex(size, size)}
    column = {(i, 0): [window_colour(0)] for i in range(size)}
    return [
        draw_grid(p[:, None], column, "p", axes[0]),
        draw_grid(table, colours, text("linear.jacobian.table"), axes[1]),
    ]


def draw_cross_entropy(classes: int, ax: Axes) -> Line2D:
    """Draw −log p over p, with the loss of a network that has not learned anything yet."""
    p = np.linspace(0.005, 1, 400)
    (line,) = ax.plot(p, -np.log(p), color=window_colour(0), linewidth=2.5)
    ax.plot([1 / classes], [np.log(classes)], "o", color=window_colour(4), markersize=9)
    words = text("linear.cross_entropy.start", classes=classes, loss=numeral(f"{np.log(classes):.3f}"))
    ax.annotate(words, (1 / classes, np.log(classes)), (14, 4), textcoords="offset points", color=INK, fontsize=NORMAL)
    ax.set(xlim=(0, 1.02), ylim=(0, 5.4))
    ax.set_xlabel(text("linear.cross_entropy.across"), color=INK, fontsize=NORMAL)
    ax.set_ylabel(text("linear.cross_entropy.up"), color=INK, fontsize=NORMAL)
    plain(ax)
    return line
