"""Known data for every figure of the lessons, and for the claims of the last lesson; images are compared with them.

A new ``show_*`` gets a line here. Figures of trainings that take seconds use made-up results instead.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import numpy as np

from ncl_course import viz
from ncl_course.data import Dataset, Part
from ncl_course.experiments.by_torch.patients import DIAGNOSES
from ncl_course.experiments.claims import RECIPES, Claims, Course
from ncl_course.experiments.own_overfitting import Judged, Overfitting
from ncl_course.oracles.dropout.right import Dropout
from ncl_course.viz.dropout.drawings import draw_curves
from ncl_course.viz.normalization import trials as batchnorm_trials
from ncl_course.viz.palette import WITH, WITHOUT
from ncl_course.viz.picture import Picture
from ncl_course.viz.pooling.pooled import SLIDE
from ncl_course.viz.runs import picture_of
from ncl_course.viz.spoken import say
from ncl_course.viz.training.layer import LayerPicture
from ncl_course.viz.training.own_network import draw_marks
from tests.answers.pooling_right import ShiftedSlices
from tests.viz.drawings import CLASSES, DRAWINGS, EXPLORERS, FRAMES, HISTORY, SEEN, SHADES, Tanh, first_frame, one

GRADIENT = [[1, 2], [3, 4]]
ROW = ([1.0, -2.0, 3.0, 0.5], [1, 0, 1, 1])
WAVES = [np.random.default_rng(number).normal(number, 1 + number / 2, 2000) for number in range(4)]
RATES = batchnorm_trials.named((0.5, 0.9), (0.95, 0.1))
RUNS = (("a", WITHOUT, [(0.5, 0.6, 0.1), (0.9, 0.9, 1.0)]), ("b", WITH, [(0.9, 1.0, 0.8), (0.2, 0.1, 0.3)]))
"""Two series at two ticks, three runs each."""
FALLING = np.array([2.0, 1.0, 0.5, 0.4])


def claims() -> Claims:
    """Return two seeds; the plain net's best are 0.8 and 0.9, and the net with BN and ×30 reaches only the first."""
    seen: dict[str, tuple[Course, ...]] = {recipe.name: (Course(0.1, (1, 2), (0.1, 0.2)),) * 2 for recipe in RECIPES}
    seen["plain"] = (Course(0.1, (10, 100), (0.5, 0.8)), Course(0.1, (10, 100), (0.9, 0.7)))
    seen["bn_x30"] = (Course(3.0, (4, 8), (0.85, 0.1)), Course(3.0, (4, 8), (0.85, 0.1)))
    return Claims(0.1, {0.01: 0.3, 0.1: 0.8}, seen)


def overfitting() -> Overfitting:
    """Return two seeds; dropout helps the second one more."""

    def of_losses(train: float, test: float, right: float) -> Judged:
        loss = {"train": train, "validation": 0.3, "test": test}
        return Judged(loss, {"train": 1.0, "validation": right, "test": right})

    without = (of_losses(0.0, 0.4, 0.9), of_losses(0.0, 0.6, 0.8))
    return Overfitting(200, 0.5, without, (of_losses(0.1, 0.3, 0.9), of_losses(0.1, 0.3, 1.0)))


class Answering:
    """A network in training mode that predicts the class that each image's first pixel names."""

    training = True

    def train(self) -> None:
        self.training = True

    def eval(self) -> None:
        self.training = False

    def forward(self, x: np.ndarray) -> np.ndarray:
        assert not self.training
        return np.eye(10)[x[:, 0, 0, 0].astype(int)]


def digits(wrong: int, number: int = 40) -> Dataset:
    """Return images whose first pixel is 0; that many have the label 3."""
    labels = np.array([3] * wrong + [0] * (number - wrong))
    part = Part(np.zeros((number, 1, 8, 8), np.float32), labels)
    return Dataset(part, part, part, tuple("0123456789"))


def one_layer() -> Picture:
    """Return the second step of a recorded training, with its first layer large."""
    picture = LayerPicture(FRAMES)
    picture.turn_to(0)
    picture.follow(1)
    return picture


def built() -> Picture:
    """Return what a student has built, with one layer of torch's."""
    model: Any = Answering()
    layers = [type(name, (), {"params": params})() for name, params in (
        ("Conv2d", {"weight": np.zeros((4, 1, 3, 3)), "bias": np.zeros(4)}), ("ReLU", {}), ("Flatten", {}),
        ("Linear", {"weight": np.zeros((10, 64)), "bias": np.zeros(10)}),
    )]  # fmt: skip
    model.params = {"0.weight": np.zeros(690)}
    taken = [
        SimpleNamespace(name=name, state=state, result=SimpleNamespace(score=1.5, max_score=2))
        for name, state in (("ReLU", "own"), ("Flatten", "own"), ("Linear", "failing"))
    ]
    view = SimpleNamespace(model=model, history=HISTORY)
    with patch("ncl_course.viz.training.live.built.layers_of", lambda _model: layers):
        return viz.show_built(view, SimpleNamespace(taken=taken), digits(3))


