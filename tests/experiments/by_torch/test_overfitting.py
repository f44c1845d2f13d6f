"""The experiment of lesson 04: any layer of the course inside a torch net, with the same result on every run."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ncl_course.experiments.by_torch.overfitting import Digits, own_settings, through, train_net
from ncl_course.oracles.dropout.right import Dropout


def digits(samples=60):
    rng = np.random.default_rng(0)
    labels = np.arange(samples) % 10
    x = np.eye(10)[labels] @ rng.random((10, 64)) + rng.normal(0, 0.1, (samples, 64))
    half = samples // 2
    return Digits(x[:half], labels[:half], x[half:], labels[half:])


def same(one, other):
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in vars(one))


def dropouts(keep_prob):
    return tuple(Dropout(keep_prob, np.random.default_rng(seed)) for seed in (1, 2))


def test_a_layer_in_the_net_computes_values_and_gradients_by_its_own_methods():
    layer = Dropout(0.5, np.random.default_rng(0))
    x = torch.arange(1.0, 13.0, dtype=torch.float64, requires_grad=True)
    y = through(layer, x)
    y.sum().backward()
    kept = torch.tensor(layer.mask)
    assert y.tolist() == (x * kept * 2).tolist()
    assert x.grad.tolist() == (kept * 2.0).tolist()


def test_without_a_layer_the_values_pass_unchanged():
    x = torch.ones(3)
    assert through(None, x) is x


def test_the_same_seed_gives_the_same_curves_and_another_seed_others():
    one, again = (train_net(digits(), dropouts(0.5), width=16, epochs=3, batch=10, seed=4) for _ in range(2))
    assert same(one, again)
    assert not same(one, train_net(digits(), dropouts(0.5), width=16, epochs=3, batch=10, seed=5))


def test_dropout_that_keeps_all_neurons_changes_nothing():
    without, kept = (
        train_net(digits(), layers, width=16, epochs=3, batch=10) for layers in ((None, None), dropouts(1))
    )
    np.testing.assert_allclose(kept.test_loss, without.test_loss)


def test_the_net_learns_and_is_evaluated_in_test_mode():
    layers = dropouts(0.8)
    curves = train_net(digits(), layers, width=32, epochs=15, batch=10)
    assert curves.train_loss[-1] < 0.5 * curves.train_loss[0]
    assert curves.train_right[-1] > 0.9
    assert all(layer.training for layer in layers)


def test_torch_gets_its_threads_back_even_if_a_layer_raises():
    threads = torch.get_num_threads()

    class Raises(Dropout):
        def forward(self, x):
            raise ValueError("no forward")

    with pytest.raises(ValueError, match="no forward"):
        train_net(digits(), (Raises(0.5), None), width=4, epochs=1, batch=10)
    assert torch.get_num_threads() == threads
    with own_settings():
        assert torch.get_num_threads() == 1
