"""Names that once misled: each wrong layer here got a name whose hint led away from its mistake."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.checking.answers import Answers
from ncl_course.checking.run import Here, judge_part
from ncl_course.exercises import find
from tests.answers.activations_right import EinsumPReLU
from tests.answers.pooling_right import LastMaximum


class OneHotLoss:
    """0 · log 0 is NaN."""

    def forward(self, logits, labels):
        e = np.exp(logits - logits.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        with np.errstate(all="ignore"):
            return -(np.eye(logits.shape[1])[labels] * np.log(p)).sum() / len(labels)


class Float32Buffer(LastMaximum):
    """Its maxima pass through an array of float32."""

    def forward(self, x):
        return super().forward(x).astype(np.float32).astype(x.dtype)


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
        ("MaxPool2d", Float32Buffer, "nearly-equal-taken"),
        ("MaxPool2d", TwoByTwo, "stride-from-kernel"),
        ("PReLU", ReshapedPReLU, "prelu-slopes-along-last-axis"),
    ],
)
def test_a_misleading_name_is_given_no_more_on_any_seed(exercise, answer, misleading):
    parts = [judge_part(Here(answer), Answers(find(exercise), "forward", seed)) for seed in (0, 1)]
    assert all(part.failing for part in parts)
    assert misleading not in {name for part in parts for name in part.misconceptions}
    assert parts[0].misconceptions == parts[1].misconceptions
