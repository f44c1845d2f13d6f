"""Names that once misled: each wrong layer here got a name whose hint led away from its mistake."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.checking.answers import Answers
from ncl_course.checking.run import Here, judge_part
from ncl_course.checking.view import named
from ncl_course.exercises import find
from tests.answers.activations_right import EinsumPReLU
from tests.answers.pooling_right import FourLoopsMax, LastMaximum
from tests.checking.naming.outside.made import edited, judged, rows
from tests.checking.naming.outside.written import other_linear


class OneHotLoss:
    """0 · log 0 is NaN."""

    def forward(self, logits, labels):
        e = np.exp(logits - logits.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        with np.errstate(all="ignore"):
            return -(np.eye(logits.shape[1])[labels] * np.log(p)).sum() / len(labels)


class Float32Buffer(FourLoopsMax):
    """It looks for the maxima in an array of float32."""

    def forward(self, x):
        y = super().forward(x.astype(np.float32))
        self.x = x
        return y.astype(x.dtype)


class TwoByTwo(LastMaximum):
    """Ignores both arguments."""

    def __init__(self, kernel_size, stride=None):
        super().__init__(2, 2)


class ReshapedPReLU(EinsumPReLU):
    """Its slopes stand along the last axis only in memory's order."""

    def forward(self, x):
        flat = x.reshape(-1, len(self.params["alpha"]))
        return np.where(flat > 0, flat, flat * self.params["alpha"]).reshape(x.shape).astype(x.dtype)


@pytest.mark.parametrize(
    ("exercise", "answer", "misleading"),
    [
        ("CrossEntropyLoss", OneHotLoss, "global-maximum"),
        ("MaxPool2d", TwoByTwo, "stride-from-kernel"),
        ("PReLU", ReshapedPReLU, "prelu-slopes-along-last-axis"),
    ],
)
def test_a_misleading_name_is_given_no_more_on_any_seed(exercise, answer, misleading):
    parts = [judge_part(Here(answer), Answers(find(exercise), "forward", seed)) for seed in (0, 1)]
    assert all(part.failing for part in parts)
    assert misleading not in {name for part in parts for name in part.misconceptions}
    assert parts[0].misconceptions == parts[1].misconceptions


def test_a_buffer_of_float32_gets_a_name_whose_hint_speaks_of_it():
    parts = [judge_part(Here(Float32Buffer), Answers(find("MaxPool2d"), "backward", seed)) for seed in (0, 1)]
    assert {part.misconceptions for part in parts} == {("nearly-equal-taken",)}
    assert "float32" in named("MaxPool2d", "nearly-equal-taken").hint


@pytest.mark.parametrize(
    ("lesson", "cause", "right_name"),
    [
        ("dropout", "mask inverted in backward", "backward-mask-inverted"),
        ("linear", "the mean is subtracted", "maximum-not-subtracted"),
        ("pooling", "rounds to the nearest", "size-rounded-to-nearest"),
        ("activations", "1 - y^2 with sigma for y", "tanh-of-sigma"),
        ("activations", "one number for all", "prelu-gradient-over-channels"),
        ("normalization", "gamma and beta exchanged", "affine-exchanged"),
        ("normalization", "gamma is 0 at first", "affine-start"),
        ("normalization", "beta is 1 at first", "affine-start"),
        ("normalization", "gamma is 0 at first in batches", "affine-start"),
        ("training", "labels shuffled only", "images-not-shuffled"),
        ("training", "the gradients are given to step", "arguments-differ"),
    ],
)
def test_a_mistake_that_had_no_name_or_a_wrong_one_has_its_own_on_any_seed(lesson, cause, right_name):
    (row,) = [row for row in rows(f"written.other_{lesson}") if row[0] == cause]
    for seed in (0, 1):
        results = judged(edited(row[2], *row[3:]), seed)
        first = next(part for part in results.parts if part.failing)
        assert first.misconceptions == (right_name,)


SHIFT = "logits - np.max(logits, axis=1, keepdims=True)"


@pytest.mark.parametrize(
    ("change", "right_name"),
    [
        ("logits - np.mean(logits, axis=1, keepdims=True)", "maximum-not-subtracted"),
        ("logits - np.min(logits, axis=1, keepdims=True)", "maximum-not-subtracted"),
        ("logits - logits[:, :1]", "maximum-not-subtracted"),
        ("logits - np.max(logits)", "global-maximum"),
        ("np.clip(logits, -500, 500) - np.clip(logits, -500, 500).max(1, keepdims=True)", "logits-clipped"),
    ],
)
def test_a_shift_that_is_not_the_rows_maximum_has_the_name_of_its_own_mistake(change, right_name):
    first = judged(edited(other_linear.LOSS_CACHE, SHIFT, change), seed=0).parts[0]
    assert first.misconceptions == (right_name,)


@pytest.mark.parametrize(
    ("lesson", "cause", "formula"),
    [
        ("linear", "all entries lose 1", "1/N · (p − 1)"),
        ("linear", "in the corner only", "g at the first pixel"),
        ("activations", "gradient of alpha without x", "Σ g [x ≤ 0]"),
        ("activations", "assigned, not added", "g·x of the last sample with this piece [largest]"),
        ("normalization", "-0.5 lost", "(D − M) + 2·V"),
        ("normalization", "not centred", "x/√(mean x² + ε)"),
        ("normalization", "axes without height", "β + γ·(x − μ)/√(mean σ²(H, W) + ε)"),
        ("normalization", "batch counted in the statistics", "β + γ·(x − μ(N, group))/σ"),
        ("normalization", "backward by the filter, not the normalized", "(D − M) − x·mean(dx̂·x)"),
    ],
)
def test_a_formula_that_was_not_recognised_is_written_down(lesson, cause, formula):
    row = next(row for row in rows(f"written.other_{lesson}") if row[0] == cause)
    first = next(part for part in judged(edited(row[2], *row[3:]), seed=0).parts if part.failing)
    assert [(one.name, one.values.get("formula")) for one in first.found] == [("another-formula", formula)]
