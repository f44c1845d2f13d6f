"""Classic and inverted dropout on one row of neurons: training, its expectation, and test, with the same mask."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Text
from numpy.typing import ArrayLike, NDArray

from ncl_course.language import text
from ncl_course.viz.axes import wipe
from ncl_course.viz.dropout.both_kinds import KINDS, Kind, at_test, in_training, layer_of
from ncl_course.viz.dropout.drawings import draw_row
from ncl_course.viz.explorer import Explorer, choice, float_slider, side_by_side, slider
from ncl_course.viz.palette import INK, NORMAL
from ncl_course.viz.picture import Picture
from ncl_course.viz.spoken import numeral, say

Array = NDArray[Any]

SIDE, LEFT = 0.56, 2.9
ROWS = ("x", "mask", "training", "expectation", "test")


def scaling_explorer(x: ArrayLike = (2.0, -1.0, 4.0, 3.0, 1.0, -2.0, 5.0, 2.0), seed: int = 4) -> ScalingExplorer:
    """Compare the outputs of a row of neurons ``x`` in training and at test, with either scaling."""
    return ScalingExplorer(tuple(np.asarray(x, float).tolist()), seed)


class ScalingExplorer(Explorer):
    """The scaling, the probability of keeping a neuron, and the draw."""

    def __init__(self, x: tuple[float, ...], seed: int) -> None:
        self.x, self.seed = x, seed
        step = SIDE + 0.1
        picture = Picture(LEFT + SIDE * len(x) + 1.0, 0.4 + step * len(ROWS), "")
        self.axes = {
            name: picture.place(LEFT, 0.1 + step * (len(ROWS) - 1 - row), SIDE * len(x), SIDE)
            for row, name in enumerate(ROWS)
        }
        kinds = [(text(f"dropout.scaling.{kind}"), kind) for kind in KINDS]
        self.kind = choice(text("dropout.scaling.kind"), kinds)
        self.kind.style.button_width = "9.5em"
        self.keep_prob = float_slider(text("dropout.thinning.keep_prob"), 0.8, 0.1, 1.0, 0.1)
        self.number = slider(text("dropout.thinning.number"), 1, 1, 40)
        above = side_by_side((self.keep_prob, self.number), (self.kind,))
        super().__init__(picture, (self.kind, self.keep_prob, self.number), above)

    def draw(self) -> str:
        """Draw all rows with their sums, and compare the sums."""
        kind, keep_prob = self.kind.value, round(self.keep_prob.value, 1)
        rows, kept = rows_of(kind, self.x, keep_prob, self.number.value, self.seed)
        p = numeral(f"{keep_prob:g}")
        for name, ax in self.axes.items():
            wipe(ax)
            on = kept if name in ("mask", "training") else np.ones(len(kept), bool)
            draw_row(ax, rows[name], on, words_of(name, kind, p))
            if name != "mask":
                draw_sum(ax, rows[name], heading=name == "x")
        sums = {name: say(rows[name].sum()) for name in ("training", "expectation", "test")}
        return text(f"dropout.scaling.{kind}_sentence", keep_prob=p, on=int(kept.sum()), of=len(kept), **sums)


def words_of(name: str, kind: str, keep_prob: str) -> str:
    """Return the name of a row."""
    return name if name in ("x", "mask") else text(f"dropout.scaling.{kind}_{name}", keep_prob=keep_prob)


def draw_sum(ax: Axes, values: Array, *, heading: bool) -> list[Text]:
    """Write the sum of a row on its right: the input of a next neuron whose weights are all 1."""
    middle = len(values) + 0.9
    style: dict[str, Any] = {"ha": "center", "color": INK, "fontsize": NORMAL}
    words = [ax.text(middle, 0.5, say(values.sum()), va="center", fontweight="bold", **style)]
    return [*words, ax.text(middle, -0.25, "Σ", va="bottom", **style)] if heading else words


@cache
def rows_of(
    kind: Kind, x: tuple[float, ...], keep_prob: float, draw: int, seed: int
) -> tuple[dict[str, Array], NDArray[np.bool_]]:
    """Return the numbers of every row, and which neurons are on in this draw; both kinds get the same mask."""
    values = np.array(x)
    kept = layer_of(kind, keep_prob, np.random.default_rng([seed, draw])).draw(values.shape)
    rows = {
        "x": values,
        "mask": kept.astype(float),
        "training": in_training(kind, values, kept, keep_prob),
        "expectation": keep_prob * in_training(kind, values, np.ones(len(values)), keep_prob),
        "test": at_test(kind, values, keep_prob),
    }
    return rows, kept
