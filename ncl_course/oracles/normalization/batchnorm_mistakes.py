"""Students' mistakes in batch normalization: the written-out oracle, each with some of its decisions changed.

Several ways to make one mistake may share a name; if two names explain the same cases, the first one is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ncl_course.oracles.altered import Misconception, general
from ncl_course.oracles.normalization import batchnorm_wrong_backward as b
from ncl_course.oracles.normalization import batchnorm_wrong_formula as formula
from ncl_course.oracles.normalization import batchnorm_wrong_forward as f
from ncl_course.oracles.normalization import batchnorm_wrong_running as r
from ncl_course.oracles.normalization.batchnorm import BatchNorm2d, batchnorm_parameter_count
from ncl_course.oracles.normalization.batchnorm_written import ByHand, Written
from ncl_course.oracles.normalization.groupnorm_wrong_formulas import USUAL_EPS

Decisions = dict[str, Any]
"""Methods of the written-out oracle by name, with the student's wrong versions."""

BOTH, FORWARD, BACKWARD = (Written, ByHand), (Written,), (ByHand,)
"""A changed forward pass with its own gradient and with the lesson's; with its own only; a changed gradient."""

TABLE: tuple[tuple[str, tuple[type[Written], ...], tuple[Decisions, ...]], ...] = (
    # these two come first: in one part they look like a larger mistake, which another part would have shown
    ("unbiased-running-variance", FORWARD, ({"update": r.UNBIASED},)),
    ("training-gradient-at-test", BACKWARD, ({"statistics_count": lambda _: True}, {"gradient": b.never_in_time})),
    ("unbiased-variance", BOTH, ({"batch": f.unbiased},)),
    ("eps-outside-root", BOTH, ({"std": formula.eps_outside},)),
    ("eps-outside-root", FORWARD, ({"std": formula.outside_at_test},)),
    ("eps-forgotten", BOTH, ({"std": formula.no_eps},)),
    ("eps-forgotten", FORWARD, ({"std": formula.only_eps_at_test},)),
    ("eps-as-floor", BOTH, ({"std": formula.eps_as_floor},)),
    ("eps-hard-coded", BOTH, tuple({"std": formula.fixed_eps(eps)} for eps in USUAL_EPS)),
    ("divided-by-variance", BOTH, ({"std": lambda self, var: var + self.eps}, {"std": lambda _, var: var})),
    ("divided-by-variance", FORWARD, ({"std": formula.variance_at_test},)),
    ("statistics-divided-by-wrong-n", BOTH, f.DIVIDED),
    ("variance-around-zero", BOTH, ({"batch": f.around_zero},)),
    ("shift-before-scale", BOTH, ({"affine": lambda self, xhat: self.gamma * (xhat + self.beta)},)),
    ("affine-start", FORWARD, formula.OTHER_STARTS),
    ("affine-exchanged", BOTH, ({"affine": lambda self, xhat: self.beta * xhat + self.gamma},)),
    ("affine-forgotten", BOTH, ({"affine": formula.no_affine},)),
    ("affine-forgotten", FORWARD, ({"affine": formula.no_affine_at_test},)),
    ("parameters-copied", BOTH, (formula.READ_ONCE,)),
    ("statistics-per-pixel", BOTH, ({"batch": f.averaged_over(0)},)),
    ("statistics-over-channels", BOTH, ({"batch": f.averaged_over(1, 2, 3)}, {"batch": f.averaged_over(1)})),
    ("statistics-per-sample", BOTH, ({"batch": f.averaged_over(2, 3)},)),
    ("statistics-over-everything", BOTH, ({"batch": f.averaged_over(0, 1, 2, 3)},)),
    ("channels-mixed", BOTH, ({"batch": f.channels_mixed},)),
    ("channels-mixed", FORWARD, ({"compute": f.mixed_through_and_through},)),
    ("broadcast-along-width", FORWARD, f.ALONG_WIDTH),
    ("running-in-training", FORWARD, f.RUNNING_IN_TRAINING),
    ("momentum-swapped", FORWARD, r.in_one(r.swapped)),
    ("running-std", FORWARD, tuple({"update": u} for u in r.DEVIATIONS)),
    ("last-batch-only", FORWARD, r.in_one(r.last_batch)),
    ("first-batch-taken", FORWARD, ({"update": r.first_batch_taken}, {"update": r.mean_of_batches})),
    ("running-never-updated", FORWARD, tuple({"update": u} for u in (r.nothing, *r.ONLY_ONE))),
    ("running-statistics-confused", FORWARD, tuple({"update": u} for u in (r.both_in_mean, r.variance_in_mean))),
    ("running-statistics-confused", FORWARD, ({"update": r.MEAN_IN_BOTH},)),
    ("running-with-axes", FORWARD, r.WITH_AXES),
    ("eps-twice", FORWARD, ({"update": r.EPS_STORED},)),
    ("old-not-shrunk", FORWARD, r.in_one(r.without_decay)),
    ("wrong-start", FORWARD, ({"__init__": r.starting_at(0.0, 0.0)}, {"__init__": r.starting_at(1.0, 1.0)})),
    ("batch-statistics-at-test", BOTH, ({"at_test": f.batch_at_test}, {"at_test": f.batch_at_test_and_update})),
    ("not-normalized-at-test", BOTH, ({"compute": f.not_normalized_at_test},)),
    ("not-normalized-at-test", BACKWARD, ({"compute": f.nothing_kept_at_test},)),
    ("updated-at-test", FORWARD, f.UPDATED_AT_TEST),
    ("statistics-as-constants", BACKWARD, ({"through_mean": b.no_path, "through_var": b.no_path},)),
    ("no-path-through-mean", BACKWARD, ({"through_mean": b.no_path},)),
    ("no-path-through-variance", BACKWARD, ({"through_var": b.no_path},)),
    ("factor-two-lost", BACKWARD, ({"through_var": b.times("through_var", lambda _: 0.5)},)),
    ("sign-of-path", BACKWARD, b.SIGN_LOST),
    ("brackets-around-n", BACKWARD, b.WITHOUT_BRACKETS),
    ("power-of-deviation", BACKWARD, ({"through_var": b.power_of_std},)),
    ("not-divided-by-n", BACKWARD, b.NOT_DIVIDED),
    ("divided-by-wrong-n", BACKWARD, b.WRONGLY_DIVIDED),
    ("gamma-not-in-gradient", BACKWARD, ({"grad_xhat": lambda _, g: g},)),
    ("sums-over-channels", BACKWARD, b.WITHOUT_AXES),
    ("xhat-after-affine", BACKWARD, b.OUTPUT_FOR_XHAT),
    ("xhat-from-output", BACKWARD, b.FROM_OUTPUT),
    ("gamma-gradient-without-xhat", BACKWARD, ({"grad_gamma": b.without_xhat},)),
    ("gamma-and-beta-confused", BACKWARD, b.CONFUSED),
    ("gamma-gradient-from-input", BACKWARD, ({"grad_gamma": b.with_input}, {"grad_gamma": b.with_centred})),
    ("eps-forgotten", BACKWARD, ({"gradient": b.without_eps},)),
    ("parameter-gradients-averaged", BACKWARD, b.AVERAGED),
    ("parameter-gradients-not-by-map", BACKWARD, b.NOT_BY_MAP),
    ("mode-read-in-backward", BACKWARD, ({"statistics_count": lambda self: self.training},)),
    ("gradient-accumulated", BACKWARD, ({"gradient": b.accumulated},)),
)
"""The mistake's name, the oracles that make it, and each way to make it."""


