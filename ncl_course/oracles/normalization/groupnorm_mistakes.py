"""Students' mistakes in layer, instance and group norm and weight standardization: oracles with one thing changed.

Several ways to make one mistake may share a name; if two names explain the same cases, the first one is shown.
"""

from __future__ import annotations

from collections.abc import Callable

import torch

from ncl_course.oracles.altered import Misconception, general
from ncl_course.oracles.normalization import groupnorm_wrong_affine as affine
from ncl_course.oracles.normalization import groupnorm_wrong_formulas as formulas
from ncl_course.oracles.normalization import groupnorm_wrong_gradients as gradients
from ncl_course.oracles.normalization import groupnorm_wrong_sets as sets
from ncl_course.oracles.normalization.groupnorm import (
    GroupNorm,
    InstanceNorm2d,
    LayerNorm2d,
    Standardized,
    WeightStandardization,
)

CACHES = ("stale-cache", "shared-between-instances", "gradient-accumulated", "upstream-forgotten")


WRONG_SETS = (
    *(("batch-in-statistics", axes) for axes in ((0, 2, 3), (0,), (0, 1, 2, 3))),
    ("last-axis-only", (3,)),
    ("channel-axis-only", (1,)),
)
WRONG_SETS_OF_WEIGHTS = (
    *(("filters-together", axes) for axes in ((0, 1, 2, 3), (0, 2, 3), (0,))),
    ("each-slice-alone", (2, 3)),
    ("input-maps-only", (1,)),
)
"""Axes over which students average, by the name of the mistake."""


def formula(oracle: type[Standardized]) -> tuple[Misconception, ...]:
    """Return the mistakes that students can make in any standardization: in its formula, and in its gradient paths."""
    return (
        Misconception("eps-outside-root", formulas.dividing_by(oracle, formulas.eps_outside)),
        Misconception("eps-forgotten", formulas.dividing_by(oracle, formulas.no_eps)),
        Misconception("eps-as-floor", formulas.dividing_by(oracle, formulas.eps_as_floor)),
        *(
            Misconception("eps-hard-coded", formulas.dividing_by(oracle, formulas.fixed_eps(eps)))
            for eps in formulas.USUAL_EPS
        ),
        Misconception("divided-by-variance", formulas.dividing_by(oracle, lambda self, variance: variance + self.eps)),
        Misconception("unbiased-variance", formulas.unbiased(oracle)),
        Misconception("mean-not-subtracted", formulas.not_centred(oracle)),
        *(Misconception(name, gradients.as_gradient(oracle, wrong)) for name, wrong in gradients.GRADIENTS),
        *general(oracle, *CACHES),
        Misconception("shared-between-instances", gradients.shared_input(oracle)),
    )


def norm(oracle: type[GroupNorm]) -> tuple[Misconception, ...]:
    """Return the mistakes that students can make in each of the three layers."""
    return (
        *(
            Misconception(name, over(oracle, *axes))
            for over in (sets.over, sets.unbiased_over)
            for name, axes in WRONG_SETS
        ),
        Misconception("affine-forgotten", affine.affine_as(oracle, affine.none)),
        Misconception("parameters-copied", affine.affine_as(oracle, affine.read_once)),
        Misconception("affine-exchanged", affine.affine_as(oracle, affine.exchanged)),
        Misconception("shift-before-scale", affine.affine_as(oracle, affine.beta_first)),
        *(Misconception("affine-on-wrong-axis", affine.affine_as(oracle, way)) for way in affine.WRONG_AXES),
        *(Misconception("running-statistics", formulas.running(oracle, of)) for of in formulas.VARIANCES),
        *formula(oracle),
        Misconception("backward-over-batch", gradients.as_gradient(oracle, gradients.over(0, 2, 3))),
        Misconception("backward-over-batch", gradients.as_gradient(oracle, gradients.over(0))),
        Misconception("gamma-not-in-gradient", gradients.as_gradient(oracle, gradients.no_gamma)),
        *(Misconception(name, gradients.grads_as(oracle, wrong)) for name, wrong in gradients.GRADS),
        *(Misconception("xhat-from-output", gradients.from_output(oracle, zero)) for zero in (float("nan"), 0.0)),
        Misconception("gradient-accumulated", gradients.accumulated_grads(oracle)),
        *(Misconception("affine-start", affine.starting_at(oracle, *start)) for start in affine.STARTS),
        Misconception("parameter-shape", affine.shaped(oracle)),
    )


