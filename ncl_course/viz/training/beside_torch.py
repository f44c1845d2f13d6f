"""A student's training beside torch's: two loss curves that should coincide, and the difference of the weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from ncl_course.language import text
from ncl_course.viz.axes import headed, legend
from ncl_course.viz.palette import INK, OKABE_ITO, SMALL
from ncl_course.viz.picture import Picture

BLUE, ORANGE, GREEN = OKABE_ITO[:3]
ROUNDING = 1e-17
"""The drawn value of a difference of exactly 0, which a logarithmic scale cannot show."""

ALLOWED = 1e-9
"""The largest difference that the check accepts after 20 steps, for weights of at most 1."""


def show_beside_torch(
    build: Callable[..., Any], train_step: Callable[..., Any], layers: Any, steps: int = 20
) -> Picture:
    """Train a small network on digits with the student's pieces and with torch, in float64, and show both.

    Args:
        build: the student's ``build_cnn``.
        train_step: the student's ``train_step``.
        layers: an object with the student's ``CrossEntropyLoss``.
        steps: the number of steps.
    """
    from ncl_course.experiments.beside_torch import beside_torch

    run = beside_torch(build, train_step, layers.CrossEntropyLoss(), steps)
    picture = Picture(8.2, 4.3, text("training.beside_torch.alt", steps=steps))
    above, below = picture.place(0.85, 2.45, 7.1, 1.5), picture.place(0.85, 0.5, 7.1, 1.3)
    draw_beside_torch(run.own, run.torch, run.differences, above, below)
    return picture


def draw_beside_torch(
    own: Sequence[float], torch: Sequence[float], differences: Sequence[float], above: Axes, below: Axes
) -> tuple[Line2D, Line2D, Line2D]:
    """Draw both losses on top of each other, and below them the largest difference of two weights after each step.

    Torch's losses are a broad pale line, so that the student's thin dark line is visible on it.

    Raises:
        ValueError: the three do not have one value for each step.
    """
    if not len(own) == len(torch) == len(differences) or not own:
        counts = {"own": len(own), "torch": len(torch), "differences": len(differences)}
        raise ValueError(text("training.beside_torch.shape", **counts))
    steps = np.arange(1, len(own) + 1)
    (theirs,) = above.plot(
        steps, torch, color=ORANGE, linewidth=7, alpha=0.6, label=text("training.beside_torch.torch")
    )
    (ours,) = above.plot(
        steps, own, "o-", color=BLUE, linewidth=1.5, markersize=4, label=text("training.beside_torch.own")
    )
    headed(above, text("training.beside_torch.loss"))
    above.set_ylim(bottom=0)
    legend(above, loc="upper right")
    (apart,) = below.semilogy(steps, np.maximum(differences, ROUNDING), "o-", color=GREEN, linewidth=1.5, markersize=4)
    headed(below, text("training.beside_torch.difference"))
    below.set_ylim(ROUNDING, 10 ** max(0, np.ceil(np.log10(max([1e-17, *np.nan_to_num(differences)])))))
    below.set_xlabel(text("training.beside_torch.step"), color=INK, fontsize=SMALL, labelpad=1)
    below.axhline(ALLOWED, color=INK, linewidth=1, linestyle="--")
    below.text(0.7, ALLOWED * 3, text("training.beside_torch.allowed"), color=INK, fontsize=SMALL - 1, va="bottom")
    for ax in (above, below):
        ax.set_xlim(0.5, len(own) + 0.5)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    return ours, theirs, apart
