"""The pictures of the lesson on activations, each as a figure that a notebook shows as the value of a cell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from ncl_course.data.photo import sample_photo
from ncl_course.experiments.deep_toy import LAYERS, Training, fold, measure_depth, train_one_neuron
from ncl_course.language import text
from ncl_course.viz.activations.curves import FORMULAS, draw_activation, draw_family, draw_tanh_from_sigmoid
from ncl_course.viz.axes import framed, legend
from ncl_course.viz.cells import cell_points, draw_cells, fit, write
from ncl_course.viz.palette import INK, NORMAL, OKABE_ITO, SMALL, WITH, WITHOUT
from ncl_course.viz.photo import draw_image, edge_map
from ncl_course.viz.picture import Picture
from ncl_course.viz.spoken import listed, say

DEEP = ("Sigmoid", "Tanh", "ReLU")
SHOWN_LAYERS = (1, 4, 7, 10)


def grid(picture: Picture, rows: int, cols: int, cell: tuple[float, float], top: float = 0.45) -> list[Axes]:
    """Return axes of ``cell`` inches in rows and columns, from the top left, with room for titles and ticks."""
    width, height = cell
    lefts = [0.5 + c * (width + 0.5) for c in range(cols)]
    bottoms = [0.45 + (rows - 1 - r) * (height + 0.35 + top) for r in range(rows)]
    return [picture.place(left, bottom, width, height) for bottom in bottoms for left in lefts]


def grid_size(rows: int, cols: int, cell: tuple[float, float], top: float = 0.45) -> tuple[float, float]:
    """Return the width and the height in inches of a picture with such a grid."""
    return 0.5 + cols * (cell[0] + 0.5) - 0.3, 0.1 + rows * (cell[1] + 0.35 + top)


def show_activations() -> Picture:
    """Show six activations, each with its derivative."""
    cell = (2.55, 1.75)
    width, height = grid_size(2, 3, cell)
    picture = Picture(width, height + 0.35, text("activations.picture.alt"))
    axes = grid(picture, 2, 3, cell)
    for name, ax in zip(FORMULAS, axes, strict=True):
        lines = draw_activation(name, ax)
    legend(picture, handles=lines, loc="upper center", ncols=2, fontsize=NORMAL)
    return picture


def show_family(name: str, alphas: Sequence[float]) -> Picture:
    """Show an activation and its derivative for several alphas."""
    cell = (3.6, 2.3)
    alt = text("activations.family.alt", name=name, alphas=listed(alphas))
    picture = Picture(*grid_size(1, 2, cell), alt)
    draw_family(name, alphas, *grid(picture, 1, 2, cell))
    return picture


def show_tanh_from_sigmoid() -> Picture:
    """Show how a sigmoid becomes a tanh."""
    picture = Picture(6.0, 2.9, text("activations.tanh.alt"))
    draw_tanh_from_sigmoid(picture.place(0.5, 0.4, 5.3, 2.3))
    return picture


def show_edges(photo: ArrayLike | None = None) -> Picture:
    """Show a photograph (H, W, 3), a filter's answer to its edges, and that answer after a ReLU."""
    from ncl_course.oracles.activations.right import ReLU

    image = sample_photo() if photo is None else np.asarray(photo, dtype=np.float64)
    answer = edge_map(image)
    kept = ReLU().forward(answer)
    width, height = 2.9, 2.9 * answer.shape[0] / answer.shape[1]
    picture = Picture(3 * (width + 0.15) + 0.05, height + 0.5, text("activations.edges.alt"))
    panels = [picture.place(0.1 + (width + 0.15) * n, 0.1, width, height) for n in range(3)]
    draw_image(image, panels[0], "pooling.photo.original")
    for ax, values, key in ((panels[1], answer, "filter"), (panels[2], kept, "relu")):
        ax.imshow(values, cmap="PuOr", vmin=-0.6, vmax=0.6, aspect="auto")
        ax.set_axis_off()
        ax.set_title(text(f"activations.edges.{key}"), color=INK, fontsize=NORMAL)
    return picture


