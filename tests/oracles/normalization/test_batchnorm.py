"""Witnesses for the oracle of batch normalization: torch (which it uses), a numeric gradient, and hand calculation."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ncl_course.exercises import find
from ncl_course.oracles.normalization.batchnorm import BatchNorm2d, batchnorm_parameter_count, gradient_scale
from ncl_course.oracles.normalization.batchnorm_written import ByHand, Written
from ncl_course.protocol.play import play
from ncl_course.protocol.script import Opaque, Outcome

PENCIL = np.array([1.0, 3, 5, 7]).reshape(2, 1, 1, 2)
"""One map with mean 4 and variance 5; with ε = 4, the square root of the sum is 3."""


def layer_with(oracle, rng, C, eps=0.1, alpha=0.5):
    layer = oracle(C, alpha, eps)
    layer.params["gamma"][...] = rng.standard_normal(C)
    layer.params["beta"][...] = rng.standard_normal(C)
    return layer


def numeric_gradient(function, values, h=1e-5):
    slopes = np.zeros_like(values)
    for index in np.ndindex(*values.shape):
        kept = values[index]
        values[index] = kept + h
        above = function()
        values[index] = kept - h
        slopes[index] = (above - function()) / (2 * h)
        values[index] = kept
    return slopes


@pytest.mark.parametrize("oracle", [BatchNorm2d, Written, ByHand])
@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("shape", [(2, 3, 2, 3), (1, 2, 2, 2), (3, 1, 1, 1)])
def test_all_three_gradients_equal_the_numeric_ones(oracle, training, shape):
    rng = np.random.default_rng(5)
    x, g = rng.standard_normal(shape) * 2 + 1, rng.standard_normal(shape)
    layer = layer_with(oracle, rng, shape[1])
    layer.training = training

    def loss():
        return (layer.forward(x) * g).sum()

    numeric = numeric_gradient(loss, x), *(numeric_gradient(loss, layer.params[name]) for name in ("gamma", "beta"))
    layer.running_mean[...], layer.running_var[...] = 0, 1
    layer.forward(x)
    dx = layer.backward(g)
    for got, want in zip((dx, layer.grads["gamma"], layer.grads["beta"]), numeric, strict=True):
        np.testing.assert_allclose(got, want, atol=1e-8)


def test_the_output_and_all_gradients_equal_a_calculation_by_hand():
    layer = BatchNorm2d(1, alpha=0.5, eps=4)
    layer.params["gamma"][...], layer.params["beta"][...] = 3, 10
    assert layer.forward(PENCIL).ravel() == pytest.approx([7, 9, 11, 13])
    dx = layer.backward(np.array([9.0, 0, 0, 0]).reshape(PENCIL.shape))
    # d = gγ = 27 0 0 0; x̂ = −1 −1/3 1/3 1; the three paths: d/3 − mean(d)/3 − x̂·mean(d·x̂)/3
    assert dx.ravel() == pytest.approx([9 - 2.25 - 2.25, -2.25 - 0.75, -2.25 + 0.75, -2.25 + 2.25])
    assert layer.grads["gamma"] == pytest.approx(-9)
    assert layer.grads["beta"] == pytest.approx(9)


def test_the_running_statistics_follow_the_lecture():
    layer = BatchNorm2d(1, alpha=0.75)
    assert (layer.running_mean.tolist(), layer.running_var.tolist()) == ([0], [1])
    layer.forward(PENCIL)
    assert layer.running_mean == pytest.approx(0.75 * 0 + 0.25 * 4)
    assert layer.running_var == pytest.approx(0.75 * 1 + 0.25 * 5)
    layer.eval().forward(PENCIL)
    assert layer.running_mean == pytest.approx(1)


def test_torch_differs_by_its_momentum_and_by_n_over_n_minus_1():
    x = np.random.default_rng(0).standard_normal((2, 3, 2, 2))
    ours, theirs = BatchNorm2d(3, alpha=0.9), torch.nn.BatchNorm2d(3, momentum=0.1, dtype=torch.float64)
    y = ours.forward(x)
    np.testing.assert_allclose(theirs(torch.tensor(x)).detach(), y)
    np.testing.assert_allclose(theirs.running_mean, ours.running_mean)
    np.testing.assert_allclose((theirs.running_var - 0.9) * 7 / 8 + 0.9, ours.running_var)


def test_at_test_time_a_sample_does_not_depend_on_the_rest_of_the_batch():
    rng = np.random.default_rng(1)
    layer = layer_with(BatchNorm2d, rng, 2)
    x = rng.standard_normal((3, 2, 2, 2))
    layer.forward(x)
    layer.eval()
    np.testing.assert_allclose(layer.forward(x)[:1], layer.forward(x[:1]))


def test_the_oracle_continues_from_the_students_running_statistics():
    layer = BatchNorm2d(1, eps=1.0).eval()
    layer.student = Outcome(value=np.array([4.0])), Outcome(value=np.array([3.0])), Outcome(value=PENCIL)
    layer.step = 2
    assert layer.forward(PENCIL).ravel() == pytest.approx([-1.5, -0.5, 0.5, 1.5])
    layer.student = Outcome(value=None), Outcome(value=np.array([3.0, 3.0])), Outcome(value=PENCIL)
    assert layer.forward(PENCIL).ravel() == pytest.approx(PENCIL.ravel() / np.sqrt(2))


@pytest.mark.parametrize("written", [Written, ByHand])
def test_the_written_out_layer_equals_the_oracle_in_every_case(written):
    exercise = find("BatchNorm2d")
    for part in exercise.parts:
        for case in part.cases(np.random.default_rng(2)):
            for step, right, got in zip(
                case.script, play(exercise.oracle, case.script), play(written, case.script), strict=True
            ):
                if isinstance(right.value, Opaque):  # train() and eval() return the layer
                    assert isinstance(got.value, Opaque)
                elif step.label:
                    np.testing.assert_allclose(got.value, right.value, rtol=1e-6, atol=1e-6 * max(1, step.scale))


def test_the_natural_scale_is_the_largest_gradient_over_sigma():
    g = np.array([1.0, -6, 2, 0]).reshape(PENCIL.shape)
    assert gradient_scale(PENCIL, g, np.array([-2.0]), 4.0) == pytest.approx(6 * 2 / 3)


def test_four_numbers_per_map_are_counted():
    assert batchnorm_parameter_count(1, 1) == 4
    assert batchnorm_parameter_count(10, 64) == 2560
    assert type(batchnorm_parameter_count(np.int64(2), 3)) is int


def test_the_answer_has_the_input_dtype():
    layer = BatchNorm2d(1)
    assert layer.forward(PENCIL.astype(np.float32)).dtype == np.float32
    assert layer.backward(PENCIL).dtype == np.float32
