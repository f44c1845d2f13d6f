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
