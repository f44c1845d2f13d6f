"""Three witnesses for the oracles of activations: torch (which they use), a numeric gradient, and hand calculation."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ncl_course.oracles.activations.right import ELU, LeakyReLU, Maxout, PReLU, ReLU, Sigmoid, Tanh
from ncl_course.protocol.script import Outcome

LAYERS = {
    "ReLU": ReLU,
    "Sigmoid": Sigmoid,
    "Tanh": Tanh,
    "LeakyReLU": lambda: LeakyReLU(2.0),
    "ELU": lambda: ELU(2.0),
    "PReLU": PReLU,
    "PReLU by channel": lambda: PReLU(3),
}
PENCIL = [
    (ReLU(), [-2.0, 3.0], [0.0, 3.0], [0.0, 1.0]),
    (Sigmoid(), [0.0, math.log(3)], [0.5, 0.75], [0.25, 0.1875]),
    (Tanh(), [0.0, math.log(3) / 2], [0.0, 0.5], [1.0, 0.75]),
    (LeakyReLU(), [-2.0, 3.0], [-0.2, 3.0], [0.1, 1.0]),
    (ELU(2.0), [-math.log(2), 3.0], [-1.0, 3.0], [1.0, 1.0]),
    (PReLU(), [-2.0, 3.0], [-0.5, 3.0], [0.25, 1.0]),
]


def numeric(value, at, h=1e-6):
    """Return the numeric gradient of ``value()`` with respect to the array ``at``, which is changed and restored."""
    grad = np.zeros(at.shape)
    for index in np.ndindex(*at.shape):
        old = at[index]
        at[index] = old + h
        above = value()
        at[index] = old - h
        grad[index] = (above - value()) / (2 * h)
        at[index] = old
    return grad


def check_gradients(layer, x, rng):
    for values in layer.params.values():
        values[...] = rng.normal(size=values.shape)
    grad_out = rng.standard_normal(layer.forward(x).shape)

    def loss():
        return float((layer.forward(x) * grad_out).sum())

    wanted = {"x": numeric(loss, x), **{name: numeric(loss, values) for name, values in layer.params.items()}}
    layer.forward(x)
    got = {"x": layer.backward(grad_out), **layer.grads}
    for name, right in wanted.items():
        np.testing.assert_allclose(got[name], right, atol=1e-8, err_msg=name)


@pytest.mark.parametrize("name", LAYERS)
def test_the_gradients_equal_the_numeric_ones(name):
    rng = np.random.default_rng(5)
    x = rng.permutation(np.arange(48) - 24.5).reshape(2, 3, 4, 2) / 9
    check_gradients(LAYERS[name](), x, rng)


@pytest.mark.parametrize("pieces", [2, 3])
def test_the_gradients_of_maxout_equal_the_numeric_ones(pieces):
    rng = np.random.default_rng(6)
    check_gradients(Maxout(3, 4, pieces, rng), rng.standard_normal((5, 3)), rng)


@pytest.mark.parametrize(("layer", "x", "y", "slope"), PENCIL, ids=[type(row[0]).__name__ for row in PENCIL])
def test_value_and_slope_equal_a_calculation_by_hand(layer, x, y, slope):
    np.testing.assert_allclose(layer.forward(np.array(x)), y, atol=1e-12)
    np.testing.assert_allclose(layer.backward(np.ones(2)), slope, atol=1e-12)


def maxout(weight, bias):
    layer = Maxout(len(weight[0][0]), len(weight[0]), len(weight))
    layer.params.update(weight=np.array(weight, dtype=float), bias=np.array(bias, dtype=float))
    return layer


def test_maxout_sends_the_whole_gradient_through_the_winning_piece():
    layer = maxout([[[1, 0]], [[0, 2]]], [[0], [-1]])
    assert layer.forward(np.array([[3.0, 1.0], [0.0, 2.0]])).tolist() == [[3.0], [3.0]]
    assert layer.backward(np.array([[5.0], [7.0]])).tolist() == [[5.0, 0.0], [0.0, 14.0]]
    assert layer.grads["weight"].tolist() == [[[15.0, 5.0]], [[0.0, 14.0]]]
    assert layer.grads["bias"].tolist() == [[5.0], [7.0]]


@pytest.mark.parametrize("layer", [ReLU(), Sigmoid(), Tanh(), LeakyReLU(2.0), ELU(2.0), PReLU()])
def test_an_input_of_a_thousand_does_not_overflow(layer):
    assert np.isfinite(layer.forward(np.array([-1000.0, 1000.0]))).all()
    assert np.isfinite(layer.backward(np.ones(2))).all()


def at_zero(layer, answer):
    """Return the oracle's answer at x = 0 for grad_out = 4 to a student's ``answer``."""
    layer.forward(np.array([0.0]))
    layer.student, layer.step = (Outcome(value=np.array([answer])),), 0
    return float(layer.backward(np.array([4.0]))[0])


@pytest.mark.parametrize(
    ("layer", "low", "high"),
    [(ReLU, 0, 4), (LeakyReLU, 0.4, 4), (lambda: LeakyReLU(2.0), 4, 8), (lambda: ELU(2.0), 4, 8), (PReLU, 1, 4)],
)
def test_at_the_kink_the_oracle_adopts_any_slope_between_left_and_right_and_no_other(layer, low, high):
    for valid in (low, (low + high) / 2, high):
        assert at_zero(layer(), valid) == pytest.approx(valid)
    assert at_zero(layer(), low - 1) == pytest.approx(low)
    assert at_zero(layer(), high + 1) == pytest.approx(high)
    assert np.isfinite(at_zero(layer(), math.nan))


@pytest.mark.parametrize("layer", [Sigmoid, Tanh])
def test_away_from_the_kink_the_oracle_does_not_adopt_the_students_slope(layer):
    assert at_zero(layer(), 0.5) == pytest.approx(4 * (0.25 if layer is Sigmoid else 1))


def beside(layer, x, grad_out, shares):
    """Return the oracle's answers to a student who gives these shares (N, pieces, out) to tied pieces."""
    sent = shares * grad_out[:, None]
    weight, bias = np.einsum("npo,ni->poi", sent, x), sent.sum(0)
    layer.forward(x)
    layer.student, layer.step = (Outcome(), Outcome(value=weight), Outcome(value=bias)), 0
    dx = layer.backward(grad_out)
    right = np.einsum("npo,poi->ni", sent, layer.params["weight"])
    return [(dx, right), (layer.grads["weight"], weight), (layer.grads["bias"], bias)]


