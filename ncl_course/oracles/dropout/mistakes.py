"""Students' mistakes in lesson 04: the oracles of ``right.py``, each with one thing changed.

All of them see the student's results, because they make the mistake with the student's own mask.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch

from ncl_course.oracles.altered import Misconception, general
from ncl_course.oracles.dropout import wrong_backward as backward
from ncl_course.oracles.dropout import wrong_drawing as drawing
from ncl_course.oracles.dropout.right import ClassicDropout, Dropout, RandomMask
from ncl_course.oracles.dropout.wrong_scaling import (
    at_test_dropped,
    dropped_with_right_gradient,
    formulas,
    forward_alone,
    integer_output,
    trained_alone,
)


def beside(name: str, altered: Callable[..., Any]) -> Misconception:
    """Return a misconception that uses the student's own mask."""
    return Misconception(name, altered, beside=True)


def either(oracle: type[RandomMask]) -> tuple[Misconception, ...]:
    """Return the mistakes that students can make in either kind of dropout."""
    return (
        beside("keep-and-drop-swapped", drawing.drop_for_keep(oracle)),
        beside("keep-and-drop-swapped", drawing.kept_with(oracle, lambda p: 1 - p)),
        beside("keep-prob-not-used", drawing.kept_with(oracle, lambda p: 0.5)),
        beside("keep-prob-not-used", drawing.kept_with(oracle, lambda p: 1.0)),
        beside("fresh-mask-in-backward", backward.fresh_mask(oracle)),
        beside("backward-not-masked", backward.unmasked(oracle, lambda self, g: g)),
        beside("backward-not-masked", backward.unmasked(oracle, lambda self, g: g / self.keep_prob)),
        beside("backward-not-masked", backward.unmasked(oracle, lambda self, g: g * self.keep_prob)),
        beside("backward-mask-inverted", backward.complement(oracle)),
        beside("backward-mask-inverted", backward.unmasked(oracle, lambda self, g: g * ~torch.tensor(self.mask))),
        beside("mask-from-output", backward.mask_from_output(oracle)),
        beside("mask-from-output", drawing.zeros_dropped(oracle)),
        *(beside("mask-shared", drawing.shared_along(oracle, axis)) for axis in (0, 1, -2, -1)),
        beside("mask-shared", drawing.kept_thin(oracle)),
        beside("mask-drawn-once", drawing.drawn_once(oracle)),
        beside("seed-reset-in-forward", drawing.seed_reset(oracle)),
        beside("mask-not-from-rng", drawing.own_stream(oracle)),
        beside("mask-not-from-rng", drawing.fixed_seed(oracle)),
        beside("rng-copied", drawing.copied_rng(oracle)),
        beside("mask-changed-at-test", drawing.mask_at_test(oracle, lambda mask: None)),
        beside("mask-changed-at-test", drawing.mask_at_test(oracle, lambda mask: mask)),
        beside("integer-output", integer_output(oracle)),
        beside("mask-exact-count", drawing.exact_count(oracle)),
        beside("mask-means-dropped", drawing.complement(oracle)),
        beside("mask-not-bool", drawing.as_numbers(oracle)),
        beside("mask-not-kept", drawing.forgotten(oracle)),
        beside("mode-asked-in-backward", backward.mode_of_now(oracle)),
        beside("masked-at-test", backward.masked_at_test(oracle)),
        beside("stale-cache", backward.stale_mask(oracle)),
        beside("shared-between-instances", backward.shared_mask(oracle)),
        *(
            replace(one, beside=True)
            for one in general(
                oracle, "stale-cache", "shared-between-instances", "gradient-accumulated", "upstream-forgotten"
            )
        ),
    )