def one_drift() -> Picture:
    """Return a drifting distribution with its key beside it."""
    picture = Picture(4.2, 1.9, "")
    batchnorm_trials.draw_drift(WAVES, picture.place(0.3, 0.4, 2.6, 1.2), key=True)
    return picture


NOT_COMPARED = {"show_beside_torch"}
"""Figures of rounding errors, which depend on the machine; ``draw_beside_torch`` has an image instead."""

FIGURES: dict[str, Callable[[], Picture]] = {
    "show_activations": viz.show_activations,
    "show_batchnorm_modes": viz.show_batchnorm_modes,
    "show_batchnorm_paths": viz.show_batchnorm_paths,
    "show_batchnorm_steps": lambda: viz.show_batchnorm_steps(x_hat=[-1, -1 / 3, 1 / 3, 1], d_var=2.5),
    "show_batchnorm_table": viz.show_batchnorm_table,
    "show_built": built,
    "show_blocks": viz.show_blocks,
    "show_claims": lambda: viz.show_claims(claims()),
    "show_covariate_shift": one_drift,
    "show_cross_entropy": viz.show_cross_entropy,
    "show_depth": viz.show_depth,
    "show_depths": lambda: picture_of("normalization.variants.depth", ["2", "12"], RUNS),
    "show_diagnosis": lambda: draw_marks(dict(zip(DIAGNOSES, (True, False, True), strict=True))),
    "show_dimensions": viz.show_dimensions,
    "show_dropout_gap": lambda: viz.show_dropout_gap(overfitting()),
    "show_dropout_need": lambda: batchnorm_trials.bars("dropout", ["a", "b"], RATES),
    "show_dying": viz.show_dying,
    "show_edges": lambda: viz.show_edges(SHADES),
    "show_family": lambda: viz.show_family("LeakyReLU", (0, 0.1, 2)),
    "show_flatten": viz.show_flatten,
    "show_folds": viz.show_folds,
    "show_gate": lambda: viz.show_gate([-2, 3, 0.5], [5, -6, 7]),
    "show_gradient": lambda: viz.show_gradient(SLIDE, 3, 1, grad_out=GRADIENT),
    "show_images": lambda: viz.show_images(SEEN.image[None].repeat(6, axis=0), [0, 1, 2] * 2, CLASSES, 3),
    "show_jacobian": lambda: viz.show_jacobian([1.0, 0.0, -1.0]),
    "show_layer": one_layer,
    "show_layers_with_numbers": viz.show_layers_with_numbers,
    "show_learning_rates": lambda: batchnorm_trials.bars("rates", [say(0.01), say(0.1)], RATES),
    "show_linear": viz.show_linear,
    "show_masking": lambda: viz.show_masking(*ROW, 0.8),
    "show_mistakes": lambda: viz.show_mistakes(Answering(), digits(3)),
    "show_norm_after": lambda: picture_of("normalization.variants.after_relu", [say(0.1), say(0.3)], RUNS),
    "show_normalized_axes": viz.show_normalized_axes,
    "show_normalized_input": lambda: picture_of("normalization.variants.input", [say(0.1), say(0.3)], RUNS),
    "show_normalized_map": viz.show_normalized_map,
    "show_output_size": lambda: viz.show_output_size(8, 3, 2),
    "show_overfitting": one(lambda ax: draw_curves(ax, FALLING, FALLING[::-1], (FALLING / 2, FALLING / 4), "loss")),
    "show_own_activations": lambda: viz.show_own_activations(Tanh),
    "show_own_dropout": lambda: viz.show_own_dropout(Dropout),
    "show_own_layer": lambda: viz.show_own_layer(ShiftedSlices, SHADES, (2, 4)),
    "show_parameters": viz.show_parameters,
    "show_photo": lambda: viz.show_photo(SHADES, (2, 4)),
    "show_pooling": lambda: viz.show_pooling(SLIDE, 3, 1, "average"),
    "show_pooling_trial": lambda: picture_of("pooling.trial.digits", ["new", "moved"], RUNS),
    "show_sigmoid_as_softmax": viz.show_sigmoid_as_softmax,
    "show_small_batches": lambda: picture_of("normalization.variants.small", ["32", "2"], RUNS),
    "show_softmax": lambda: viz.show_softmax([2.0, 1.0, 0.0, -1.0]),
    "show_standardized": lambda: picture_of("normalization.variants.ws_gain", [say(0.1), say(0.3)], RUNS),
    "show_stored_numbers": viz.show_stored_numbers,
    "show_starts": lambda: batchnorm_trials.bars("starts", ["×1", "×10"], RATES),
    "show_tanh_from_sigmoid": viz.show_tanh_from_sigmoid,
    "show_template": viz.show_template,
    "show_thin_product": viz.show_thin_product,
    "show_thinned_nets": viz.show_thinned_nets,
    "show_weight_standardization": viz.show_weight_standardization,
}

PICTURES: dict[str, Callable[[], Picture]] = {
    **DRAWINGS,
    **FIGURES,
    **{name: partial(first_frame, name) for name in EXPLORERS},
}
"""Everything that is compared with an image."""
