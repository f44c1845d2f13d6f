"""Batch normalization in pictures: each step of one map, the gradient, the lecture's table."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch
from matplotlib.text import Text
from numpy.typing import ArrayLike, NDArray

from ncl_course.experiments.claims import LECTURE
from ncl_course.language import text
from ncl_course.viz.axes import plain, title
from ncl_course.viz.cells import Cells, draw_cells, fit, write
from ncl_course.viz.normalization.normalized import BETA, EPS, GAMMA, PENCIL, normalized
from ncl_course.viz.palette import INK, NORMAL, OKABE_ITO, SMALL, TEXT, WITH, WITHOUT, tint
from ncl_course.viz.picture import Picture
from ncl_course.viz.spoken import numeral
from ncl_course.viz.students_code import tried

BLUE, ORANGE, GREEN, PINK, RED = OKABE_ITO[:5]

CELL = 0.62


# ---- one map on its way ------------------------------------------------------------------------------------------


def draw_row(values: NDArray[Any], name: str, colour: str, ax: Axes) -> Cells:
    """Draw the four numbers of a map in a column, two samples of two."""
    fit(ax, (4, 1))
    ax.set_axis_off()
    cells = draw_cells(ax, (4, 1), {(i, 0): [colour] for i in range(4)})
    write(ax, cells, values.reshape(4, 1))
    title(ax, name)
    return cells


def show_normalized_map() -> Picture:
    """Show the pencil example's map in each step: the input, centred, divided by its root, scaled and shifted."""
    seen = normalized(PENCIL, GAMMA, BETA, EPS)
    columns = ((seen.x, "X"), (seen.x - seen.x.mean(), "X − μ"), (seen.x_hat, "X̂"), (seen.y, "Y"))
    picture = Picture(8.2, 4 * CELL + 1.0, text("normalization.batchnorm.map_alt"))
    for place, (values, name) in enumerate(columns):
        draw_row(values, name, OKABE_ITO[place], picture.place(0.25 + 2.15 * place, 0.35, 1.2, 4 * CELL))
        if place:
            picture.text(
                (0.25 + 2.15 * place - 0.47) / 8.2,
                0.5,
                text(f"normalization.batchnorm.map_{place}"),
                color=INK,
                fontsize=SMALL,
                ha="center",
                va="center",
            )
    picture.text(
        0.5, 0.02, text("normalization.batchnorm.map_note"), color=INK, fontsize=SMALL, ha="center", va="bottom"
    )
    return picture


# ---- the pencil's gradient ---------------------------------------------------------------------------------------


def pencil_steps() -> dict[str, NDArray[Any]]:
    """Return the intermediate results of the pencil example, as in the lesson's text."""
    return {
        "x_hat": np.array([-1, -1 / 3, 1 / 3, 1]),
        "d_x_hat": np.array([27.0, 0, 0, 0]),
        "d_var": np.array(1.5),
        "d_mean": np.array(-9.0),
        "dx": np.array([4.5, -3, -1.5, 0]),
    }


def state_of(answer: ArrayLike | None, right: NDArray[Any]) -> str:
    """Return ``missing``, ``right`` or ``wrong`` for any value that a student has put there."""

    def is_close() -> bool:
        given = np.asarray(answer, dtype=np.float64)
        return given.size == right.size and np.allclose(given.ravel(), right.ravel(), atol=0.006)

    return "missing" if answer is None else "right" if tried(is_close).value else "wrong"


def show_batchnorm_steps(**answers: ArrayLike | None) -> Picture:
    """Say whether each intermediate result of the pencil example's gradient is right.

    Args:
        answers: ``x_hat``, ``d_x_hat``, ``d_var``, ``d_mean``, ``dx``; None stands for a missing answer.
    """
    states = {name: state_of(answers.get(name), right) for name, right in pencil_steps().items()}
    alt = "; ".join(f"{name}: {text('normalization.batchnorm.steps_' + state)}" for name, state in states.items())
    picture = Picture(8.2, 1.15, alt)
    draw_steps(states, picture.place(0, 0, 8.2, 1.15))
    return picture


