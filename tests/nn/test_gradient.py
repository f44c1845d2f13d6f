"""The numeric gradient tells right layers from wrong ones, and leaves everything unchanged."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.nn import Layer, compare_gradients, gradient_error, numeric_gradient


class Scale(Layer):
    """y = a·x², elementwise; the two switches make its gradients wrong."""

    def __init__(self, features=3, dtype=np.float64, wrong=""):
        self.params["a"] = np.linspace(1, 2, features).astype(dtype)
        self.wrong = wrong

    def forward(self, x):
        self.x = x
        return self.params["a"] * x**2

    def backward(self, grad_out):
        self.grads["a"] = (grad_out * self.x**2).sum(0) * (1.01 if self.wrong == "a" else 1)
        if self.wrong == "shape":
            self.grads["a"] = self.grads["a"][None]
        if self.wrong == "missing":
            self.grads = {}
        dx = grad_out * self.params["a"] * 2 * self.x
        return None if self.wrong == "none" else dx * (0.99 if self.wrong == "x" else 1)


class Draws(Layer):
    """Draws another mask on every call."""

    def __init__(self):
        self.rng = np.random.default_rng(0)

    def forward(self, x):
        self.mask = self.rng.random(x.shape) < 0.5
        return x * self.mask if self.training else x

    def backward(self, grad_out):
        return grad_out * self.mask if self.training else grad_out


def x(shape=(4, 3)):
    return np.random.default_rng(1).normal(size=shape)


def test_it_is_the_derivative_of_a_function():
    point = x((2, 3))
    np.testing.assert_allclose(numeric_gradient(lambda a: np.sin(a).sum(), point), np.cos(point), atol=1e-9)


@pytest.mark.parametrize("size", [1e6, 1e-3])
def test_the_step_is_relative_to_the_size_of_a_number(size):
    assert numeric_gradient(lambda a: (a**3).sum(), np.array([size])) == pytest.approx(3 * size**2, rel=1e-4)


def test_the_point_is_never_changed_not_even_by_the_function():
    point = x()
    before = point.copy()

    def f(a):
        total = (a**2).sum()
        a[...] = 0
        return total

    np.testing.assert_allclose(numeric_gradient(f, point), 2 * before, atol=1e-8)
    assert np.array_equal(point, before)


def test_x_may_be_integers_or_a_scalar():
    assert numeric_gradient(lambda a: 3 * a.sum(), np.array([1, 2])) == pytest.approx([3, 3])
    assert numeric_gradient(lambda a: a**2, np.array(3.0)) == pytest.approx(6)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_right_layer_has_small_errors_whatever_the_dtype_of_its_params(dtype):
    errors = gradient_error(Scale(dtype=dtype), x())
    assert list(errors) == ["x", "a"]
    assert max(errors.values()) < 1e-6


@pytest.mark.parametrize("name", ["x", "a"])
def test_a_gradient_that_is_one_per_cent_off_stands_out_and_the_other_does_not(name):
    errors = gradient_error(Scale(wrong=name), x())
    assert errors.pop(name) == pytest.approx(0.01, rel=0.02)
    assert max(errors.values()) < 1e-8


def test_nan_is_never_a_small_error():
    class Nan(Scale):
        def backward(self, grad_out):
            return super().backward(grad_out) * np.nan

    assert not gradient_error(Nan(), x())["x"] < 1e30


def test_params_are_restored_even_if_forward_raises():
    layer = Scale()
    before = layer.params["a"].copy()
    gradient_error(layer, x())
    assert np.array_equal(layer.params["a"], before)

    calls = []

    def f(a):
        calls.append(a.copy())
        if len(calls) == 3:
            raise ValueError("third call")
        return 0.0

    point = np.array([1.0, 2.0])
    with pytest.raises(ValueError, match="third call"):
        numeric_gradient(f, point)
    assert point.tolist() == [1, 2]


def test_a_comparison_says_where_the_error_is_largest():
    class OneWrong(Scale):
        def backward(self, grad_out):
            dx = super().backward(grad_out)
            dx[2, 1] += 1
            return dx

    first = compare_gradients(OneWrong(), x(), grad_out=np.ones((4, 3)))[0]
    assert first.worst == (2, 1)
    assert first.own[2, 1] - first.numeric[2, 1] == pytest.approx(1)
    assert str(first).startswith("x: relative error ")
    assert "largest at (2, 1): backward " in str(first)


def test_an_empty_input_has_no_error():
    assert gradient_error(Scale(), np.zeros((0, 3)))["x"] == 0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("missing", r"Scale: grads\['a'\] should be dL/da of shape \(3,\), but is nothing"),
        ("shape", r"grads\['a'\] should be dL/da of shape \(3,\), but is of shape \(1, 3\)"),
        ("none", r"the answer of backward should be dL/dx of shape \(4, 3\), but is nothing"),
    ],
)
def test_a_gradient_that_is_not_there_or_has_another_shape_is_named(wrong, words):
    with pytest.raises(ValueError, match=words):
        gradient_error(Scale(wrong=wrong), x())


def test_a_layer_that_draws_each_time_is_refused_but_can_be_checked_in_test_mode():
    with pytest.raises(ValueError, match=r"Draws returns something else for the same x each time.*eval\(\)"):
        gradient_error(Draws(), x())
    assert gradient_error(Draws().eval(), x())["x"] < 1e-8


def test_rng_draws_the_gradient_of_the_output():
    one, other = (compare_gradients(Scale(), x(), rng=np.random.default_rng(seed))[0].own for seed in (1, 2))
    assert not np.array_equal(one, other)
