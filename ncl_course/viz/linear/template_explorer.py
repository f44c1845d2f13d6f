"""The template explorer: the lecture's template of a deep network with numbers put in, and all its volumes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log2, sqrt
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch
from matplotlib.text import Text
from numpy.typing import NDArray

from ncl_course.language import text
from ncl_course.nn import CNNConfig
from ncl_course.viz.axes import wipe
from ncl_course.viz.boxes import draw_box
from ncl_course.viz.explorer import Explorer, choice, side_by_side, slider
from ncl_course.viz.linear.network import colour_of, draw_repeat
from ncl_course.viz.linear.template_network import blocks_of, dense_counts, network, window
from ncl_course.viz.palette import INK, SMALL, tint
from ncl_course.viz.picture import Picture
from ncl_course.viz.spoken import grouped, percentage

Array = NDArray[np.float64]
Point = tuple[float, float]

MOST = {"convs": 3, "blocks": 5, "dense": 3}
"""The largest N, M and K of the sliders."""

HEADINGS, CENTRE, GAP = 0.9, 1.33, 0.035
"""In inches: the width of the rows' headings, the height of the volumes' middle, the gap between two in a block."""

ROWS = {"maps": 0.6, "size": 0.36, "count": 0.12}
"""The rows of numbers below the volumes, and their heights in inches."""


def template_explorer(convs: int = 2, blocks: int = 3, dense: int = 1) -> TemplateExplorer:
    """Choose N, M, K and whether to pool, and see the resulting network."""
    return TemplateExplorer(convs, blocks, dense)


class TemplateExplorer(Explorer):
    """The template's three numbers and its question mark."""

    def __init__(self, convs: int, blocks: int, dense: int) -> None:
        names = {name: text(f"linear.template_explorer.{name}") for name in MOST}
        self.convs = slider(names["convs"], convs, 1, MOST["convs"])
        self.blocks = slider(names["blocks"], blocks, 1, MOST["blocks"])
        self.dense = slider(names["dense"], dense, 0, MOST["dense"])
        kinds = [(text(f"linear.template_explorer.{key}"), key == "with") for key in ("with", "without")]
        self.pool = choice("POOL?", kinds)
        self.pool.style.button_width = "9.5em"
        picture = Picture(8.8, 3.05, "")
        self.chain, self.volumes = picture.place(0.05, 1.95, 8.7, 1.1), picture.place(0, 0, 8.8, 1.95)
        self.chain.set(xlim=(-0.6, 10.95), ylim=(-1.05, 1.6))
        self.volumes.set(xlim=(0, 8.8), ylim=(0, 1.95))
        for ax in (self.chain, self.volumes):
            ax.set_axis_off()
        controls = (self.convs, self.blocks, self.dense, self.pool)
        super().__init__(picture, controls, side_by_side(controls[:2], controls[2:]))

    def draw(self) -> str:
        """Draw the template with its numbers above, and below it each volume of the network."""
        config = network(self.convs.value, self.blocks.value, self.dense.value, pool=self.pool.value)
        for ax in (self.chain, self.volumes):
            wipe(ax)
        draw_chain(config, self.chain)
        draw_volumes(config, self.volumes)
        return network_in_words(config)


def draw_chain(config: CNNConfig, ax: Axes) -> list[FancyBboxPatch]:
    """Draw the template with its numbers put in, and the FC layer of the logits; a dashed box is left out."""
    places = (0.0, 1.65, 2.95, 4.45, 6.2, 7.5, 9.0, 10.35)
    words = ("INPUT", "CONV", "RELU", "POOL?", "FC", "RELU", "FC", "Softmax")
    there = (True, True, True, config.pool, bool(config.hidden), bool(config.hidden), True, True)
    boxes = [draw_box(ax, (x, 0), word.rstrip("?"), colour_of(word)) for x, word in zip(places, words, strict=True)]
    for box, said, kept in zip(boxes, ax.texts[-len(boxes) :], there, strict=True):
        if not kept:
            box.set(facecolor="none", edgecolor=INK, linestyle=(0, (3, 3)))
            said.set_color(INK)
    draw_arrows([(left + 0.5, right - 0.5) for left, right in pairwise(places)], ax)
    draw_repeat(ax, 1.02, 3.58, 0.9, f"× {config.convs}")
    draw_repeat(ax, 0.88, 5.12, 2.0, f"× {len(config.filters)}")
    draw_repeat(ax, 5.56, 8.14, 0.9, f"× {len(config.hidden)}")
    return boxes


def draw_arrows(ends: Sequence[tuple[float, float]], ax: Axes) -> list[Artist]:
    """Draw arrows along the line of the boxes, all of them as two artists, which is quicker than one artist each."""
    shafts = LineCollection([[(start, 0), (end, 0)] for start, end in ends], colors=INK, linewidths=1.6)
    heads = Line2D([end - 0.06 for _, end in ends], [0] * len(ends), linestyle="", marker=">", markersize=6, color=INK)
    return [ax.add_artist(shafts), ax.add_artist(heads)]


