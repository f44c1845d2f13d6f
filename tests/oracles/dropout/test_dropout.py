"""Three witnesses for the oracles of lesson 04: torch's dropout, a numeric gradient, and hand calculation."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ncl_course.oracles.dropout.right import ClassicDropout, Dropout, is_broadcastable

KINDS = (ClassicDropout, Dropout)
H = 1e-5


def fresh(kind, keep_prob=0.6, seed=5):
    """Return a layer that draws the same masks as every other layer made by this function."""
    return kind(keep_prob, np.random.default_rng(seed))


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_the_gradient_equals_the_numeric_one_if_the_mask_is_fixed(kind, training):
    rng = np.random.default_rng(1)
    x, grad_out = rng.standard_normal((2, 3, 4)), rng.standard_normal((2, 3, 4))

    def value(at):
        layer = fresh(kind)
        layer.training = training
        return (layer.forward(at) * grad_out).sum()

    numeric = np.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = np.zeros_like(x)
        step[index] = H
        numeric[index] = (value(x + step) - value(x - step)) / (2 * H)
    layer = fresh(kind)
    layer.training = training
    layer.forward(x)
    np.testing.assert_allclose(layer.backward(grad_out), numeric, atol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_fixed_mask_there_is_no_numeric_gradient(kind):
    layer = fresh(kind, 0.5)
    ahead, behind = (layer.forward(np.full(64, 3 + h)) for h in (0.01, -0.01))
    assert np.abs((ahead - behind) / 0.02).max() > 100


@pytest.mark.parametrize(
    ("kind", "trained", "dx"),
    [
        (ClassicDropout, [4, 0, 6, 1], [8, 0, -24, 4]),
        (Dropout, [5, 0, 7.5, 1.25], [10, 0, -30, 5]),
    ],
)
def test_training_equals_a_calculation_by_hand(kind, trained, dx):
    layer = kind(0.8)
    layer.choose = lambda shape: np.array([True, False, True, True])
    np.testing.assert_allclose(layer.forward(np.array([4.0, -2, 6, 1])), trained)
    np.testing.assert_allclose(layer.backward(np.array([8.0, 16, -24, 4])), dx)


@pytest.mark.parametrize(("kind", "factor"), [(ClassicDropout, 0.8), (Dropout, 1.0)])
def test_at_test_time_classic_dropout_multiplies_by_p_and_inverted_dropout_does_nothing(kind, factor):
    layer = kind(0.8).eval()
    x, grad_out = np.array([5.0, -10]), np.array([10.0, 10])
    np.testing.assert_allclose(layer.forward(x), factor * x)
    layer.train()
    np.testing.assert_allclose(layer.backward(grad_out), factor * grad_out)


def test_torchs_dropout_of_one_minus_p_gives_the_same_two_values():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        theirs = torch.nn.Dropout(1 - 0.8)(torch.full((10_000,), 3.0, dtype=torch.float64)).numpy()
    ours = fresh(Dropout, 0.8).forward(np.full(10_000, 3.0))
    np.testing.assert_allclose(np.unique(ours), np.unique(theirs))
    assert (ours != 0).mean() == pytest.approx((theirs != 0).mean(), abs=0.02)


@pytest.mark.parametrize(("kind", "expected"), [(ClassicDropout, 0.3 * 7), (Dropout, 7)])
def test_the_mean_over_masks_equals_the_output_at_test_time(kind, expected):
    trained = fresh(kind, 0.3).forward(np.full(200_000, 7.0)).mean()
    assert trained == pytest.approx(expected, rel=0.02)
    assert kind(0.3).eval().forward(np.array([7.0]))[0] == pytest.approx(expected)


@pytest.mark.parametrize("kind", KINDS)
def test_a_mask_is_kept_redrawn_by_each_forward_and_determined_by_the_seed(kind):
    layer, twin = fresh(kind), fresh(kind)
    x = np.ones((6, 50))
    layer.forward(x)
    first = layer.mask
    twin.forward(x)
    assert first.dtype == bool
    assert (twin.mask == first).all()
    layer.forward(x)
    assert (layer.mask != first).any()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_dropped_if_all_neurons_are_kept(kind):
    x = np.arange(12.0).reshape(3, 4)
    layer = kind(1.0)
    np.testing.assert_array_equal(layer.forward(x), x)
    np.testing.assert_array_equal(layer.backward(x), x)


def test_a_mask_fits_if_it_broadcasts_to_the_shape_of_the_input():
    assert is_broadcastable((1, 4), (3, 4))
    assert not is_broadcastable((3, 4), (1, 4))
    assert not is_broadcastable((3,), (3, 4))
