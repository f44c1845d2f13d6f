"""How students go wrong with batch normalization: the written-out oracle, each with one decision changed.

A name may stand for several ways to make one mistake; where two explain the same, the first is named.
"""

from __future__ import annotations

from typing import Any

import torch

from ncl_course.oracles.altered import Misconception, general
from ncl_course.oracles.batchnorm import EACH_MAP, BatchNorm2d, batchnorm_parameter_count
from ncl_course.oracles.batchnorm_mistakes import backward as b
from ncl_course.oracles.batchnorm_mistakes import forward as f
from ncl_course.oracles.batchnorm_written import ByHand, Written


def forward(name: str, **changed: Any) -> Misconception:
    """A forward pass with some of its steps changed; its gradient is its own."""
    return Misconception(name, type("Altered", (Written,), changed))


def backward(name: str, **changed: Any) -> Misconception:
    """A gradient with some of its paths changed, and what is changed in the forward pass besides."""
    return Misconception(name, type("Altered", (ByHand,), changed))


def both(name: str, **changed: Any) -> tuple[Misconception, Misconception]:
    """A changed forward pass, once with its own gradient and once with the lesson's."""
    return forward(name, **changed), backward(name, **changed)


BATCHNORM: tuple[Misconception, ...] = (
    # Seen in one part alone, these two are taken for a larger mistake; where that one is, another part has shown it.
    forward("unbiased-running-variance", update=f.running_unbiased),
    backward("training-gradient-at-test", statistics_count=b.always),
    backward("training-gradient-at-test", gradient=b.never_in_time),
    *both("unbiased-variance", batch=f.unbiased),
    *both("eps-outside-root", std=lambda self, var: torch.sqrt(var) + self.eps),
    forward("eps-outside-root", std=f.outside_at_test),
    *both("eps-forgotten", std=lambda self, var: torch.sqrt(var)),
    forward("eps-forgotten", std=f.only_eps_at_test),
    *both("divided-by-variance", std=lambda self, var: var + self.eps),
    *both("divided-by-variance", std=lambda self, var: var),
    forward("divided-by-variance", std=f.variance_at_test),
    *both("variance-around-zero", batch=f.around_zero),
    *both("shift-before-scale", affine=lambda self, xhat: self.gamma * (xhat + self.beta)),
    *both("affine-forgotten", affine=lambda self, xhat: xhat + 0 * self.gamma + 0 * self.beta),
    forward("affine-forgotten", affine=f.forgotten_at_test),
    *both("statistics-per-pixel", batch=f.averaged_over(0)),
    *both("statistics-over-channels", batch=f.averaged_over(1, 2, 3)),
    *both("statistics-over-channels", batch=f.averaged_over(1)),
    *both("statistics-per-sample", batch=f.averaged_over(2, 3)),
    *both("statistics-over-everything", batch=f.averaged_over(0, 1, 2, 3)),
    *both("channels-mixed", batch=f.channels_mixed),
    forward("channels-mixed", compute=f.mixed_through_and_through),
    forward(
        "broadcast-along-width",
        batch=f.batch_along_width,
        at_test=f.at_test_along_width,
        affine=f.affine_along_width,
        each_map=f.each_map_of_width,
    ),
    forward("broadcast-along-width", affine=f.affine_along_width),
    forward("broadcast-along-width", at_test=f.at_test_along_width),
    forward("running-in-training", batch=f.train_from_running, update=f.update_from_seen),
    forward("running-in-training", batch=f.train_from_updated, update=f.nothing),
    forward("momentum-swapped", update=f.swapped),
    forward("running-std", update=f.running_std),
    forward("running-std", update=f.running_std_with_eps),
    forward("last-batch-only", update=f.last_batch),
    forward("running-never-updated", update=f.nothing),
    forward("running-never-updated", update=f.only_mean),
    forward("running-never-updated", update=f.only_var),
    forward("eps-twice", update=f.eps_stored),
    forward("old-not-shrunk", update=f.without_decay),
    Misconception("wrong-start", f.starting_at(0.0, 0.0)),
    Misconception("wrong-start", f.starting_at(1.0, 1.0)),
    *both("batch-statistics-at-test", at_test=f.batch_at_test),
    *both("batch-statistics-at-test", at_test=f.batch_at_test_and_update),
    forward("updated-at-test", at_test=f.updated_then_used),
    forward("updated-at-test", at_test=f.used_then_updated),
    backward("statistics-as-constants", through_mean=b.no_path, through_var=b.no_path),
    backward("no-path-through-mean", through_mean=b.no_path),
    backward("no-path-through-variance", through_var=b.no_path),
    backward("not-divided-by-n", through_mean=b.times("through_mean", b.undivided)),
    backward("not-divided-by-n", through_var=b.times("through_var", b.undivided)),
    backward(
        "not-divided-by-n",
        through_mean=b.times("through_mean", b.undivided),
        through_var=b.times("through_var", b.undivided),
    ),
    *(
        backward(
            "divided-by-wrong-n",
            through_mean=b.times("through_mean", factor),
            through_var=b.times("through_var", factor),
        )
        for factor in (b.by_batch_size, b.by_map_size, b.by_one_less)
    ),
    backward("divided-by-wrong-n", through_var=b.times("through_var", b.by_one_less)),
    backward("gamma-not-in-gradient", grad_xhat=lambda self, g: g),
    backward("sums-over-channels", through_mean=b.everywhere_mean, through_var=b.everywhere_var),
    backward("sums-over-channels", through_mean=b.everywhere_mean),
    backward("sums-over-channels", through_var=b.everywhere_var),
    backward(
        "xhat-after-affine",
        through_var=b.output_as_xhat,
        grad_gamma=lambda self, g: (g * self.y.detach()).sum(EACH_MAP),
    ),
    backward("xhat-after-affine", grad_gamma=lambda self, g: (g * self.y.detach()).sum(EACH_MAP)),
    backward("gamma-gradient-from-input", grad_gamma=lambda self, g: (g * self.x.detach()).sum(EACH_MAP)),
    backward("gamma-gradient-from-input", grad_gamma=lambda self, g: (g * self.xhat * self.spread).sum(EACH_MAP)),
    backward("eps-forgotten", gradient=b.without_eps),
    backward(
        "parameter-gradients-averaged",
        grad_gamma=lambda self, g: (g * self.xhat).mean(EACH_MAP),
        grad_beta=lambda self, g: g.mean(EACH_MAP),
    ),
    backward(
        "parameter-gradients-averaged",
        grad_gamma=lambda self, g: (g * self.xhat).sum(EACH_MAP) / g.shape[0],
        grad_beta=lambda self, g: g.sum(EACH_MAP) / g.shape[0],
    ),
    backward(
        "parameter-gradients-not-by-map",
        grad_gamma=lambda self, g: (g * self.xhat).sum(),
        grad_beta=lambda self, g: g.sum(),
    ),
    backward("parameter-gradients-not-by-map", grad_beta=lambda self, g: g.sum()),
    backward(
        "parameter-gradients-not-by-map",
        grad_gamma=lambda self, g: (g * self.xhat).sum(0),
        grad_beta=lambda self, g: g.sum(0),
    ),
    backward(
        "parameter-gradients-not-by-map",
        grad_gamma=lambda self, g: g * self.xhat,
        grad_beta=lambda self, g: g,
    ),
    backward("mode-read-in-backward", statistics_count=b.now_training),
    backward("gradient-accumulated", gradient=b.accumulated),
    Misconception("shared-between-instances", f.SharedState),
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