@dataclass(frozen=True)
class Column:
    """Volumes side by side, each with its layer, width and height, and the numbers written below them."""

    slabs: Sequence[tuple[str, float, float]]
    gap: float
    room: float
    words: Mapping[str, str]
    count: int = 0

    def corners(self, middle: float) -> list[list[Point]]:
        """Return the corners of each volume in inches, with the column centred there."""
        wide = sum(width for _, width, _ in self.slabs) + self.gap * (len(self.slabs) - 1)
        left, placed = middle - wide / 2, []
        for _, width, height in self.slabs:
            low, high, right = CENTRE - height / 2, CENTRE + height / 2, left + width
            placed.append([(left, low), (right, low), (right, high), (left, high)])
            left = right + self.gap
        return placed


def columns_of(config: CNNConfig) -> list[Column]:
    """Return the input, the blocks and the fully connected layers as columns of the picture."""
    side, blocks = config.image_size, blocks_of(config)
    words = {"maps": str(config.in_channels), "size": f"{side}×{side}"}
    columns = [Column([slab("INPUT", config.in_channels, side)], 0, 0.54, words)]
    for block in blocks:
        slabs = [slab("CONV", block.maps, block.side)] * config.convs + [slab("POOL?", block.maps, block.end)]
        words = {"maps": str(block.maps), "size": f"{block.end}×{block.end}", "count": grouped(block.count)}
        room = max(0.7, (config.convs + 1) * (slabs[0][1] + GAP) + 0.1)
        columns.append(Column(slabs if config.pool else slabs[:-1], GAP, room, words, block.count))
    inputs = blocks[-1].values
    for number, (size, count) in enumerate(dense_counts(config)):
        first, last = number == 0, number == len(config.hidden)
        bars = [bar("INPUT", inputs)] * first + [bar("FC", size)] + [bar("Softmax", size)] * last
        words = {"size": f"{grouped(inputs)} → {size}" if first else str(size), "count": grouped(count)}
        columns.append(Column(bars, 0.16, 1.24 if first else 0.5 if last else 0.62, words, count))
    return columns


def slab(word: str, maps: int, side: int) -> tuple[str, float, float]:
    """Return maps seen from the side: their height is the maps' side, their width the square root of their number."""
    return word, 0.016 * sqrt(maps), 0.035 * side


def bar(word: str, size: int) -> tuple[str, float, float]:
    """Return a vector, whose height grows with the logarithm of its length."""
    return word, 0.09, 0.06 * log2(size)


def draw_volumes(config: CNNConfig, ax: Axes) -> tuple[PolyCollection, dict[str, list[Text]]]:
    """Draw every volume of the network on axes in inches, and numbers below; the largest number of parameters is bold.

    Returns:
        The volumes from left to right, and the numbers of each row.
    """
    columns = columns_of(config)
    ends = np.cumsum([HEADINGS, *(column.room for column in columns)])
    middles = (ends[1:] + ends[:-1]) / 2
    colours = [colour_of(word) for column in columns for word, _, _ in column.slabs]
    corners = [one for column, middle in zip(columns, middles, strict=True) for one in column.corners(middle)]
    volumes = PolyCollection(corners, facecolors=[tint(colour) for colour in colours], edgecolors=colours)
    ax.add_collection(volumes, autolim=False)
    most = max(column.count for column in columns)
    said = {row: draw_row(row, columns, middles, most, ax) for row in ROWS}
    return volumes, said


def draw_row(row: str, columns: Sequence[Column], middles: Array, most: int, ax: Axes) -> list[Text]:
    """Write one row of numbers after its heading, and return the numbers."""
    style: dict[str, Any] = {"color": INK, "fontsize": SMALL, "va": "center_baseline"}
    ax.text(0.06, ROWS[row], text(f"linear.template_explorer.{row}"), **style)
    said = []
    for column, x in zip(columns, middles, strict=True):
        if word := column.words.get(row):
            weight = "bold" if row == "count" and column.count == most else "normal"
            said.append(ax.text(x, ROWS[row], word, ha="center", fontweight=weight, **style))
    return said


def network_in_words(config: CNNConfig) -> str:
    """Say how many layers and parameters there are, how many are in FC layers, and the size of the receptive field."""
    blocks, dense = blocks_of(config), dense_counts(config)
    last, side = blocks[-1], window(config)
    in_dense = sum(count for _, count in dense)
    total = in_dense + sum(block.count for block in blocks)
    reach = "beyond" if side > config.image_size else "within"
    return text(
        "linear.template_explorer.said",
        N=config.convs,
        M=len(config.filters),
        K=len(config.hidden),
        layers=config.convs * len(blocks) + len(dense),
        convolutions=config.convs * len(blocks),
        dense=len(dense),
        volume=f"{last.maps}×{last.end}×{last.end}",
        inputs=grouped(last.values),
        total=grouped(total),
        in_dense=grouped(in_dense),
        share=percent(in_dense / total),
        window=text(f"linear.template_explorer.{reach}", side=side),
    )


def percent(share: float) -> str:
    """Return a share with a tenth of a per cent; a share just below 100 % is not rounded up to it."""
    return percentage("> 99.9" if share > 0.9995 else f"{100 * share:.1f}")