def shared_set(oracle: type[GroupNorm]) -> tuple[Misconception, ...]:
    """Return the mistakes that students can make if several channels share a mean."""
    return (
        Misconception("each-map-alone", sets.over(oracle, 2, 3)),
        Misconception("gamma-outside-sum", gradients.as_gradient(oracle, gradients.gamma_outside)),
        Misconception("divisor-map-only", gradients.as_gradient(oracle, gradients.MAP_ONLY)),
    )


COUNTS: dict[type[Standardized], tuple[Callable[[torch.Tensor], int], ...]] = {
    LayerNorm2d: (len, lambda x: x.shape[1], lambda x: x[0, 0].numel(), lambda x: x[:, 0].numel()),
    InstanceNorm2d: (len, lambda x: x.shape[1], lambda x: x[0].numel(), lambda x: x[:, 0].numel()),
    GroupNorm: (
        *(len, lambda x: x.shape[1], lambda x: x[0].numel()),
        *(lambda x: x[0, 0].numel(), lambda x: x[:, 0].numel()),
    ),
    WeightStandardization: (len, lambda w: w.shape[1], lambda w: w[0, 0].numel(), torch.numel),
}
"""Numbers by which students divide a set's sums instead of the count of its numbers."""


def wrong_counts(oracle: type[Standardized]) -> tuple[Misconception, ...]:
    """Return the mistakes in the number by which the sums are divided."""
    made = (sets.divided_by(oracle, count) for count in COUNTS[oracle])
    factors = [gradients.divided_by(count) for count in COUNTS[oracle]]
    sent = [
        gradients.paths(mean, var) for wrong in factors for mean, var in ((wrong, wrong), (wrong, 1.0), (1.0, wrong))
    ]
    return (
        *(Misconception("statistics-divided-by-wrong-n", altered) for altered in made),
        *(Misconception("divided-by-wrong-n", gradients.as_gradient(oracle, formula)) for formula in sent),
    )


MISCONCEPTIONS: dict[str, tuple[Misconception, ...]] = {
    "LayerNorm2d": (*norm(LayerNorm2d), *shared_set(LayerNorm2d), *wrong_counts(LayerNorm2d)),
    "InstanceNorm2d": (
        *norm(InstanceNorm2d),
        *wrong_counts(InstanceNorm2d),
        Misconception("channels-together", sets.over(InstanceNorm2d, 1, 2, 3)),
        Misconception("reshape-across-maps", sets.averaging(InstanceNorm2d, sets.scrambled)),
    ),
    "GroupNorm": (
        *norm(GroupNorm),
        Misconception("groups-interleaved", sets.averaging(GroupNorm, sets.interleaved)),
        Misconception("batch-in-statistics", sets.averaging(GroupNorm, sets.rows_of_batch)),
        Misconception("group-size-confused", sets.averaging(GroupNorm, sets.size_confused)),
        Misconception("groups-ignored", sets.over(GroupNorm, 1, 2, 3)),
        Misconception("reshape-across-maps", sets.averaging(GroupNorm, sets.scrambled)),
        Misconception("reshape-across-maps", sets.averaging(GroupNorm, sets.read_as_channels_last)),
        Misconception("channel-axis-only", sets.averaging(GroupNorm, sets.group_channels_only)),
        Misconception("indivisible-accepted", affine.accepting(GroupNorm)),
        Misconception("gamma-per-group", affine.per_group(GroupNorm)),
        *shared_set(GroupNorm),
        *wrong_counts(GroupNorm),
    ),
    "WeightStandardization": (
        *(
            Misconception(name, over(WeightStandardization, *axes))
            for over in (sets.over, sets.unbiased_over)
            for name, axes in WRONG_SETS_OF_WEIGHTS
        ),
        *formula(WeightStandardization),
        *wrong_counts(WeightStandardization),
        Misconception("gradient-passed-straight", gradients.as_gradient(WeightStandardization, lambda p: p.g)),
        Misconception(
            "backward-over-filters",
            gradients.as_gradient(WeightStandardization, gradients.over(0, 2, 3)),
        ),
        Misconception(
            "backward-over-filters",
            gradients.as_gradient(WeightStandardization, gradients.over(0, 1, 2, 3)),
        ),
    ),
}
