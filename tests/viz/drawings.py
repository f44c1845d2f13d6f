"""Known data for drawings that are compared separately, and for every explorer; their words are read, too.

A new ``draw_*`` that no figure shows gets a line here. A test finds a new explorer by its name; if it needs arguments,
it gets a line.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from matplotlib.axes import Axes

from ncl_course import viz
from ncl_course.viz.activations.curves import draw_activation, draw_family, draw_tanh_from_sigmoid
from ncl_course.viz.activations.own_layers import draw_own_activation
from ncl_course.viz.explorer import Explorer
from ncl_course.viz.normalization import drift_explorer
from ncl_course.viz.normalization.groupnorm import averaged_cells, draw_cube, draw_filter
from ncl_course.viz.picture import Picture
from ncl_course.viz.pooling.dimensions import draw_dimensions
from ncl_course.viz.pooling.drawings import draw_gradient, draw_pooling, draw_window
from ncl_course.viz.pooling.figures import draw_photo
from ncl_course.viz.pooling.own_layer import draw_own_layer
from ncl_course.viz.pooling.pooled import SLIDE, pool_map
from ncl_course.viz.pooling.ruler import draw_output_size
from ncl_course.viz.training.beside_torch import draw_beside_torch
from ncl_course.viz.training.curves import draw_accuracies, draw_losses
from ncl_course.viz.training.history import TrainingHistory
from ncl_course.viz.training.layers import draw_gradient_sizes, draw_layers, draw_predictions
from ncl_course.viz.training.probe import Look
from ncl_course.viz.training.record import Frame
from tests.answers.activations_right import NumPyTanh
from tests.answers.pooling_right import ShiftedSlices

BASELINE = Path(__file__).with_name("baseline")
TOLERANCE = 0.5
"""The largest root mean square of the differences, in shades of 256: some shades of some letters, but never a digit."""

STYLE = ["default", {"text.hinting": "none", "font.sans-serif": "DejaVu Sans", "font.monospace": "DejaVu Sans Mono"}]


def compared(dpi: int = 60, **more: Any) -> pytest.MarkDecorator:
    """Return the mark of a test whose picture is compared with an image with that many dots per inch."""
    how = {"baseline_dir": "baseline", "tolerance": TOLERANCE, "style": STYLE, "deterministic": True}
    return pytest.mark.mpl_image_compare(**how, savefig_kwargs={"dpi": dpi, "facecolor": "white"}, **more)


class Tanh(NumPyTanh):
    """A student's layer with the layer's own name."""


RNG = np.random.default_rng(0)
SHADES = np.stack((*np.meshgrid(np.linspace(0, 1, 36), np.linspace(0, 1, 24)), np.eye(24, 36)), axis=-1)
MAX, MEAN = pool_map(SLIDE, 2, 2, "max"), pool_map(SLIDE, 3, 1, "average")
GRADIENT = np.array([[1.0, 2.0], [3.0, -4.0]])
CLASSES = ("cat", "dog", "frog")
HISTORY = TrainingHistory([2.0, 1.5, 1.6, 0.5], [1, 4], [0.25, 0.75])
SEEN = Look(
    image=RNG.random((1, 8, 8)),
    label=1,
    names=("0 Conv2d", "1 ReLU", "2 Flatten", "3 Linear"),
    outputs=(*RNG.normal(size=(2, 4, 8, 8)), RNG.normal(size=64), RNG.normal(size=3)),
    probabilities=np.array([0.2, 0.7, 0.1]),
    filters=RNG.normal(size=(4, 1, 3, 3)),
    gradients=(0.5, None, None, 0.02),
)


def one(draw: Callable[[Axes], object], width: float = 2.4, height: float = 1.8) -> Callable[[], Picture]:
    """Draw on a separate picture, with room for ticks and a title."""

    def make() -> Picture:
        picture = Picture(width + 0.7, height + 0.8, "")
        draw(picture.place(0.5, 0.4, width, height))
        return picture

    return make


def two(draw: Callable[[Axes, Axes], object], width: float = 2.2, height: float = 2.2) -> Callable[[], Picture]:
    """Draw on two axes side by side."""

    def make() -> Picture:
        picture = Picture(2 * width + 0.9, height + 0.8, "")
        draw(*(picture.place(0.4 + n * (width + 0.3), 0.4, width, height) for n in range(2)))
        return picture

    return make


def four(draw: Callable[[np.ndarray], object]) -> Callable[[], Picture]:
    """Draw on two rows of two axes."""

    def make() -> Picture:
        picture = Picture(3.4, 2.8, "")
        places = ((0.1, 1.5), (1.75, 1.5), (0.1, 0.1), (1.75, 0.1))
        draw(np.reshape([picture.place(*place, 1.5, 1.0) for place in places], (2, 2)))
        return picture

    return make


DRAWINGS: dict[str, Callable[[], Picture]] = {
    "draw_accuracies": one(lambda ax: draw_accuracies(HISTORY, 6, ax)),
    "draw_activation": one(lambda ax: draw_activation("LeakyReLU", ax)),
    "draw_beside_torch": two(lambda a, b: draw_beside_torch([2.0, 1.0], [2.0, 1.5], [0.0, 1e-3], a, b), 4.5),
    "draw_cube": one(lambda ax: draw_cube(averaged_cells(("N", "HW"), 6), ax), 3.0),
    "draw_dimensions": one(draw_dimensions, 8.2, 5.6),
    "draw_family": two(lambda a, b: draw_family("ELU", (0.5, 1, 2), a, b)),
    "draw_filter": one(lambda ax: draw_filter([[[0.5, -1.0], [2.0, 0.25]], [[1.0, 0.0], [-2.0, 1.5]]], ax)),
    "draw_gradient": two(lambda a, b: draw_gradient(MAX, GRADIENT, a, b)),
    "draw_gradient_sizes": one(lambda ax: draw_gradient_sizes(SEEN, ax), 1.6),
    "draw_layers": one(lambda ax: draw_layers(SEEN, CLASSES, ax), 4.9, 2.3),
    "draw_losses": one(lambda ax: draw_losses(HISTORY, 6, ax)),
    "draw_output_size": one(lambda ax: draw_output_size(8, 3, 2, ax), 4.4, 1.3),
    "draw_own_activation": one(lambda ax: draw_own_activation(Tanh, ax)),
    "draw_own_layer": one(lambda ax: draw_own_layer(ShiftedSlices, 4, SHADES, ax), 1.8, 1.2),
    "draw_photo": four(lambda axes: draw_photo(SHADES, (2, 4), axes)),
    "draw_pooling": two(lambda a, b: draw_pooling(MEAN, a, b)),
    "draw_predictions": one(lambda ax: draw_predictions(SEEN, CLASSES, ax)),
    "draw_tanh_from_sigmoid": one(draw_tanh_from_sigmoid, 4.0),
    "draw_window": two(lambda a, b: draw_window(MAX, 1, a, b)),
}

WEIGHTS = ({"weight": SEEN.filters, "bias": np.zeros(4)}, {}, {}, {"weight": RNG.normal(size=(3, 64))})
FRAMES = [
    Frame(steps, SEEN, tuple({name: share * w for name, w in one.items()} for one in WEIGHTS))
    for steps, share in ((0, 0.5), (2, 0.75), (4, 1.0))
]
TRAINED: Any = SimpleNamespace(
    record=SimpleNamespace(frames=FRAMES), history=HISTORY, data=SimpleNamespace(classes=CLASSES)
)

ARGUMENTS: dict[str, Callable[[], Explorer]] = {
    "scrub_training": lambda: viz.scrub_training(TRAINED),
}
"""Makers of explorers that need arguments."""

EXPLORERS: dict[str, Callable[[], Explorer]] = {
    name: getattr(viz, name) for name in viz.__all__ if name.endswith("_explorer")
} | ARGUMENTS

DRIFT = {
    norm: {0: list(RNG.normal(0, 1, (drift_explorer.LAYERS, 2000))), drift_explorer.LAST: list(numbers)}
    for norm, numbers in (("none", RNG.normal(2, 3, (6, 2000))), ("batch", RNG.normal(0, 1.2, (6, 2000))))
}
"""Inputs of each net's layers before and after a training; those of a real one depend on the processor."""


def drift_of_given_numbers() -> Explorer:
    """Make the explorer of the drift for these numbers, and show them after the training."""
    with patch.object(drift_explorer, "drifting", DRIFT.__getitem__):
        drift_explorer.edges_of.cache_clear()
        made = viz.drift_explorer()
        made.step.value = drift_explorer.LAST
        drift_explorer.edges_of.cache_clear()
    return made


OTHERS: dict[str, Callable[[], Explorer]] = {
    "drift_explorer": drift_of_given_numbers,
    "photo_explorer": lambda: viz.photo_explorer(SHADES),
}
"""Makers of explorers whose default picture depends on the processor, or would be a large file."""


def first_frame(name: str) -> Picture:
    """Return the first picture of an explorer."""
    return OTHERS.get(name, EXPLORERS[name])().picture
