"""Pictures of the course: pure drawings, figures for a notebook, widgets to move.

Every ``draw_*`` draws given data on given axes and returns the artists; every ``show_*`` makes the whole
figure; an explorer binds sliders to the drawings. A name is loaded with matplotlib when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ncl_course.viz.activations_figures import (
        show_activations,
        show_depth,
        show_dying,
        show_edges,
        show_family,
        show_folds,
        show_gate,
        show_tanh_from_sigmoid,
    )
    from ncl_course.viz.batchnorm import (
        show_batchnorm_paths,
        show_batchnorm_steps,
        show_batchnorm_table,
        show_normalized_map,
        show_running,
    )
    from ncl_course.viz.batchnorm_trials import (
        show_covariate_shift,
        show_dropout_need,
        show_learning_rates,
        show_small_batches,
        show_starts,
    )
    from ncl_course.viz.beside_torch import draw_beside_torch, show_beside_torch
    from ncl_course.viz.claims import show_claims
    from ncl_course.viz.claims_gap import show_dropout_gap
    from ncl_course.viz.claims_mistakes import show_mistakes
    from ncl_course.viz.claims_overfitting import run_overfitting
    from ncl_course.viz.claims_trials import run_claims
    from ncl_course.viz.curves import draw_activation, draw_family, draw_tanh_from_sigmoid
    from ncl_course.viz.dimensions import draw_dimensions
    from ncl_course.viz.dropout_figures import (
        show_expectation,
        show_masking,
        show_overfitting,
        show_own_dropout,
        show_thinned_nets,
    )
    from ncl_course.viz.groupnorm import (
        averaged_cells,
        draw_cube,
        draw_filter,
        show_normalized_axes,
        show_weight_standardization,
    )
    from ncl_course.viz.linear_figures import (
        show_blocks,
        show_cross_entropy,
        show_flatten,
        show_jacobian,
        show_linear,
        show_parameters,
        show_softmax,
        show_template,
    )
    from ncl_course.viz.own_activations import draw_own_activation, show_own_activations
    from ncl_course.viz.own_layer import draw_own_layer, show_own_layer
    from ncl_course.viz.own_network import show_diagnosis, show_images, three_patients, when_written
    from ncl_course.viz.photo import draw_photo, sample_photo
    from ncl_course.viz.picture import Picture
    from ncl_course.viz.pooled import SLIDE, pool_map
    from ncl_course.viz.pooling import draw_gradient, draw_pooling, draw_window
    from ncl_course.viz.pooling_figures import (
        show_dimensions,
        show_gradient,
        show_output_size,
        show_photo,
        show_pooling,
    )
    from ncl_course.viz.pooling_widget import pooling_explorer
    from ncl_course.viz.ruler import draw_output_size
    from ncl_course.viz.training_curves import draw_accuracies, draw_losses
    from ncl_course.viz.training_history import TrainingHistory
    from ncl_course.viz.training_layers import draw_gradient_sizes, draw_layers, draw_predictions
    from ncl_course.viz.training_widget import TrainingView, watch_training

__all__ = [
    "SLIDE",
    "Picture",
    "TrainingHistory",
    "TrainingView",
    "averaged_cells",
    "draw_accuracies",
    "draw_activation",
    "draw_beside_torch",
    "draw_cube",
    "draw_dimensions",
    "draw_family",
    "draw_filter",
    "draw_gradient",
    "draw_gradient_sizes",
    "draw_layers",
    "draw_losses",
    "draw_output_size",
    "draw_own_activation",
    "draw_own_layer",
    "draw_photo",
    "draw_pooling",
    "draw_predictions",
    "draw_tanh_from_sigmoid",
    "draw_window",
    "pool_map",
    "pooling_explorer",
    "run_claims",
    "run_overfitting",
    "sample_photo",
    "show_activations",
    "show_batchnorm_paths",
    "show_batchnorm_steps",
    "show_batchnorm_table",
    "show_beside_torch",
    "show_blocks",
    "show_claims",
    "show_covariate_shift",
    "show_cross_entropy",
    "show_depth",
    "show_diagnosis",
    "show_dimensions",
    "show_dropout_gap",
    "show_dropout_need",
    "show_dying",
    "show_edges",
    "show_expectation",
    "show_family",
    "show_flatten",
    "show_folds",
    "show_gate",
    "show_gradient",
    "show_images",
    "show_jacobian",
    "show_learning_rates",
    "show_linear",
    "show_masking",
    "show_mistakes",
    "show_normalized_axes",
    "show_normalized_map",
    "show_output_size",
    "show_overfitting",
    "show_own_activations",
    "show_own_dropout",
    "show_own_layer",
    "show_parameters",
    "show_photo",
    "show_pooling",
    "show_running",
    "show_small_batches",
    "show_softmax",
    "show_starts",
    "show_tanh_from_sigmoid",
    "show_template",
    "show_thinned_nets",
    "show_weight_standardization",
    "three_patients",
    "watch_training",
    "when_written",
]


HOME = {
    "batchnorm": (
        "show_batchnorm_paths",
        "show_batchnorm_steps",
        "show_batchnorm_table",
        "show_normalized_map",
        "show_running",
    ),
    "batchnorm_trials": (
        "show_covariate_shift",
        "show_dropout_need",
        "show_learning_rates",
        "show_small_batches",
        "show_starts",
    ),
    "activations_figures": (
        "show_activations",
        "show_depth",
        "show_dying",
        "show_edges",
        "show_family",
        "show_folds",
        "show_gate",
        "show_tanh_from_sigmoid",
    ),
    "beside_torch": ("draw_beside_torch", "show_beside_torch"),
    "claims": ("show_claims",),
    "claims_gap": ("show_dropout_gap",),
    "claims_mistakes": ("show_mistakes",),
    "claims_overfitting": ("run_overfitting",),
    "claims_trials": ("run_claims",),
    "curves": ("draw_activation", "draw_family", "draw_tanh_from_sigmoid"),
    "dimensions": ("draw_dimensions",),
    "dropout_figures": (
        "show_expectation",
        "show_masking",
        "show_overfitting",
        "show_own_dropout",
        "show_thinned_nets",
    ),
    "groupnorm": (
        "averaged_cells",
        "draw_cube",
        "draw_filter",
        "show_normalized_axes",
        "show_weight_standardization",
    ),
    "own_activations": ("draw_own_activation", "show_own_activations"),
    "linear_figures": (
        "show_blocks",
        "show_cross_entropy",
        "show_flatten",
        "show_jacobian",
        "show_linear",
        "show_parameters",
        "show_softmax",
        "show_template",
    ),
    "own_network": ("show_diagnosis", "show_images", "three_patients", "when_written"),
    "own_layer": ("draw_own_layer", "show_own_layer"),
    "photo": ("draw_photo", "sample_photo"),
    "picture": ("Picture",),
    "pooled": ("SLIDE", "pool_map"),
    "pooling": ("draw_gradient", "draw_pooling", "draw_window"),
    "pooling_figures": ("show_dimensions", "show_gradient", "show_output_size", "show_photo", "show_pooling"),
    "pooling_widget": ("pooling_explorer",),
    "ruler": ("draw_output_size",),
    "training_curves": ("draw_accuracies", "draw_losses"),
    "training_history": ("TrainingHistory",),
    "training_layers": ("draw_gradient_sizes", "draw_layers", "draw_predictions"),
    "training_widget": ("TrainingView", "watch_training"),
}


def __getattr__(name: str) -> Any:
    """The public name from the file it lives in, loaded now.

    Raises:
        AttributeError: viz has no such name.
    """
    for home, names in HOME.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """The public names, for completion in a notebook."""
    return __all__