TIED = maxout([[[1, 2], [3, -1]]] * 2, [[1, 0]] * 2)
X, G = np.array([[2.0, -1.0], [1.0, 3.0]]), np.array([[1.0, -2.0], [4.0, 8.0]])


@pytest.mark.parametrize("first", [0.0, 0.5, 1.0, 0.25])
def test_the_oracle_adopts_shares_of_tied_pieces_that_add_up_to_one(first):
    shares = np.stack([np.full((2, 2), first), np.full((2, 2), 1 - first)], axis=1)
    shares[0, :, 0] = shares[0, ::-1, 0]  # a different choice for one output of one sample
    for got, right in beside(TIED, X, G, shares):
        np.testing.assert_allclose(got, right, atol=1e-12)


@pytest.mark.parametrize("each", [1.0, 0.0])
def test_the_oracle_does_not_adopt_shares_that_do_not_add_up_to_one(each):
    assert any(not np.allclose(got, right) for got, right in beside(TIED, X, G, np.full((2, 2, 2), each)))


def test_a_piece_that_lost_gets_no_gradient_whatever_the_students_shares():
    layer = maxout([[[1, 0]], [[0, 2]]], [[0], [-1]])
    layer.forward(X)
    right = layer.backward(G[:, :1])
    answers = beside(layer, X, G[:, :1], np.full((2, 2, 1), 0.5))
    assert np.array_equal(answers[0][0], right)


def test_the_answer_has_the_input_dtype_whatever_the_parameters_have():
    for layer in (PReLU(3), Maxout(3, 2)):
        x = np.ones((2, 3), np.float32)
        assert layer.forward(x).dtype == np.float32
        assert layer.backward(np.ones_like(layer.forward(x))).dtype == np.float32
