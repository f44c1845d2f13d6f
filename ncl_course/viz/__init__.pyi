"""Every public name of viz, and the file it lives in; ``__init__.py`` reads it here."""

from .activations_figures import (
    show_activations,
    show_depth,
    show_dying,
    show_edges,
    show_family,
    show_folds,
    show_gate,
    show_tanh_from_sigmoid,
)
from .axes_explorer import axes_explorer
from .batchnorm import (
    show_batchnorm_paths,
    show_batchnorm_steps,
    show_batchnorm_table,
    show_normalized_map,
)
from .batchnorm_explorer import batchnorm_explorer
from .batchnorm_trials import (
    show_covariate_shift,
    show_dropout_need,
    show_learning_rates,
    show_small_batches,
    show_starts,
)
from .beside_torch import draw_beside_torch, show_beside_torch
from .claims import show_claims
from .claims_gap import show_dropout_gap
from .claims_mistakes import show_mistakes
from .claims_overfitting import run_overfitting
from .claims_trials import run_claims
from .counts_explorer import parameters_explorer
from .curves import draw_activation, draw_family, draw_tanh_from_sigmoid
from .curves_explorer import activation_explorer
from .dimensions import draw_dimensions
from .drift_explorer import drift_explorer
from .dropout_figures import (
    show_masking,
    show_overfitting,
    show_own_dropout,
    show_thinned_nets,
)
from .expectation_explorer import expectation_explorer
from .floats_explorer import overflow_explorer
from .groupnorm import (
    averaged_cells,
    draw_cube,
    draw_filter,
    show_normalized_axes,
    show_weight_standardization,
)
from .layers_explorer import depth_explorer
from .linear_figures import (
    show_blocks,
    show_cross_entropy,
    show_flatten,
    show_jacobian,
    show_linear,
    show_parameters,
    show_softmax,
    show_template,
)
from .maxout_explorer import maxout_explorer
from .neuron_explorer import dying_explorer
from .output_size_explorer import output_size_explorer
from .own_activations import draw_own_activation, show_own_activations
from .own_layer import draw_own_layer, show_own_layer
from .own_network import show_diagnosis, show_images, three_patients, when_written
from .photo import draw_photo, sample_photo
from .photo_explorer import photo_explorer
from .picture import Picture
from .pooled import SLIDE, pool_map
from .pooling import draw_gradient, draw_pooling, draw_window
from .pooling_figures import (
    show_dimensions,
    show_gradient,
    show_output_size,
    show_photo,
    show_pooling,
)
from .pooling_widget import pooling_explorer
from .ruler import draw_output_size
from .running_explorer import running_explorer
from .scaling_explorer import scaling_explorer
from .small_batch_explorer import small_batch_explorer
from .tanh_explorer import tanh_explorer
from .temperature_explorer import softmax_explorer
from .template_explorer import template_explorer
from .thinning_explorer import thinning_explorer
from .training_curves import draw_accuracies, draw_losses
from .training_history import TrainingHistory
from .training_layers import draw_gradient_sizes, draw_layers, draw_predictions
from .training_scrubber import scrub_training
from .training_widget import TrainingView, watch_training

__all__ = [
    "SLIDE",
    "Picture",
    "TrainingHistory",
    "TrainingView",
    "activation_explorer",
    "averaged_cells",
    "axes_explorer",
    "batchnorm_explorer",
    "depth_explorer",
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
    "drift_explorer",
    "dying_explorer",
    "expectation_explorer",
    "maxout_explorer",
    "output_size_explorer",
    "overflow_explorer",
    "parameters_explorer",
    "photo_explorer",
    "pool_map",
    "pooling_explorer",
    "run_claims",
    "run_overfitting",
    "running_explorer",
    "sample_photo",
    "scaling_explorer",
    "scrub_training",
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
    "show_small_batches",
    "show_softmax",
    "show_starts",
    "show_tanh_from_sigmoid",
    "show_template",
    "show_thinned_nets",
    "show_weight_standardization",
    "small_batch_explorer",
    "softmax_explorer",
    "tanh_explorer",
    "template_explorer",
    "thinning_explorer",
    "three_patients",
    "watch_training",
    "when_written",
]