def draw_steps(states: dict[str, str], ax: Axes) -> list[Text]:
    """Draw a box for each result with its name and its state."""
    names = {"x_hat": "x̂", "d_x_hat": "dx̂", "d_var": "dσ²", "d_mean": "dμ", "dx": "dx"}
    colours = {"missing": "#9a9a96", "right": GREEN, "wrong": RED}
    ax.set(xlim=(0, 8.2), ylim=(0, 1.15))
    ax.set_axis_off()
    words = []
    for place, (name, state) in enumerate(states.items()):
        left = 0.1 + 1.62 * place
        box = FancyBboxPatch((left, 0.15), 1.5, 0.85, boxstyle="round,pad=0,rounding_size=0.1")
        box.set(facecolor=tint(colours[state]), edgecolor=INK, linewidth=0.8)
        ax.add_artist(box)
        ax.text(left + 0.75, 0.76, names[name], ha="center", va="center", color=TEXT, fontsize=NORMAL)
        said = text("normalization.batchnorm.steps_" + state)
        words.append(ax.text(left + 0.75, 0.38, said, ha="center", va="center", color=TEXT, fontsize=SMALL))
    return words


# ---- paths and the table -------------------------------------------------------------------------------------------

BOXES = {"X": (0.7, 1.5), "μ": (2.7, 2.5), "σ²": (4.0, 0.5), "X̂": (5.6, 1.5), "Y": (7.5, 1.5)}
"""The places of the graph's quantities, in inches."""

PATHS = (
    ("X", "X̂", BLUE, "normalization.batchnorm.path_direct"),
    ("X", "μ", ORANGE, "normalization.batchnorm.path_mean"),
    ("μ", "X̂", ORANGE, ""),
    ("X", "σ²", GREEN, "normalization.batchnorm.path_var"),
    ("σ²", "X̂", GREEN, ""),
    ("X̂", "Y", INK, "normalization.batchnorm.path_affine"),
)


def draw_paths(ax: Axes) -> list[Text]:
    """Draw the graph of the forward pass with arrows for the gradient."""
    ax.set(xlim=(0, 8.2), ylim=(0, 3.1))
    ax.set_axis_off()
    words = []
    for start, end, colour, key in PATHS:
        style = {
            "arrowstyle": "-|>",
            "color": colour,
            "linewidth": 2.4,
            "mutation_scale": 18,
            "shrinkA": 20,
            "shrinkB": 20,
        }
        ax.annotate("", xy=BOXES[start], xytext=BOXES[end], arrowprops=style)
        if key:
            (x0, y0), (x1, y1) = BOXES[start], BOXES[end]
            lift = 0.2 if y1 >= y0 else -0.2
            across = 0.62 if y1 == y0 == 1.5 and start == "X" else 0.5
            words.append(
                ax.text(
                    x0 + across * (x1 - x0) - (0.25 if y1 != y0 else 0),
                    y0 + across * (y1 - y0) + lift,
                    text(key),
                    color=INK,
                    fontsize=SMALL,
                    ha="right" if y1 != y0 else "center",
                    va="center",
                )
            )
    for name, (x, y) in BOXES.items():
        box = FancyBboxPatch((x - 0.3, y - 0.25), 0.6, 0.5, boxstyle="round,pad=0,rounding_size=0.1")
        box.set(facecolor=tint("#9a9a96"), edgecolor=INK, linewidth=0.8, zorder=3)
        ax.add_artist(box)
        ax.text(x, y, name, ha="center", va="center", color=TEXT, fontsize=NORMAL, zorder=4)
    return words


def show_batchnorm_paths() -> Picture:
    """Show the three paths of the gradient from the output to the input."""
    picture = Picture(8.2, 3.1, text("normalization.batchnorm.paths_alt"))
    draw_paths(picture.place(0, 0, 8.2, 3.1))
    return picture


def show_batchnorm_table() -> Picture:
    """Show the lecture's table: steps to 72.2 % as bars, the best accuracy as dots."""
    picture = Picture(8.2, 2.7, text("normalization.batchnorm.table_alt"))
    names = [name for name, _, _ in LECTURE]
    colours = [WITH if name.startswith("BN") else WITHOUT for name in names]
    for key, column, left in (("steps", 1, 1.55), ("best", 2, 5.55)):
        values = [float(row[column]) for row in LECTURE]
        ax = picture.place(left, 0.45, 2.35, 1.75)
        places = range(len(names))
        if key == "steps":
            ax.barh(places, values, color=colours, height=0.62)
            ax.set_xlim(0, 1.22 * max(values))
        else:
            ax.scatter(values, places, s=70, color=colours)
            ax.set_xlim(min(values) - 0.5, max(values) + 1)
        ax.set_yticks(places, names)
        for place, value in enumerate(values):
            said = numeral(f"{value:.1f}")
            ax.annotate(
                said, (value, place), (9, 0), textcoords="offset points", va="center", color=INK, fontsize=SMALL
            )
        ax.set_ylim(len(names) - 0.5, -0.5)
        plain(ax)
        title(ax, text(f"normalization.batchnorm.table_{key}"))
    return picture
