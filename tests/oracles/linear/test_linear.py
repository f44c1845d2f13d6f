"""Three witnesses for the oracles of lesson 03: torch (which they use), a numeric gradient, and hand calculation."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.nn import Layer
from ncl_course.oracles.linear.right import CrossEntropyLoss, Flatten, GlobalAvgPool2d, Linear, Softmax, parameter_count


def numeric(value, x, h=1e-5):
    """Return the numeric gradient of ``value()`` with respect to x, which is changed in place and restored."""
    gradient = np.zeros_like(x)
    for index in np.ndindex(*x.shape):
        kept = x[index]
        x[index] = kept + h
        above = value()
        x[index] = kept - h
        gradient[index] = (above - value()) / (2 * h)
        x[index] = kept
    return gradient


@pytest.mark.parametrize(
    ("layer", "shape"),
    [(Flatten(), (2, 3, 2, 2)), (GlobalAvgPool2d(), (2, 3, 4, 2)), (Softmax(), (2, 3, 4)), (Linear(3, 2), (4, 3))],
    ids=lambda value: type(value).__name__ if isinstance(value, Layer) else "",
)
def test_the_gradients_equal_the_numeric_ones(layer, shape):
    rng = np.random.default_rng(1)
    x = rng.standard_normal(shape)
    grad_out = rng.standard_normal(layer.forward(x).shape)

    def value():
        return (layer.forward(x) * grad_out).sum()

    numbers = {name: numeric(value, values) for name, values in layer.params.items()}
    dx = numeric(value, x)
    layer.forward(x)
    np.testing.assert_allclose(layer.backward(grad_out), dx, atol=1e-8)
    for name, gradient in numbers.items():
        np.testing.assert_allclose(layer.grads[name], gradient, atol=1e-8)


def test_the_loss_has_the_numeric_gradient():
    logits, labels = np.random.default_rng(2).standard_normal((3, 4)), np.array([1, 3, 1], np.uint8)
    loss = CrossEntropyLoss()
    gradient = numeric(lambda: loss.forward(logits, labels), logits)
    loss.forward(logits, labels)
    np.testing.assert_allclose(loss.backward(), gradient, atol=1e-8)
    np.testing.assert_allclose(loss.backward().sum(1), 0, atol=1e-12)


def test_flatten_puts_each_number_where_it_belongs():
    x = np.arange(120.0).reshape(2, 3, 4, 5)
    y = Flatten().forward(x)
    assert y.shape == (2, 60)
    assert y[1, 43] == x[1, 2, 0, 3]


def test_a_fully_connected_layer_equals_a_calculation_by_hand():
    layer = Linear(2, 1, np.random.default_rng(0))
    layer.params["weight"][...] = [[1, 2]]
    layer.params["bias"][...] = 5
    assert layer.forward(np.array([[3.0, 4], [5, 6]])).tolist() == [[16], [22]]
    assert layer.backward(np.array([[1.0], [10]])).tolist() == [[1, 2], [10, 20]]
    assert layer.grads["weight"].tolist() == [[53, 64]]
    assert layer.grads["bias"].tolist() == [11]


def test_softmax_of_two_numbers_is_the_sigmoid_and_its_gradient_equals_a_calculation_by_hand():
    layer = Softmax()
    assert layer.forward(np.array([2.0, 0]))[0] == pytest.approx(1 / (1 + np.exp(-2)))
    layer.forward(np.log([0.5, 0.25, 0.25]))
    np.testing.assert_allclose(layer.backward(np.array([4.0, 0, 8])), [0, -1, 1], atol=1e-12)


def test_the_loss_of_a_very_wrong_sample_is_2000_and_that_of_equal_logits_is_log_c():
    loss = CrossEntropyLoss()
    assert loss.forward(np.array([[1000.0, -1000]]), np.array([1])) == 2000
    assert loss.forward(np.zeros((4, 10)), np.arange(4)) == pytest.approx(np.log(10))


def test_the_loss_has_the_dtype_of_the_logits():
    loss = CrossEntropyLoss()
    assert loss.forward(np.zeros((2, 3), np.float32), np.array([0, 1])).dtype == np.float32
    assert loss.backward().dtype == np.float32


def test_a_map_becomes_its_mean_and_every_pixel_gets_an_equal_share_of_the_gradient():
    layer = GlobalAvgPool2d()
    assert layer.forward(np.array([[[[1.0, 3], [7, 4], [2, 1]]]])).tolist() == [[3]]
    np.testing.assert_allclose(layer.backward(np.array([[12.0]])), np.full((1, 1, 3, 2), 2))


def test_parameters_are_counted_in_all_layers():
    assert parameter_count([Linear(3, 4), Flatten(), Linear(4, 2)]) == 16 + 10
    assert parameter_count([]) == 0
