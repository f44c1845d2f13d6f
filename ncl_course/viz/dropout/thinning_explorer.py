"""The thinned net, drawn again in each forward: sliders for the draw and for the probability of keeping a neuron."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import ipywidgets as widgets
import numpy as np

from ncl_course.language import text
from ncl_course.viz.axes import wipe
from ncl_course.viz.dropout.drawings import draw_net
from ncl_course.viz.dropout.figures import SIZES
from ncl_course.viz.explorer import Explorer, float_slider, side_by_side, slider
from ncl_course.viz.picture import Picture
from ncl_course.viz.slider import Play
from ncl_course.viz.spoken import numeral

DRAWS = 40
"""The number of draws on the slider."""

HIDDEN = SIZES[1:-1]


def thinning_explorer(seed: int = 1) -> ThinningExplorer:
    """Draw thinned nets beside the whole one."""
    return ThinningExplorer(seed)


class ThinningExplorer(Explorer):
    """The number of the draw, and the probability of keeping each hidden neuron."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        picture = Picture(6.4, 3.1, "")
        self.ax = picture.place(3.3, 0.1, 3.0, 2.6)
        draw_net(picture.place(0.1, 0.1, 3.0, 2.6), SIZES, [[True] * n for n in SIZES], text("dropout.picture.whole"))
        self.number = slider(text("dropout.thinning.number"), 1, 1, DRAWS)
        self.keep_prob = float_slider(text("dropout.thinning.keep_prob"), 0.5, 0.1, 1.0, 0.1)
        self.play = Play(value=1, min=1, max=DRAWS, interval=700, tooltip=text("dropout.thinning.play"))
        self.link = widgets.jslink((self.play, "value"), (self.number, "value"))
        above = side_by_side((widgets.HBox([self.number, self.play]), self.keep_prob))
        super().__init__(picture, (self.number, self.keep_prob), above)

    def draw(self) -> str:
        """Draw the net that this draw leaves, and count its neurons and connections."""
        kept = layers_kept(self.number.value, round(self.keep_prob.value, 1), self.seed)
        wipe(self.ax)
        draw_net(self.ax, SIZES, kept, text("dropout.thinning.title", number=self.number.value))
        return in_words(kept, self.number.value, round(self.keep_prob.value, 1))


@cache
def layers_kept(number: int, keep_prob: float, seed: int) -> list[list[bool]]:
    """Return which neurons of each layer are on in a draw; input and output neurons always are.

    The seed and the number of the draw determine one random number per neuron; ``keep_prob`` is only its threshold.
    """
    from ncl_course.oracles.dropout.right import Dropout

    mask = Dropout(keep_prob, np.random.default_rng([seed, number])).draw((sum(HIDDEN),))
    hidden = np.split(mask, np.cumsum(HIDDEN)[:-1])
    return [[True] * SIZES[0], *([bool(on) for on in row] for row in hidden), [True] * SIZES[-1]]


def connections(kept: list[list[bool]]) -> int:
    """Return the number of connections between neurons that are on."""
    return sum(sum(one) * sum(other) for one, other in pairwise(kept))


def in_words(kept: list[list[bool]], number: int, keep_prob: float) -> str:
    """Say how many neurons and connections are left, and how many that is on average."""
    counts = [sum(row) for row in kept[1:-1]]
    return text(
        "dropout.thinning.sentence",
        number=number,
        keep_prob=numeral(f"{keep_prob:g}"),
        on=sum(counts),
        hidden=sum(HIDDEN),
        layers=" + ".join(map(str, counts)),
        expected=numeral(f"{keep_prob * sum(HIDDEN):g}"),
        left=connections(kept),
        connections=connections([[True] * n for n in SIZES]),
    )
