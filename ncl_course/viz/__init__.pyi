"""The names of viz that lessons import, and their modules; ``__init__.py`` reads this file."""

import contextlib

from .activations.curves_explorer import activation_explorer
from .activations.depth_explorer import depth_explorer
from .activations.dying_explorer import dying_explorer
from .activations.figures import (
    show_activations,
    show_depth,
    show_dying,
    show_edges,
    show_family,
    show_folds,
    show_gate,
    show_tanh_from_sigmoid,
)
from .activations.maxout_explorer import maxout_explorer
from .activations.own_layers import show_own_activations
from .activations.places import show_layers_with_numbers
from .activations.tanh_explorer import tanh_explorer
from .dropout.expectation_explorer import expectation_explorer
from .dropout.figures import show_masking, show_overfitting, show_own_dropout, show_thinned_nets
from .dropout.scaling_explorer import scaling_explorer
from .dropout.thinning_explorer import thinning_explorer
from .instead import when_written
from .linear.figures import (
    show_blocks,
    show_cross_entropy,
    show_flatten,
    show_jacobian,
    show_linear,
    show_parameters,
    show_softmax,
    show_template,
)
from .linear.overflow_explorer import overflow_explorer
from .linear.parameters_explorer import parameters_explorer
from .linear.softmax_explorer import softmax_explorer
from .linear.template_explorer import template_explorer
from .linear.thin_product import show_thin_product
from .linear.two_classes import show_sigmoid_as_softmax
from .normalization.axes_explorer import axes_explorer
from .normalization.batchnorm import (
    show_batchnorm_paths,
    show_batchnorm_steps,
    show_batchnorm_table,
    show_normalized_map,
)
from .normalization.batchnorm_explorer import batchnorm_explorer
from .normalization.drift_explorer import drift_explorer
from .normalization.groupnorm import show_normalized_axes, show_weight_standardization
from .normalization.modes import show_batchnorm_modes
from .normalization.running_explorer import running_explorer
from .normalization.small_batch_explorer import small_batch_explorer
from .normalization.stored import show_stored_numbers
from .normalization.trials import (
    show_covariate_shift,
    show_dropout_need,
    show_learning_rates,
    show_starts,
)
from .normalization.variants import (
    show_depths,
    show_norm_after,
    show_normalized_input,
    show_small_batches,
    show_standardized,
)
from .pooling.explorer import pooling_explorer
from .pooling.figures import show_dimensions, show_gradient, show_output_size, show_photo, show_pooling
from .pooling.output_size_explorer import output_size_explorer
from .pooling.own_layer import show_own_layer
from .pooling.photo_explorer import photo_explorer
from .pooling.trial import show_pooling_trial
from .training.beside_torch import show_beside_torch
from .training.claims import show_claims
from .training.claims_gap import show_dropout_gap
from .training.claims_mistakes import show_mistakes
from .training.live.built import show_built
from .training.live.drawing import draw_and_read
from .training.live.notebook import live_network, live_training
from .training.own_network import show_diagnosis, show_images, three_patients
from .training.scrubber import scrub_training

def loaded_when_called() -> contextlib.AbstractContextManager[None]: ...

__all__ = [
    "activation_explorer",
    "axes_explorer",
    "batchnorm_explorer",
    "depth_explorer",
    "draw_and_read",
    "drift_explorer",
    "dying_explorer",
    "expectation_explorer",
    "live_network",
    "live_training",
    "maxout_explorer",
    "output_size_explorer",
    "overflow_explorer",
    "parameters_explorer",
    "photo_explorer",
    "pooling_explorer",
    "running_explorer",
    "scaling_explorer",
    "scrub_training",
    "show_activations",
    "show_batchnorm_modes",
    "show_batchnorm_paths",
    "show_batchnorm_steps",
    "show_batchnorm_table",
    "show_beside_torch",
    "show_blocks",
    "show_built",
    "show_claims",
    "show_covariate_shift",
    "show_cross_entropy",
    "show_depth",
    "show_depths",
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
    "show_layers_with_numbers",
    "show_learning_rates",
    "show_linear",
    "show_masking",
    "show_mistakes",
    "show_norm_after",
    "show_normalized_axes",
    "show_normalized_input",
    "show_normalized_map",
    "show_output_size",
    "show_overfitting",
    "show_own_activations",
    "show_own_dropout",
    "show_own_layer",
    "show_parameters",
    "show_photo",
    "show_pooling",
    "show_pooling_trial",
    "show_sigmoid_as_softmax",
    "show_small_batches",
    "show_softmax",
    "show_standardized",
    "show_starts",
    "show_stored_numbers",
    "show_tanh_from_sigmoid",
    "show_template",
    "show_thin_product",
    "show_thinned_nets",
    "show_weight_standardization",
    "small_batch_explorer",
    "softmax_explorer",
    "tanh_explorer",
    "template_explorer",
    "thinning_explorer",
    "three_patients",
    "when_written",
]
