"""The pictures of lesson 03, each as a figure that a notebook shows as the value of a cell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from ncl_course.language import text
from ncl_course.viz.linear.drawings import (
    draw_cross_entropy,
    draw_flatten,
    draw_jacobian,
    draw_linear,
    draw_parameters,
    draw_softmax,
    draw_uses,
    vgg16,
)
from ncl_course.viz.linear.network import draw_inception, draw_residual, draw_template
from ncl_course.viz.palette import INK, LARGE, SMALL
from ncl_course.viz.picture import Picture
from ncl_course.viz.spoken import grouped, listed, numeral

CELL = 0.6
"""The side of a cell, in inches."""


def show_flatten() -> Picture:
    """Show two maps of 2 × 3 and the vector of twelve numbers that they are flattened to."""
    maps = np.arange(1.0, 13).reshape(2, 2, 3)
    side = 12.24 * CELL
    picture = Picture(side + 0.3, 3.2, text("linear.flatten.alt"))
    axes = [picture.place(1.3 + 3.0 * c, 1.55, 3.24 * CELL, 2.24 * CELL - 0.1) for c in range(2)]
    axes.append(picture.place(0.15, 0.1, side, 1.24 * CELL))
    draw_flatten(maps, axes)
    return picture


def show_linear() -> Picture:
    """Show Y = A·X + b with two outputs and three inputs."""
    weight, x, bias = np.array([[1.0, 0, -2], [3, 1, 0]]), np.array([2.0, 1, 3]), np.array([5.0, -1])
    height = 3.24 * CELL
    picture = Picture(8.0, height + 0.55, text("linear.picture.alt"))
    lefts, widths = (0.1, 2.75, 4.5, 6.25), (3.24 * CELL, 1.24 * CELL, 1.24 * CELL, 1.24 * CELL)
    axes = [picture.place(left, 0.1, width, height) for left, width in zip(lefts, widths, strict=True)]
    draw_linear(weight, x, bias, axes)
    for inches, sign in ((2.4, "·"), (4.0, "+"), (5.75, "=")):
        picture.text(
            inches / 8.0, (0.1 + height / 2) / (height + 0.55), sign, color=INK, fontsize=LARGE + 6, va="center"
        )
    return picture


def show_parameters() -> Picture:
    """Show the number of parameters of each layer of VGG-16, and how often each of them is used for one image."""
    layers = vgg16()
    total = sum(layer.count for layer in layers)
    dense = sum(layer.count for layer in layers if layer.fully_connected)
    millions = {"total": numeral(f"{total / 1e6:.1f}"), "dense": numeral(f"{dense / 1e6:.1f}")}
    picture = Picture(8.8, 4.9, text("linear.parameters.alt", most=grouped(layers[0].uses), **millions))
    ax = picture.place(1.0, 0.6, 4.3, 3.8)
    draw_parameters(layers, ax)
    draw_uses(layers, picture.place(5.6, 0.6, 3.0, 3.8))
    words = text("linear.parameters.title", share=f"{100 * dense / total:.0f}", **millions)
    ax.set_title(words, color=INK, fontsize=SMALL + 1, loc="left", x=-0.16)
    return picture


def show_softmax(logits: ArrayLike, temperatures: Sequence[float] = (0.5, 1.0, 4.0)) -> Picture:
    """Show the probabilities after softmax of the logits at several temperatures."""
    width, count = 2.3, len(temperatures)
    names = listed(temperatures)
    picture = Picture((width + 0.45) * count + 0.2, 2.9, text("linear.softmax.alt", temperatures=names))
    for n, temperature in enumerate(temperatures):
        ax = picture.place(0.5 + (width + 0.45) * n, 0.65, width - 0.1, 1.8)
        draw_softmax(logits, temperature, ax)
        ax.set_xlabel(text("linear.softmax.logits"), color=INK, fontsize=SMALL)
    return picture


def show_jacobian(logits: ArrayLike) -> Picture:
    """Show the probabilities of a few logits and the Jacobian of softmax there."""
    size, cell = len(np.asarray(logits)), 0.85
    height = (size + 0.24) * cell
    picture = Picture(7.4, height + 0.6, text("linear.jacobian.alt"))
    axes = [picture.place(0.6, 0.1, 1.24 * cell, height), picture.place(3.0, 0.1, (size + 0.24) * cell, height)]
    draw_jacobian(logits, axes)
    return picture


def show_cross_entropy(classes: int = 10) -> Picture:
    """Show −log p, and the initial loss of a network with that many classes."""
    picture = Picture(6.4, 3.3, text("linear.cross_entropy.alt", classes=classes))
    draw_cross_entropy(classes, picture.place(0.75, 0.65, 5.4, 2.5))
    return picture


def show_template() -> Picture:
    """Show the lecture's template of a deep network."""
    picture = Picture(8.6, 1.95, text("linear.template.alt"))
    draw_template(picture.place(0.05, 0.05, 8.5, 1.85))
    return picture


def show_blocks() -> Picture:
    """Show a residual block and an Inception block."""
    picture = Picture(8.2, 4.0, text("linear.blocks.alt"))
    draw_residual(picture.place(0.1, 0.1, 3.0, 3.5))
    draw_inception(picture.place(3.5, 0.1, 4.6, 3.5))
    return picture
