"""The base class works for layers as students really write them."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.nn import Layer


class WithoutInit(Layer):
    def forward(self, x):
        return x + 1


class ForgetsSuper(Layer):
    def __init__(self, features, scale=1.0):
        self.features = features
        self.params["weight"] = np.full(features, scale)


def test_a_layer_without_init_has_all_attributes_of_a_layer():
    layer = WithoutInit()
    assert (layer.params, layer.grads, layer.training) == ({}, {}, True)


def test_a_layer_that_forgets_super_init_can_fill_params_in_its_init():
    assert ForgetsSuper(3, scale=2.0).params["weight"].tolist() == [2, 2, 2]


def test_two_layers_share_nothing():
    one, other = ForgetsSuper(2), ForgetsSuper(2)
    one.params["weight"][0] = 9
    one.grads["weight"] = np.ones(2)
    assert other.params["weight"][0] == 1
    assert other.grads == {}


def test_calling_a_layer_is_its_forward_pass():
    assert WithoutInit()(np.zeros(2)).tolist() == [1, 1]


def test_train_and_eval_switch_the_mode_and_return_the_layer():
    layer = WithoutInit()
    assert layer.eval() is layer
    assert layer.training is False
    assert layer.train() is layer
    assert layer.training is True


def test_an_unwritten_pass_says_which_one_it_is():
    with pytest.raises(NotImplementedError, match=r"WithoutInit\.backward is not written yet"):
        WithoutInit().backward(np.zeros(2))