MISCONCEPTIONS: dict[str, tuple[Misconception, ...]] = {
    "ClassicDropout": (
        beside("backward-scaled", backward.scaled(ClassicDropout, lambda p: 1 / p)),
        beside("backward-scaled", backward.scaled(ClassicDropout, lambda p: p)),
        beside("test-backward-not-scaled", backward.unscaled_at_test(ClassicDropout, lambda p: 1 / p)),
        beside("scaled-by-drop-at-test", formulas(ClassicDropout, test=lambda p, x: x * (1 - p))),
        beside("not-scaled", formulas(ClassicDropout, test=lambda p, x: x * 1.0)),
        beside("scaled-by-drop-at-test", forward_alone(ClassicDropout, lambda p, x: x * (1 - p))),
        beside("not-scaled", forward_alone(ClassicDropout, lambda p, x: x * 1.0)),
        beside("divided-at-test", forward_alone(ClassicDropout, lambda p, x: x / p)),
        beside("divided-at-test", formulas(ClassicDropout, test=lambda p, x: x / p)),
        beside("divided-in-training", formulas(ClassicDropout, train=lambda p, x, m: x * m / p)),
        beside(
            "divided-in-training",
            formulas(ClassicDropout, train=lambda p, x, m: x * m / p, test=lambda p, x: x * 1.0),
        ),
        beside("multiplied-in-training", formulas(ClassicDropout, train=lambda p, x, m: x * m * p)),
        beside(
            "multiplied-in-training",
            formulas(ClassicDropout, train=lambda p, x, m: x * m * p, test=lambda p, x: x * 1.0),
        ),
        beside("dropped-at-test", at_test_dropped(ClassicDropout, lambda p, x, m: x * m)),
        beside("dropped-at-test", at_test_dropped(ClassicDropout, lambda p, x, m: x * m * p)),
        beside("dropped-at-test", dropped_with_right_gradient(ClassicDropout, lambda p, x, m: x * m)),
        *either(ClassicDropout),
    ),
    "Dropout": (
        beside("scaled-twice", formulas(Dropout, test=lambda p, x: x * p)),
        beside("scaled-twice", forward_alone(Dropout, lambda p, x: x * p)),
        beside("backward-not-scaled", backward.scaled(Dropout, lambda p: p)),
        beside("backward-scaled", backward.scaled(Dropout, lambda p: 1 / p)),
        beside("backward-scaled", backward.scaled(Dropout, lambda p: p * p)),
        beside("test-backward-scaled", backward.unscaled_at_test(Dropout, lambda p: 1 / p)),
        beside("test-backward-scaled", backward.unscaled_at_test(Dropout, lambda p: p)),
        beside("divided-by-drop", formulas(Dropout, train=lambda p, x, m: x * m / torch.tensor(1 - p))),
        beside("divided-by-measured-share", formulas(Dropout, train=lambda p, x, m: x * m / m.mean().clamp(min=1e-9))),
        beside("divided-twice", formulas(Dropout, train=lambda p, x, m: x * m / p**2)),
        beside("divided-twice", trained_alone(Dropout, lambda p, x, m: x * m / p**2)),
        beside("not-scaled", formulas(Dropout, train=lambda p, x, m: x * m)),
        beside("not-scaled", formulas(Dropout, train=lambda p, x, m: x * m, test=lambda p, x: x * p)),
        beside("scaled-by-drop-at-test", formulas(Dropout, test=lambda p, x: x * (1 - p))),
        beside("scaled-by-drop-at-test", forward_alone(Dropout, lambda p, x: x * (1 - p))),
        beside("divided-at-test", forward_alone(Dropout, lambda p, x: x / p)),
        beside("divided-at-test", formulas(Dropout, test=lambda p, x: x / p)),
        beside("multiplied-in-training", formulas(Dropout, train=lambda p, x, m: x * m * p)),
        beside("dropped-at-test", at_test_dropped(Dropout, lambda p, x, m: x * m / p)),
        beside("dropped-at-test", at_test_dropped(Dropout, lambda p, x, m: x * m)),
        beside("dropped-at-test", at_test_dropped(Dropout, lambda p, x, m: x * m * p)),
        beside("dropped-at-test", dropped_with_right_gradient(Dropout, lambda p, x, m: x * m / p)),
        *either(Dropout),
    ),
}
