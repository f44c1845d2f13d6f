"""Students' mistakes in lesson 04: the oracles of ``right.py``, each with one thing changed.

All of them see the student's results, because they make the mistake with the student's own mask.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import torch

from ncl_course.oracles.altered import Misconception, general
from ncl_course.oracles.dropout import wrong_drawing as drawing
from ncl_course.oracles.dropout.right import ClassicDropout, Dropout, RandomMask
from ncl_course.oracles.dropout.wrong_backward import (
    gradient_as,
    masked,
    masked_at_test,
    mode_of_now,
    other_mask,
    remembered_mask,
)
from ncl_course.oracles.dropout.wrong_drawing import drawn_as, kept_as
from ncl_course.oracles.dropout.wrong_scaling import at_test_dropped, formulas, integer_output, not_zeroed, values_alone


def beside(name: str, altered: Callable[..., Any]) -> Misconception:
    """Return a misconception that uses the student's own mask."""
    return Misconception(name, altered, beside=True)


def either(oracle: type[RandomMask]) -> tuple[Misconception, ...]:
    """Return the mistakes that students can make in either kind of dropout."""
    return (
        beside("keep-and-drop-swapped", drawing.drop_for_keep(oracle)),
        beside(
            "keep-and-drop-swapped", drawn_as(oracle, lambda self, shape: self.right_draw(shape, 1 - self.keep_prob))
        ),
        beside("keep-prob-not-used", drawn_as(oracle, lambda self, shape: self.right_draw(shape, 0.5))),
        beside("keep-prob-not-used", drawn_as(oracle, lambda self, shape: self.right_draw(shape, 1.0))),
        beside("backward-mask-inverted", gradient_as(oracle, lambda self, g: masked(self, ~self.mask, g))),
        beside("backward-mask-inverted", gradient_as(oracle, lambda self, g: g * ~torch.tensor(self.mask))),
        beside("fresh-mask-in-backward", gradient_as(oracle, lambda self, g: masked(self, other_mask(self), g))),
        beside("backward-not-masked", gradient_as(oracle, lambda self, g: g)),
        beside("backward-not-masked", gradient_as(oracle, lambda self, g: g / self.keep_prob)),
        beside("backward-not-masked", gradient_as(oracle, lambda self, g: g * self.keep_prob)),
        beside("mask-from-output", gradient_as(oracle, lambda self, g: self.right(g) * (self.x.detach() != 0))),
        beside("mask-from-output", kept_as(oracle, lambda _, y: (y != 0).detach().numpy())),
        *(beside("mask-shared", drawing.shared_along(oracle, axis)) for axis in (0, 1, -2, -1)),
        beside("mask-shared", kept_as(drawing.shared_along(oracle, 0), lambda mask, _: mask[:1])),
        beside("mask-drawn-once", drawing.drawn_once(oracle)),
        beside("seed-reset-in-forward", drawing.drawn_from(oracle, lambda: np.random.default_rng(0))),
        beside("mask-not-from-rng", drawing.drawn_from(oracle, lambda: drawing.STREAM)),
        beside("mask-not-from-rng", drawing.generator_as(oracle, lambda _: np.random.default_rng(0))),
        beside("rng-copied", drawing.generator_as(oracle, copy.deepcopy)),
        beside("mask-changed-at-test", drawing.mask_at_test(oracle, lambda mask: None)),
        beside("mask-changed-at-test", drawing.mask_at_test(oracle, lambda mask: mask)),
        beside("integer-output", integer_output(oracle)),
        beside("mask-exact-count", drawing.exact_count(oracle)),
        beside("mask-means-dropped", drawing.complement(oracle)),
        beside("mask-not-bool", kept_as(oracle, lambda mask, _: mask.astype(np.float64))),
        beside("mask-not-kept", kept_as(oracle, lambda *_: None)),
        beside("mode-asked-in-backward", mode_of_now(oracle)),
        beside("masked-at-test", masked_at_test(oracle)),
        beside("stale-cache", remembered_mask(oracle, by_class=False)),
        beside("shared-between-instances", remembered_mask(oracle, by_class=True)),
        *(
            replace(one, beside=True)
            for one in general(
                oracle, "stale-cache", "shared-between-instances", "gradient-accumulated", "upstream-forgotten"
            )
        ),
        beside("dropped-not-zero", not_zeroed(oracle)),  # the last one: it holds of others, too
    )


