"""Gradient descent with momentum and weight decay equals torch's, step by step."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ncl_course.nn import SGD, Layer


class Holder(Layer):
    """A model whose gradients the test writes."""

    def __init__(self, **params):
        self.params = params


def holder(dtype=np.float64):
    rng = np.random.default_rng(0)
    return Holder(weight=rng.normal(size=(3, 2)).astype(dtype), bias=rng.normal(size=3).astype(dtype))


@pytest.mark.parametrize("weight_decay", [0.0, 0.3])
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_twenty_steps_with_a_changing_learning_rate_equal_torchs(momentum, weight_decay):
    model, rng = holder(), np.random.default_rng(1)
    before = dict(model.params)
    leaves = {name: torch.tensor(array.copy()) for name, array in model.params.items()}
    ours = SGD(model, 0.1, momentum, weight_decay)
    theirs = torch.optim.SGD(leaves.values(), lr=0.1, momentum=momentum, weight_decay=weight_decay)
    for step in range(20):
        ours.lr = theirs.param_groups[0]["lr"] = 0.1 / (1 + step % 5)
        for name, leaf in leaves.items():
            model.grads[name] = rng.normal(size=leaf.shape)
            leaf.grad = torch.tensor(model.grads[name].copy())
        ours.step()
        theirs.step()
    for name, leaf in leaves.items():
        assert model.params[name] is before[name]
        np.testing.assert_allclose(model.params[name], leaf.numpy(), rtol=0, atol=1e-12)


def test_steps_equal_torchs_when_momentum_and_weight_decay_change_between_them():
    model, leaf = Holder(w=np.array([1.0, -2.0])), torch.tensor([1.0, -2.0], dtype=torch.float64)
    ours, theirs = SGD(model, 0.1, momentum=0.9), torch.optim.SGD([leaf], lr=0.1, momentum=0.9)
    for momentum, weight_decay in [(0.9, 0.0), (0.9, 0.5), (0.2, 0.5), (0.2, 0.0)]:
        ours.momentum = theirs.param_groups[0]["momentum"] = momentum
        ours.weight_decay = theirs.param_groups[0]["weight_decay"] = weight_decay
        model.grads["w"] = np.array([0.5, 3.0])
        leaf.grad = torch.tensor([0.5, 3.0], dtype=torch.float64)
        ours.step()
        theirs.step()
        np.testing.assert_allclose(model.params["w"], leaf.numpy(), rtol=0, atol=1e-12)


def test_a_step_of_weight_decay_equals_a_calculation_by_hand():
    model = Holder(w=np.array([2.0, -4.0]))
    model.grads["w"] = np.array([1.0, 0.0])
    SGD(model, lr=0.5, weight_decay=0.25).step()  # g = 1 + 0.25·2 and 0 − 0.25·4
    assert model.params["w"].tolist() == [1.25, -3.5]


def test_two_steps_equal_a_calculation_by_hand():
    model = Holder(w=np.array([1.0]))
    optimizer = SGD(model, lr=0.5, momentum=0.5)
    model.grads["w"] = np.array([1.0])
    optimizer.step()  # v = 1, w = 1 − 0.5
    optimizer.step()  # v = 1.5, w = 0.5 − 0.75
    assert model.params["w"].tolist() == [-0.25]


@pytest.mark.parametrize("grad_dtype", [np.float32, np.float64])
@pytest.mark.parametrize("lr", [0.1, np.float64(0.1)])
@pytest.mark.parametrize("weight_decay", [0.0, 0.5, np.float64(0.5)])
def test_parameters_stay_the_same_arrays_of_the_same_dtype(grad_dtype, lr, weight_decay):
    model = holder(np.float32)
    before = dict(model.params)
    optimizer = SGD(model, lr, momentum=0.9, weight_decay=weight_decay)
    model.grads = {name: np.ones(array.shape, grad_dtype) for name, array in model.params.items()}
    optimizer.step()
    assert all(model.params[name] is array and array.dtype == np.float32 for name, array in before.items())
    assert all(v.dtype == np.float32 for v in optimizer.velocity.values())


def test_the_gradients_are_left_as_they_are():
    model = Holder(w=np.array([3.0, -1.0]))
    model.grads["w"] = np.array([1.0, 2.0])
    optimizer = SGD(model, lr=0.5, momentum=0.9, weight_decay=0.1)
    optimizer.step()
    optimizer.step()
    assert model.grads["w"].tolist() == [1, 2]


def test_a_missing_gradient_is_named_and_nothing_moves():
    model = holder()
    before = {name: array.copy() for name, array in model.params.items()}
    model.grads["weight"] = np.ones((3, 2))
    with pytest.raises(ValueError, match=r"grads has no 'bias' \(it has: weight\); call backward before step"):
        SGD(model, 0.1).step()
    assert all(np.array_equal(model.params[name], array) for name, array in before.items())


def test_a_gradient_of_another_shape_is_refused_even_if_numpy_would_broadcast_it():
    model = Holder(w=np.zeros((3, 2)))
    model.grads["w"] = np.ones(2)
    with pytest.raises(ValueError, match=r"gradient of 'w' in the parameter's shape \(3, 2\) but got \(2,\)"):
        SGD(model, 0.1).step()


@pytest.mark.parametrize("lr", [-0.1, float("nan"), float("inf")])
def test_an_impossible_learning_rate_is_refused(lr):
    with pytest.raises(ValueError, match="learning rate of at least 0 but got lr="):
        SGD(holder(), lr)


@pytest.mark.parametrize("momentum", [-0.1, 1.0, float("nan")])
def test_an_impossible_momentum_is_refused(momentum):
    with pytest.raises(ValueError, match=r"momentum in \[0, 1\) but got"):
        SGD(holder(), 0.1, momentum)


@pytest.mark.parametrize("weight_decay", [-0.1, float("nan"), float("inf")])
def test_an_impossible_weight_decay_is_refused(weight_decay):
    with pytest.raises(ValueError, match="expects weight_decay of at least 0 but got"):
        SGD(holder(), 0.1, weight_decay=weight_decay)
