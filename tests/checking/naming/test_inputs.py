"""A right answer to another input is recognised, and the panel says to which."""

from __future__ import annotations

import pytest

from tests.checking.naming.outside import late_linear, late_normalization
from tests.checking.naming.outside.made import edited, judged

ROWS = [
    (late_linear.SOFTMAX, ("shifted = x - np.max(x", "x = x / 255\n        shifted = x - np.max(x"), "x", "x/255"),
    (late_linear.LOSS, ("self.labels = labels", "self.labels = labels - 1"), "labels", "labels − 1"),
    (late_normalization.INSTANCE, ("self.eps = eps", "self.eps = eps * 2"), "eps", "2 · eps"),
    (late_normalization.WEIGHTS, ("mean = W.mean", "W = np.abs(W)\n        mean = W.mean"), "x", "|x|"),
]


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize(("source", "change", "name", "other"), ROWS, ids=[row[3] for row in ROWS])
def test_the_other_input_is_said(source, change, name, other, seed):
    parts = [part for part in judged(edited(source, *change), seed).parts if part.verdict != "passed"]
    assert parts[0].misconceptions == ("another-input",)
    assert parts[0].found[0].values == {"name": name, "other": other}
