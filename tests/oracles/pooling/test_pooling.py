"""Three witnesses for the oracles of pooling: torch (which they use), a numeric gradient, and hand calculation."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.oracles.pooling.right import AvgPool2d, MaxPool2d, pool_output_size
from ncl_course.protocol.script import Outcome

SLIDE = np.array([[1, 3, 2, 9], [7, 4, 1, 5], [8, 5, 2, 3], [4, 2, 1, 4]], dtype=float)[None, None]
G = np.array([[1.0, 2], [3, 4]])[None, None]


def numeric_gradient(layer, x, grad_out, h=1e-5):
    dx = np.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = np.zeros_like(x)
        step[index] = h
        dx[index] = ((layer.forward(x + step) - layer.forward(x - step)) * grad_out).sum() / (2 * h)
    return dx


@pytest.mark.parametrize("oracle", [MaxPool2d, AvgPool2d])
@pytest.mark.parametrize(("kernel_size", "stride"), [(2, None), (3, 1), (3, 2), (2, 3), (1, 2)])
def test_the_gradient_equals_the_numeric_one(oracle, kernel_size, stride):
    rng = np.random.default_rng(5)
    x = rng.permutation(2 * 2 * 5 * 7).reshape(2, 2, 5, 7) / 7
    layer = oracle(kernel_size, stride)
    grad_out = rng.standard_normal(layer.forward(x).shape)
    numeric = numeric_gradient(layer, x, grad_out)
    layer.forward(x)
    np.testing.assert_allclose(layer.backward(grad_out), numeric, atol=1e-9)


def test_the_slide_pools_to_7_9_8_4():
    assert MaxPool2d(2).forward(SLIDE)[0, 0].tolist() == [[7, 9], [8, 4]]


def test_the_averages_of_the_slide_equal_a_calculation_by_hand():
    assert AvgPool2d(2).forward(SLIDE)[0, 0].tolist() == [[3.75, 4.25], [4.75, 2.5]]


def test_overlapping_windows_add_their_gradients_at_a_common_winner():
    layer = MaxPool2d(3, 1)
    layer.forward(SLIDE)
    dx = layer.backward(G)[0, 0]
    assert dx[2, 0] == 1 + 3
    assert dx[0, 3] == 2
    assert dx[1, 3] == 4  # torch takes the first of the two fives
    assert dx.sum() == G.sum()


def beside(layer, answer):
    layer.student, layer.step = (Outcome(value=answer),), 0
    return layer


def test_the_oracle_adopts_the_students_choice_between_equal_maxima():
    layer = MaxPool2d(3, 1)
    layer.forward(SLIDE)
    other = layer.backward(G)
    other[0, 0, 1, 3], other[0, 0, 2, 1] = 0, 4
    assert np.array_equal(beside(layer, other).backward(G), other)


@pytest.mark.parametrize("wrong", ["both", "half", "nobody", "loser"])
def test_the_oracle_does_not_adopt_an_invalid_choice(wrong):
    layer = MaxPool2d(3, 1)
    layer.forward(SLIDE)
    answer = layer.backward(G)
    fives = {"both": (4, 4), "half": (2, 2), "nobody": (0, 0), "loser": (0, 0)}[wrong]
    answer[0, 0, 1, 3], answer[0, 0, 2, 1] = fives
    if wrong == "loser":
        answer[0, 0, 3, 3] = 4
    assert not np.array_equal(beside(layer, answer).backward(G), answer)


def test_a_student_answer_that_is_not_finite_does_not_upset_the_oracle():
    layer = MaxPool2d(3, 1)
    layer.forward(SLIDE)
    assert beside(layer, np.full(SLIDE.shape, np.nan)).backward(G).sum() == G.sum()


@pytest.mark.parametrize(
    ("size", "kernel_size", "stride", "windows"),
    [(4, 2, 2, 2), (5, 2, 2, 2), (7, 3, 2, 3), (8, 3, 2, 3), (4, 3, 1, 2), (3, 3, 1, 1), (5, 2, 3, 2)],
)
def test_the_output_size_equals_the_number_of_counted_windows(size, kernel_size, stride, windows):
    assert pool_output_size(size, kernel_size, stride) == windows


def test_the_answer_has_the_input_dtype():
    layer = AvgPool2d(2)
    assert layer.forward(SLIDE.astype(np.float32)).dtype == np.float32
    assert layer.backward(G).dtype == np.float32


def test_a_size_needs_no_memory_however_large_it_is():
    assert pool_output_size(10**15, 3, 1) == 10**15 - 2
