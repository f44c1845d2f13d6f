"""The dying explorer: one neuron in training, step by step; too large a first step takes all samples below 0."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import ipywidgets as widgets
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.legend_handler import HandlerTuple
from matplotlib.lines import Line2D

from ncl_course.experiments.deep_toy import POINTS, Training, train_one_neuron
from ncl_course.language import text
from ncl_course.viz.axes import framed, legend, wipe
from ncl_course.viz.explorer import Explorer, float_slider, side_by_side, slider
from ncl_course.viz.palette import INK, OKABE_ITO
from ncl_course.viz.picture import Picture
from ncl_course.viz.slider import Play
from ncl_course.viz.spoken import numeral, say, short

STEPS = 40
CALM = 0.3
"""The learning rate of every step except the first."""

ABOVE, BELOW, ANSWER = OKABE_ITO[0], OKABE_ITO[4], OKABE_ITO[2]


def dying_explorer(alpha: float = 0.0, rate: float = 1.0) -> DyingExplorer:
    """Train one neuron with a first step of any size, and see whether it survives; ``alpha`` is its leak."""
    return DyingExplorer(alpha, rate)


@lru_cache(maxsize=32)
def trained(alpha: float, rate: float) -> Training:
    """Return the neuron's whole training, through which a slider moves."""
    return train_one_neuron(alpha, rate, CALM, STEPS + 1)


class DyingExplorer(Explorer):
    """The leak, the learning rate of the first step, and the step to look at."""

    def __init__(self, alpha: float, rate: float) -> None:
        self.alpha = float_slider(text("activations.dying_explorer.alpha"), alpha, 0.0, 0.3, 0.05)
        self.rate = float_slider(text("activations.dying_explorer.rate"), rate, 0.1, 1.5, 0.1)
        self.step = slider(text("activations.dying_explorer.step"), 1, 0, STEPS)
        tooltip = text("activations.dying_explorer.play")
        self.play = Play(value=1, max=STEPS, interval=400, tooltip=tooltip)
        self.link = widgets.jslink((self.play, "value"), (self.step, "value"))
        controls = (self.alpha, self.rate, self.step)
        walk = widgets.HBox([self.step, self.play])
        super().__init__(self._make_picture(), controls, side_by_side(controls[:2], (walk,)))

    def _make_picture(self) -> Picture:
        picture = Picture(8.6, 2.6, "")
        self.left, self.right = picture.place(0.5, 0.35, 4.3, 1.75), picture.place(5.5, 0.35, 2.9, 1.75)
        framed(self.left, "")
        framed(self.right, text("activations.dying_explorer.loss"))
        self.left.set(xlim=(-0.03, 1.03), ylim=(-1.3, 1.5), xticks=(0, 0.5, 1))
        self.right.set(xlim=(-1, STEPS + 1), ylim=(-0.02, 0.8), xticks=(0, 10, 20, 30, 40), yticks=(0, 0.4, 0.8))
        draw_key(picture)
        return picture

    def draw(self) -> str:
        """Draw the neuron before the step of the slider, and the loss with that step marked."""
        alpha, step = round(self.alpha.value, 2), self.step.value
        training = trained(alpha, round(self.rate.value, 1))
        for ax in (self.left, self.right):
            wipe(ax)
        draw_neuron(training, alpha, step, self.left)
        self.right.plot(training.losses, color=INK, linewidth=2)
        self.right.plot([step], training.losses[step], "o", color=OKABE_ITO[4], markersize=9)
        return neuron_in_words(training, alpha, step)


def draw_key(picture: Picture) -> None:
    """Write above the picture what the dots and the lines mean."""
    high = Line2D([], [], color=ABOVE, marker="o", linestyle="")
    low = Line2D([], [], color=BELOW, marker="o", markerfacecolor="none", linestyle="")
    answer, wanted = Line2D([], [], linewidth=2, color=ANSWER), Line2D([], [], linewidth=2, color=INK, linestyle=":")
    words = [text(f"activations.dying_explorer.{key}") for key in ("before", "answer", "wanted")]
    where: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (0.0, 1.02), "ncols": 3, "columnspacing": 1.0}
    both = {tuple: HandlerTuple(ndivide=None)}
    legend(picture, [(high, low), answer, wanted], words, handler_map=both, handletextpad=0.5, **where)


def draw_neuron(training: Training, alpha: float, step: int, ax: Axes) -> list[Artist]:
    """Draw wx + b of each sample, blue above 0 and hollow below, the neuron's answer, and the right answer."""
    from ncl_course.oracles.activations.right import LeakyReLU

    w, b = training.lines[step]
    before = w * POINTS + b
    ax.axhline(0, color=INK, linewidth=0.8)
    ax.plot(POINTS, POINTS, color=INK, linewidth=2, linestyle=":")
    answer = ax.plot(POINTS, LeakyReLU(alpha).forward(before), color=ANSWER, linewidth=2.4)
    high = before > 0
    up = ax.plot(POINTS[high], before[high], "o", color=ABOVE, markersize=6)
    down = ax.plot(POINTS[~high], before[~high], "o", color=BELOW, markersize=6, markerfacecolor="none")
    return [*up, *down, *answer]


def neuron_in_words(training: Training, alpha: float, step: int) -> str:
    """Say how many samples the neuron answers, and what gradient remains: none if a ReLU answers no sample."""
    w, b = (say(round(float(value), 3)) for value in training.lines[step])
    length = float(np.linalg.norm(training.gradients[step]))
    active = round(float(training.active[step]) * len(POINTS))
    key = "alive" if active else "leaky" if alpha else "dead"
    loss = numeral(f"{training.losses[step]:.3f}")
    values = {"step": step, "w": w, "b": b, "active": active, "loss": loss, "length": short(length)}
    return text(f"activations.dying_explorer.{key}", **values)
