"""Three witnesses for the oracles within a sample: torch's own functions, a numeric gradient, and hand calculation."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit

from ncl_course.oracles.normalization.groupnorm import (
    GroupNorm,
    InstanceNorm2d,
    LayerNorm2d,
    WeightStandardization,
    natural_scale,
)

LAYERS = {
    "LN": lambda: LayerNorm2d(4, 0.1),
    "IN": lambda: InstanceNorm2d(4, 0.1),
    "GN": lambda: GroupNorm(2, 4, 0.1),
    "WS": lambda: WeightStandardization(0.1),
}
every_layer = pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)


def with_random_affine(layer, rng):
    for values in layer.params.values():
        values[...] = rng.standard_normal(values.shape)
    return layer


def numeric_gradient(function, values, grad_out, h=1e-5):
    grad = np.zeros_like(values)
    for index in np.ndindex(*values.shape):
        kept = values[index]
        values[index] = kept + h
        above = function()
        values[index] = kept - h
        grad[index] = ((above - function()) * grad_out).sum() / (2 * h)
        values[index] = kept
    return grad


@every_layer
def test_the_gradients_equal_the_numeric_ones(make):
    rng = np.random.default_rng(5)
    layer, x, grad_out = with_random_affine(make(), rng), *rng.standard_normal((2, 3, 4, 2, 3))
    numeric = {"x": numeric_gradient(lambda: layer.forward(x), x, grad_out)}
    for name, values in layer.params.items():
        numeric[name] = numeric_gradient(lambda: layer.forward(x), values, grad_out)
    layer.forward(x)
    got = {"x": layer.backward(grad_out), **layer.grads}
    assert got.keys() == numeric.keys()
    for name, values in got.items():
        np.testing.assert_allclose(values, numeric[name], atol=1e-8)


@pytest.mark.parametrize("G", [1, 2, 3, 6])
def test_group_norm_is_torchs(G):
    rng = np.random.default_rng(G)
    layer, x, grad_out = with_random_affine(GroupNorm(G, 6, 0.1), rng), *rng.standard_normal((2, 3, 6, 2, 5))
    tensor, gamma, beta = (
        torch.tensor(a, requires_grad=True) for a in (x, layer.params["gamma"], layer.params["beta"])
    )
    y = F.group_norm(tensor, G, gamma, beta, 0.1)
    y.backward(torch.tensor(grad_out))
    np.testing.assert_allclose(layer.forward(x), y.detach(), atol=1e-12)
    np.testing.assert_allclose(layer.backward(grad_out), tensor.grad, atol=1e-12)
    np.testing.assert_allclose(layer.grads["gamma"], gamma.grad, atol=1e-12)
    np.testing.assert_allclose(layer.grads["beta"], beta.grad, atol=1e-12)


def test_one_group_is_layer_norm_and_as_many_groups_as_channels_are_instance_norm():
    x = np.random.default_rng(1).standard_normal((3, 4, 2, 5))
    layer, instance = (torch.tensor(x) for _ in range(2))
    np.testing.assert_allclose(GroupNorm(1, 4).forward(x), LayerNorm2d(4).forward(x))
    np.testing.assert_allclose(GroupNorm(4, 4).forward(x), InstanceNorm2d(4).forward(x))
    np.testing.assert_allclose(LayerNorm2d(4).forward(x), F.layer_norm(layer, [4, 2, 5]), atol=1e-12)
    np.testing.assert_allclose(InstanceNorm2d(4).forward(x), F.instance_norm(instance), atol=1e-12)


def test_two_maps_normalized_together_and_separately_equal_a_calculation_by_hand():
    x = np.array([[1.0, 3.0], [5.0, 7.0]]).reshape(1, 2, 1, 2)
    assert LayerNorm2d(2, eps=4.0).forward(x).ravel().tolist() == [-1, -1 / 3, 1 / 3, 1]
    assert InstanceNorm2d(2, eps=3.0).forward(x).ravel().tolist() == [-0.5, 0.5, -0.5, 0.5]


def test_a_filter_standardized_with_eps_inside_the_root_equals_a_calculation_by_hand():
    weight = np.array([[1.0, 3.0], [10.0, 10.0]]).reshape(2, 1, 1, 2)
    assert WeightStandardization(eps=3.0).forward(weight).ravel().tolist() == [-0.5, 0.5, 0, 0]


def test_gamma_and_beta_belong_to_a_channel():
    layer = GroupNorm(1, 2, eps=4.0)
    layer.params["gamma"][...], layer.params["beta"][...] = [3, 6], [10, 20]
    x = np.array([[1.0, 3.0], [5.0, 7.0]]).reshape(1, 2, 1, 2)
    np.testing.assert_allclose(layer.forward(x).ravel(), [7, 9, 22, 26])


@every_layer
def test_a_common_shift_of_a_set_changes_nothing_so_dx_adds_up_to_zero(make):
    rng = np.random.default_rng(2)
    layer, x, grad_out = make(), *rng.standard_normal((2, 3, 4, 2, 3))
    np.testing.assert_allclose(layer.forward(x + 50), layer.forward(x), atol=1e-12)
    sums = layer.backward(grad_out).sum((1, 2, 3))
    np.testing.assert_allclose(sums, np.zeros(3), atol=1e-12)


@every_layer
def test_test_mode_is_the_same_and_a_sample_does_not_depend_on_its_batch(make):
    x = np.random.default_rng(3).standard_normal((4, 4, 2, 3))
    y = make().forward(x)
    assert np.array_equal(make().eval().forward(x), y)
    assert np.array_equal(make().forward(x[2:]), y[2:])


def test_groups_that_do_not_divide_the_channels_are_refused():
    with pytest.raises(ValueError, match="5 channels are not divisible into 2 groups"):
        GroupNorm(2, 5)


@every_layer
def test_the_answers_have_the_inputs_dtype(make):
    layer, x = make(), np.random.default_rng(4).standard_normal((1, 4, 2, 3)).astype(np.float32)
    assert layer.forward(x).dtype == layer.backward(x).dtype == np.float32


def test_the_natural_scale_is_the_largest_term_of_the_gradient():
    x = np.array([-1.0, 1.0, -10.0, 10.0]).reshape(1, 2, 1, 2)
    grad_out, gamma = np.array([1.0, -2.0, 4.0, 4.0]).reshape(1, 2, 1, 2), np.array([3.0, 10.0])
    assert natural_scale(InstanceNorm2d(2, eps=0.0), x, grad_out, gamma) == 6
    assert natural_scale(WeightStandardization(eps=3.0), x[:, :1], grad_out[:, :1]) == 1