def misconceptions() -> Iterator[Misconception]:
    """Yield every row of the table, one misconception for each oracle and way."""
    for name, bases, ways in TABLE:
        for decisions in ways:
            for base in bases:
                yield Misconception(name, type("Altered", (base,), decisions))


BATCHNORM: tuple[Misconception, ...] = (
    *misconceptions(),
    Misconception("shared-between-instances", r.SharedState),
    Misconception("shared-between-instances", b.SharedMemory),
    *general(BatchNorm2d, "stale-cache", "shared-between-instances", "gradient-accumulated", "upstream-forgotten"),
)

COUNT: tuple[Misconception, ...] = (
    Misconception("only-trainable-counted", lambda num_layers, num_maps: 2 * num_layers * num_maps),
    Misconception("one-layer-counted", lambda num_layers, num_maps: batchnorm_parameter_count(1, num_maps)),
    Misconception("maps-forgotten", lambda num_layers, num_maps: batchnorm_parameter_count(num_layers, 1)),
    Misconception("one-number-a-map", lambda num_layers, num_maps: num_layers * num_maps),
    Misconception("maps-squared", lambda num_layers, num_maps: 4 * num_layers * num_maps**2),
    Misconception("float-count", lambda num_layers, num_maps: float(batchnorm_parameter_count(num_layers, num_maps))),
)

MISCONCEPTIONS: dict[str, tuple[Misconception, ...]] = {
    "BatchNorm2d": BATCHNORM,
    "batchnorm_parameter_count": COUNT,
}