def show_folds(depths: Sequence[int] = (1, 2, 3)) -> Picture:
    """Show a line after the same layers, with and without a ReLU in each layer."""
    cell = (2.4, 1.6)
    width, height = grid_size(1, len(depths), cell)
    picture = Picture(width, height + 0.35, text("activations.folds.alt"))
    x = np.linspace(0, 1, 513)
    for depth, ax in zip(depths, grid(picture, 1, len(depths), cell), strict=True):
        ax.plot(x, fold(x, depth), color=WITH, linewidth=2.2, label=text("activations.folds.with"))
        straight = fold(x, depth, bent=False)
        ax.plot(x, straight, color=WITHOUT, linewidth=2, linestyle="--", label=text("activations.folds.without"))
        ax.set(xlim=(0, 1), ylim=(-0.1, 1.85))
        framed(ax, text("activations.folds.title", depth=depth))
    lines = picture.axes[0].lines
    legend(picture, handles=lines, loc="upper center", ncols=2, fontsize=NORMAL)
    return picture


def show_gate(x: ArrayLike, grad_out: ArrayLike) -> Picture:
    """Show numbers, the numbers after a ReLU, the upstream gradient, and the part of it that passes."""
    from ncl_course.oracles.activations.right import ReLU

    given, above = np.asarray(x, dtype=np.float64), np.asarray(grad_out, dtype=np.float64)
    layer = ReLU()
    rows = np.array([given, layer.forward(given), above, layer.backward(above)])
    cell = 0.62
    alt = text("activations.gate.alt", **{k: " ".join(map(say, row)) for k, row in zip("abcd", rows, strict=True)})
    picture = Picture(1.7 + len(given) * cell, 4 * cell + 0.3, alt)
    ax = picture.place(1.5, 0.1, (len(given) + 0.24) * cell, 4.24 * cell)
    fit(ax, rows.shape)
    open_gates = {(r, c): [OKABE_ITO[2]] for r in range(4) for c in np.flatnonzero(given > 0)}
    write(ax, draw_cells(ax, rows.shape, open_gates), rows)  # type: ignore[arg-type]
    for row, name in enumerate(("x", "ReLU(x)", "grad_out", "dx")):
        ax.text(-0.2, row + 0.5, name, color=INK, fontsize=min(NORMAL, 0.4 * cell_points(ax)), ha="right", va="center")
    return picture


def show_depth() -> Picture:
    """Show the activations of ten layers as histograms, and the length of the gradient in each layer."""
    cell = (1.75, 0.95)
    width, height = grid_size(len(DEEP), len(SHOWN_LAYERS), cell, 0.2)
    picture = Picture(width + 3.3, height + 0.15, text("activations.depth.alt"))
    axes = grid(picture, len(DEEP), len(SHOWN_LAYERS), cell, 0.2)
    right = picture.place(width + 0.45, 0.6, 2.6, height - 0.85)
    for row, name in enumerate(DEEP):
        measured = measure_depth(name)
        for column, layer in enumerate(SHOWN_LAYERS):
            ax = axes[row * len(SHOWN_LAYERS) + column]
            ax.hist(measured.activations[layer - 1].ravel(), bins=40, color=OKABE_ITO[row], density=True)
            framed(ax, text("activations.depth.layer", name=name, layer=layer))
            ax.title.set_fontsize(SMALL)
            ax.set_yticks([])
        lengths = measured.gradients / measured.gradients[-1]
        right.semilogy(np.arange(1, LAYERS + 1), lengths, "o-", color=OKABE_ITO[row], linewidth=2, label=name)
    framed(right, text("activations.depth.gradient"))
    right.set_xlabel(text("activations.depth.axis"), color=INK, fontsize=SMALL)
    right.minorticks_off()
    legend(right, loc="lower right")
    return picture


def show_dying(rate: float = 1.0, calm: float = 0.3) -> Picture:
    """Show one neuron that a single large step has killed, and a leaky neuron that recovers."""
    cell = (3.6, 2.2)
    picture = Picture(*grid_size(1, 2, cell), text("activations.dying.alt"))
    left, right = grid(picture, 1, 2, cell)
    runs: tuple[tuple[str, Training], ...] = (
        ("ReLU", train_one_neuron(0.0, rate, calm)),
        (f"LeakyReLU, alpha = {say(0.1)}", train_one_neuron(0.1, rate, calm)),
    )
    for (name, run), colour, style in zip(runs, OKABE_ITO[::4], ("-", "--"), strict=False):
        left.plot(run.losses, style, color=colour, linewidth=2.2, label=name)
        right.plot(100 * run.active, style, color=colour, linewidth=2.2, label=name)
    framed(left, text("activations.dying.loss"))
    framed(right, text("activations.dying.active"))
    for ax in (left, right):
        ax.set_xlabel(text("activations.dying.step"), color=INK, fontsize=SMALL, labelpad=1)
        ax.set_ylim(bottom=-0.02 * ax.get_ylim()[1])
    legend(left, loc="center right")
    return picture
