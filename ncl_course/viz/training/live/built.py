"""A picture of what the student has built: the layers, the points of each, the test accuracy and the curves."""

from __future__ import annotations

from typing import Any

import numpy as np

from ncl_course.language import text
from ncl_course.viz.palette import INK, LARGE, NORMAL, OKABE_ITO, SMALL
from ncl_course.viz.picture import Picture
from ncl_course.viz.spoken import numeral, say
from ncl_course.viz.training.curves import draw_accuracies, draw_losses
from ncl_course.viz.training.probe import accuracy, layers_of

GIVEN = "Conv2d"
LINE = 0.27
"""The height of a line of the table, in inches."""


def show_built(view: Any, own: Any, data: Any) -> Picture:
    """Show what you have built: each layer and where it comes from, how often the network is right, and how it learned.

    Args:
        view: a training that was watched, with ``model`` and ``history``.
        own: your layers, as ``own_layers()`` returns them.
        data: the data set, with a test part; the network answers its test part.
    """
    rows = [row_of(number, layer, own) for number, layer in enumerate(layers_of(view.model))]
    share = accuracy(view.model, data.test, len(data.test.labels))
    total = sum(int(np.size(values)) for values in view.model.params.values())
    counted = {"layers": len(rows), "parameters": total, "steps": view.history.steps}
    percent = "—" if share is None else numeral(f"{100 * share:.1f}")
    heading = text("training.built.heading", share=percent, count=len(data.test.labels), **counted)
    height = max(3.6, LINE * len(rows) + 1.3)
    said_of_each = "; ".join(f"{name}: {said}" for name, said, _ in rows)
    picture = Picture(9.4, height, f"{text('training.built.title')}. {said_of_each}.")  # no numbers of one machine
    ax = picture.place(0.1, 0.1, 5.4, height - 0.2)
    ax.set_axis_off()
    ax.set(xlim=(0, 5.4), ylim=(height - 0.2, 0))
    ax.text(0, 0.25, text("training.built.title"), color=INK, fontsize=LARGE, va="center", fontweight="bold")
    ax.text(0, 0.62, heading, color=INK, fontsize=NORMAL, va="center")
    for number, (name, said, mine) in enumerate(rows):
        place = 1.05 + LINE * number
        ax.text(0, place, "✔" if mine else "·", color=OKABE_ITO[2] if mine else INK, fontsize=NORMAL, va="center")
        ax.text(0.3, place, name, color=INK, fontsize=SMALL, va="center")
        ax.text(2.0, place, said, color=INK, fontsize=SMALL, va="center")
    half = (height - 2.0) / 2
    steps = max(view.history.steps, 1)
    draw_losses(view.history, steps, picture.place(6.6, height / 2 + 0.2, 2.6, half))
    draw_accuracies(view.history, steps, picture.place(6.6, 0.55, 2.6, half))
    return picture


def row_of(number: int, layer: Any, own: Any) -> tuple[str, str, bool]:
    """Return a layer's name, what there is to say about it, and whether the student has written it."""
    name = type(layer).__name__
    count = sum(int(np.size(values)) for values in (getattr(layer, "params", None) or {}).values())
    taken = next((one for one in own.taken if one.name == name), None)
    mine = taken is not None and str(taken.state) == "own"
    if mine and taken is not None:
        result = taken.result
        source = text("training.built.own", score=say(result.score), max_score=say(result.max_score))
    else:
        source = text(f"training.built.{'given' if name == GIVEN else 'torch'}")
    parameters = text("training.built.parameters", count=count) if count else text("training.built.no_parameters")
    return f"{number} {name}", f"{source}, {parameters}", mine
