"""Softmax beside the sigmoid: the probabilities of two and of three classes while one logit moves."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from ncl_course.language import text
from ncl_course.viz.axes import framed, legend
from ncl_course.viz.linear.drawings import probabilities
from ncl_course.viz.palette import INK, SMALL, window_colour
from ncl_course.viz.picture import Picture

Z = np.linspace(-5, 5, 101)


def show_sigmoid_as_softmax() -> Picture:
    """Show softmax of the logits z and 0, which is the sigmoid of z, and softmax of z, 0 and 0."""
    picture = Picture(8.6, 3.1, text("linear.two_classes.alt"))
    for n, classes in enumerate((2, 3)):
        ax = picture.place(0.5 + 4.25 * n, 0.55, 3.7, 2.1)
        draw_moving_logit(classes, ax)
    return picture


def draw_moving_logit(classes: int, ax: Axes) -> list[Line2D]:
    """Draw the probabilities of that many classes over the first logit, z, while all others are 0."""
    logits = np.zeros((len(Z), classes))
    logits[:, 0] = Z
    p = probabilities(logits)
    same = "p₂" if classes == 2 else "p₂ = p₃"
    lines = [
        ax.plot(Z, p[:, 0], color=window_colour(0), linewidth=3.2, label="p₁")[0],
        ax.plot(Z, p[:, 1], color=window_colour(4), linewidth=2, linestyle="--", label=same)[0],
        ax.plot(Z[::5], 1 / (1 + np.exp(-Z[::5])), "o", color=INK, markersize=4, label="σ(z)")[0],
    ]
    ax.set(xlim=(-5, 5), ylim=(-0.03, 1.03), xticks=(-4, 0, 4), yticks=(0, 0.5, 1))
    framed(ax, text(f"linear.two_classes.title{classes}"))
    ax.set_xlabel("z", color=INK, fontsize=SMALL, labelpad=0)
    legend(ax, loc="center right")
    return lines
