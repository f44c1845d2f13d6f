"""The depth explorer: activations and gradients in ten layers, for any activation and scale of weights."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import StepPatch
from numpy.typing import NDArray

from ncl_course.experiments.deep_toy import LAYERS, Depth, measure_depth
from ncl_course.language import text
from ncl_course.viz.activations.figures import SHOWN_LAYERS
from ncl_course.viz.axes import framed, wipe
from ncl_course.viz.explorer import Explorer, float_slider, side_by_side, stops
from ncl_course.viz.palette import INK, OKABE_ITO, SMALL
from ncl_course.viz.picture import Picture
from ncl_course.viz.spoken import numeral, say, short

ACTIVATIONS = ("Sigmoid", "Tanh", "ReLU", "LeakyReLU", "ELU")
BINS = 30
ROOM = 1000.0
"""The power of ten from which an activation is written with one digit: two digits would not fit below a histogram."""

LOST, TOO_MUCH = 0.1, 10.0
"""A gradient that is smaller after nine layers vanishes, and a gradient that is larger explodes."""


def depth_explorer(name: str = "Sigmoid", scale: float = 1.0) -> DepthExplorer:
    """Choose an activation and the scale of the random weights, and see both passes through ten layers."""
    return DepthExplorer(name, scale)


@lru_cache(maxsize=32)
def measured(name: str, scale: float) -> Depth:
    """Return a measurement with the same noise and the same weights each time, the weights times ``scale``."""
    return measure_depth(name, scale=scale)


class DepthExplorer(Explorer):
    """The activation, and the weights' standard deviation times the square root of the layer's width."""

    def __init__(self, name: str, scale: float) -> None:
        self.name = stops(text("activations.activation_explorer.name"), [(one, one) for one in ACTIVATIONS], name)
        self.scale = float_slider(text("activations.depth_explorer.scale"), scale, 0.5, 4.0, 0.1)
        picture = Picture(9.0, 2.5, "")
        self.axes = [picture.place(0.25 + 1.52 * n, 0.4, 1.25, 1.65) for n in range(len(SHOWN_LAYERS))]
        self.right = picture.place(6.65, 0.4, 2.2, 1.65)
        for ax, layer in zip(self.axes, SHOWN_LAYERS, strict=True):
            framed(ax, text("activations.depth_explorer.layer", layer=layer))
            ax.set_yticks([])
        prepare_gradients(self.right)
        super().__init__(picture, (self.name, self.scale), side_by_side((self.name,), (self.scale,)))

    def draw(self) -> str:
        """Draw four of the layers as histograms, and the gradient in all of them."""
        depth = measured(self.name.value, round(self.scale.value, 1))
        for ax in (*self.axes, self.right):
            wipe(ax)
        for ax, layer in zip(self.axes, SHOWN_LAYERS, strict=True):
            draw_spread(depth.activations[layer - 1], ax)
        draw_gradients(depth.gradients, self.right)
        return depth_in_words(self.name.value, self.scale.value, depth)


def prepare_gradients(ax: Axes) -> None:
    """Prepare axes for lengths of gradients over layers, on a fixed logarithmic scale."""
    framed(ax, text("activations.depth.gradient"))
    ax.title.set_fontsize(SMALL)
    ax.set(xlim=(0.5, LAYERS + 0.5), ylim=(-9, 6))
    ax.set_xticks([1, 4, 7, 10])
    ax.set_yticks([-8, -4, 0, 4], ["10⁻⁸", "10⁻⁴", "1", "10⁴"])


def draw_spread(values: NDArray[np.float64], ax: Axes) -> StepPatch:
    """Draw a histogram of activations, with the smallest and the largest of them written below it."""
    counts, edges = np.histogram(values, bins=BINS)
    low, high = float(edges[0]), float(edges[-1])
    steps = ax.stairs(counts, np.linspace(0, 1, BINS + 1), fill=True, color=OKABE_ITO[0])
    ax.set(xlim=(-0.05, 1.05), ylim=(0, counts.max() * 1.05))
    ends = [say(float(f"{end:.{2 if abs(end) < ROOM else 1}g}")) for end in (low, high)]
    left, right = ax.set_xticks([0, 1], ends)
    left.label1.set_horizontalalignment("left")
    right.label1.set_horizontalalignment("right")
    return steps


def draw_gradients(lengths: NDArray[np.float64], ax: Axes) -> list[Line2D]:
    """Draw the powers of ten of the gradient's length in each layer, relative to the top layer, on prepared axes."""
    ax.axhline(0, color=INK, linewidth=0.8)
    powers = np.log10(lengths / lengths[-1])
    return ax.plot(np.arange(1, LAYERS + 1), powers, "o-", color=OKABE_ITO[4], linewidth=2, markersize=5)


def depth_in_words(name: str, scale: float, depth: Depth) -> str:
    """Describe the spread of the last layer's activations and the fate of the gradient."""
    last, ratio = depth.activations[-1], float(depth.gradients[0] / depth.gradients[-1])
    spread = {"mean": short(float(last.mean())), "std": short(float(last.std()))}
    fate = "vanishes" if ratio < LOST else "explodes" if ratio > TOO_MUCH else "arrives"
    said = text("activations.depth_explorer.spread", name=name, scale=numeral(f"{scale:.1f}"), **spread)
    return f"{said} {text(f'activations.depth_explorer.{fate}', ratio=short(ratio))}"
