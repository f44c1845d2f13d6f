"""Softmax in the forms in which it is written on paper, in two float types."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.oracles.linear.right import Softmax
from ncl_course.oracles.linear.softmax_written import written_softmax

LOGITS = np.array([1.0, 0.0, -1.0])


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("shifted", [False, True])
def test_near_0_every_way_is_right(precision, shifted):
    right = Softmax().forward(LOGITS)
    assert np.allclose(written_softmax(LOGITS, precision, shifted=shifted).quotients, right, atol=1e-6)


def test_at_a_thousand_the_shifted_form_is_right_and_the_others_give_infinity_then_nan():
    steps = written_softmax(LOGITS + 1000, "float64", shifted=False)
    assert np.isinf(steps.exponentials).all()
    assert np.isnan(steps.quotients).all()
    shifted = written_softmax(LOGITS + 1000, "float64", shifted=True)
    assert shifted.exponents.tolist() == [0, -1, -2]
    assert np.allclose(shifted.quotients, Softmax().forward(LOGITS))


def test_float32_overflows_earlier_than_float64():
    assert np.isfinite(written_softmax(LOGITS + 88, "float64", shifted=False).exponentials).all()
    assert np.isinf(written_softmax(LOGITS + 88, "float32", shifted=False).exponentials).any()
