"""Images keep their values when their memory order changes, and layers receive them with the samples innermost."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.nn import Sequential
from ncl_course.nn.memory import GAP, put_samples_last, samples_last, spaced

ORDERS = {
    "images in one piece": lambda x: x,
    "samples last": lambda x: x.transpose(1, 2, 3, 0).copy().transpose(3, 0, 1, 2),
    "backwards": lambda x: x[::-1].copy()[::-1],
    "broadcast": lambda x: np.broadcast_to(x[:1], x.shape),
}


def drawn(*shape):
    return np.random.default_rng(0).normal(size=shape)


@pytest.mark.parametrize("axes", [1, 2])
def test_a_spaced_array_has_a_gap_after_each_item(axes):
    array = spaced((2, 4, 8, 16), axes, np.float32)
    assert array.shape == (2, 4, 8, 16)
    assert array.strides[axes - 1] == 4 * (np.prod(array.shape[axes:]) + GAP)


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS.keys())
@pytest.mark.parametrize("shape", [(5, 2, 3, 4), (1, 1, 1, 1), (0, 2, 3, 4)], ids=str)
def test_images_in_any_memory_order_are_written_with_the_samples_last(order, shape):
    x = order(drawn(*shape))
    out = np.full((shape[2], shape[1], shape[3], shape[0]), np.nan)
    put_samples_last(x, out)
    assert np.array_equal(out, x.transpose(2, 1, 3, 0))


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS.keys())
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.uint8])
def test_images_keep_their_values_and_get_their_samples_innermost(order, dtype):
    x = order(drawn(5, 2, 3, 4).astype(dtype))
    arranged = samples_last(x)
    assert np.array_equal(arranged, x)
    assert arranged.dtype == dtype
    assert arranged.strides[0] == arranged.itemsize


@pytest.mark.parametrize("x", [ORDERS["samples last"](drawn(5, 2, 3, 4)), drawn(5, 3), np.float64(1)], ids=np.ndim)
def test_images_in_the_right_order_and_other_arrays_are_not_copied(x):
    assert samples_last(x) is x


def test_the_layers_of_a_network_receive_images_with_the_samples_innermost_in_both_passes():
    """Each layer returns its output in the order of ``np.zeros(x.shape)``."""
    got = []

    class Answers:
        def forward(self, x):
            got.append(x)
            return np.ascontiguousarray(x)

        backward = forward

    x = drawn(5, 2, 3, 4)
    net = Sequential(*(Answers() for _ in range(3)))
    assert np.array_equal(net.backward(net(x)), x)
    assert got[0] is x
    assert all(array.strides[0] == array.itemsize for array in got[1:])
    assert all(np.array_equal(array, x) for array in got)