MISCONCEPTIONS: dict[str, tuple[Misconception, ...]] = {
    "ClassicDropout": (
        beside("backward-scaled", gradient_as(ClassicDropout, lambda self, g: self.right(g) / self.keep_prob)),
        beside("backward-scaled", gradient_as(ClassicDropout, lambda self, g: self.right(g) * self.keep_prob)),
        beside(
            "test-backward-not-scaled", gradient_as(ClassicDropout, test=lambda self, g: self.right(g) / self.keep_prob)
        ),
        beside("scaled-by-drop-at-test", formulas(ClassicDropout, test=lambda p, x: x * (1 - p))),
        beside("not-scaled", formulas(ClassicDropout, test=lambda p, x: x * 1.0)),
        beside(
            "scaled-by-drop-at-test",
            values_alone(ClassicDropout, formulas(ClassicDropout, test=lambda p, x: x * (1 - p))),
        ),
        beside("not-scaled", values_alone(ClassicDropout, formulas(ClassicDropout, test=lambda p, x: x * 1.0))),
        beside("divided-at-test", values_alone(ClassicDropout, formulas(ClassicDropout, test=lambda p, x: x / p))),
        beside("divided-at-test", formulas(ClassicDropout, test=lambda p, x: x / p)),
        beside("divided-in-training", formulas(ClassicDropout, train=lambda p, x, m: x * m / p)),
        beside(
            "divided-in-training", formulas(ClassicDropout, train=lambda p, x, m: x * m / p, test=lambda p, x: x * 1.0)
        ),
        beside("multiplied-in-training", formulas(ClassicDropout, train=lambda p, x, m: x * m * p)),
        beside(
            "multiplied-in-training",
            formulas(ClassicDropout, train=lambda p, x, m: x * m * p, test=lambda p, x: x * 1.0),
        ),
        beside("dropped-at-test", at_test_dropped(ClassicDropout, lambda p, x, m: x * m)),
        beside("dropped-at-test", at_test_dropped(ClassicDropout, lambda p, x, m: x * m * p)),
        beside("dropped-at-test", values_alone(ClassicDropout, at_test_dropped(ClassicDropout, lambda p, x, m: x * m))),
        *either(ClassicDropout),
    ),
    "Dropout": (
        beside("scaled-twice", formulas(Dropout, test=lambda p, x: x * p)),
        beside("scaled-twice", values_alone(Dropout, formulas(Dropout, test=lambda p, x: x * p))),
        beside("backward-not-scaled", gradient_as(Dropout, lambda self, g: self.right(g) * self.keep_prob)),
        beside("backward-scaled", gradient_as(Dropout, lambda self, g: self.right(g) / self.keep_prob)),
        beside("backward-scaled", gradient_as(Dropout, lambda self, g: self.right(g) * self.keep_prob**2)),
        beside("test-backward-scaled", gradient_as(Dropout, test=lambda self, g: self.right(g) / self.keep_prob)),
        beside("test-backward-scaled", gradient_as(Dropout, test=lambda self, g: self.right(g) * self.keep_prob)),
        beside("divided-by-drop", formulas(Dropout, train=lambda p, x, m: x * m / torch.tensor(1 - p))),
        beside("divided-by-measured-share", formulas(Dropout, train=lambda p, x, m: x * m / m.mean().clamp(min=1e-9))),
        beside("divided-twice", formulas(Dropout, train=lambda p, x, m: x * m / p**2)),
        beside("divided-twice", values_alone(Dropout, formulas(Dropout, train=lambda p, x, m: x * m / p**2))),
        beside("not-scaled", formulas(Dropout, train=lambda p, x, m: x * m)),
        beside("not-scaled", formulas(Dropout, train=lambda p, x, m: x * m, test=lambda p, x: x * p)),
        beside("scaled-by-drop-at-test", formulas(Dropout, test=lambda p, x: x * (1 - p))),
        beside("scaled-by-drop-at-test", values_alone(Dropout, formulas(Dropout, test=lambda p, x: x * (1 - p)))),
        beside("divided-at-test", values_alone(Dropout, formulas(Dropout, test=lambda p, x: x / p))),
        beside("divided-at-test", formulas(Dropout, test=lambda p, x: x / p)),
        beside("multiplied-in-training", formulas(Dropout, train=lambda p, x, m: x * m * p)),
        beside("dropped-at-test", at_test_dropped(Dropout, lambda p, x, m: x * m / p)),
        beside("dropped-at-test", at_test_dropped(Dropout, lambda p, x, m: x * m)),
        beside("dropped-at-test", at_test_dropped(Dropout, lambda p, x, m: x * m * p)),
        beside("dropped-at-test", values_alone(Dropout, at_test_dropped(Dropout, lambda p, x, m: x * m / p))),
        *either(Dropout),
    ),
}
