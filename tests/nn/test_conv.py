"""The given convolution equals torch's, and obeys the contract for every layer."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit

from ncl_course.nn import Conv2d, gradient_error

# (N, C, H, W), filters, kernel_size, stride, padding: each line says which mistake it catches.
CASES = [
    ((2, 3, 8, 8), 4, 3, 1, 1),  # as in the networks of lesson 06
    ((2, 3, 5, 9), 4, 3, 1, 0),  # H and W swapped
    ((2, 3, 9, 5), 4, 2, 1, 1),  # an even filter: the output grows
    ((3, 2, 8, 11), 5, 3, 2, 1),  # stride and padding
    ((2, 2, 9, 10), 3, 2, 3, 0),  # gaps between windows, rows left over
    ((1, 1, 4, 4), 1, 4, 1, 0),  # one window
    ((2, 3, 3, 4), 2, 5, 2, 2),  # the filter is larger than the image
    ((2, 3, 6, 5), 2, 1, 1, 0),  # 1×1
    ((2, 3, 6, 5), 2, 1, 2, 3),  # more padding than filter
    ((70, 3, 16, 17), 8, 3, 1, 1),  # more samples than a map has cells
    ((5, 3, 40, 41), 8, 3, 2, 1),  # large maps
    ((0, 2, 5, 5), 3, 3, 1, 1),  # an empty batch
]


def drawn(shape, dtype=np.float64, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(dtype)


def made(case, seed=1):
    shape, K, kernel, stride, padding = case
    conv = Conv2d(shape[1], K, kernel, stride, padding, rng=np.random.default_rng(seed))
    conv.params["bias"][:] = drawn(K, seed=2)
    return conv


def torch_answer(conv, x, grad_out):
    leaves = [torch.tensor(np.ascontiguousarray(a, np.float64)) for a in (x, *conv.params.values())]
    for leaf in leaves:
        leaf.requires_grad_()
    y = F.conv2d(*leaves, stride=conv.stride, padding=conv.padding)
    return y.detach().numpy(), *(g.numpy() for g in torch.autograd.grad(y, leaves, torch.tensor(grad_out.copy())))


def close(got, right, tolerance):
    assert got.shape == right.shape
    assert np.abs(got - right).max(initial=0) <= tolerance * np.abs(right).max(initial=1)


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 1e-5)])
def test_values_and_gradients_equal_torchs_in_the_dtype_of_x(case, dtype, tolerance):
    conv, x = made(case), drawn(case[0], dtype)
    y = conv(x)
    grad_out = drawn(y.shape, dtype, seed=3)
    dx = conv.backward(grad_out)
    for got, right in zip((y, dx, *conv.grads.values()), torch_answer(conv, x, grad_out), strict=True):
        close(got, right, tolerance)
    assert (y.dtype, dx.dtype) == (dtype, dtype)
    assert list(conv.grads) == ["weight", "bias"]


def test_float32_params_with_float64_input_give_float64_outputs():
    conv = Conv2d(1, 2, 3)
    conv.params = {name: array.astype(np.float32) for name, array in conv.params.items()}
    y = conv(drawn((1, 1, 5, 5)))
    assert (y.dtype, conv.backward(y).dtype) == (np.float64, np.float64)


LAYOUTS = {
    "transposed": lambda x: np.ascontiguousarray(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2),
    "every second cell": lambda x: np.repeat(np.repeat(x, 2, axis=2), 2, axis=3)[:, :, ::2, ::2],
    "reversed": lambda x: x[::-1, ::-1, ::-1, ::-1].copy()[::-1, ::-1, ::-1, ::-1],
    "Fortran order": np.asfortranarray,
    "maps first": lambda x: x.swapaxes(0, 1).copy().swapaxes(0, 1),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
@pytest.mark.parametrize("case", CASES[:5], ids=str)
def test_the_answer_depends_only_on_values(layout, case):
    conv, x = made(case), drawn(case[0])
    y = conv(x)
    dx = conv.backward(y)
    again = conv(layout(x))
    np.testing.assert_allclose(again, y, rtol=0, atol=1e-12)
    np.testing.assert_allclose(conv.backward(layout(y)), dx, rtol=0, atol=1e-11)


def test_broadcast_and_read_only_arrays_are_accepted():
    conv = Conv2d(2, 3, 3, padding=1)
    x = np.broadcast_to(drawn((1, 2, 6, 6)), (4, 2, 6, 6))
    y = conv(x)
    np.testing.assert_allclose(y, conv(x.copy()), rtol=0, atol=1e-12)
    grad_out = np.broadcast_to(np.float64(1), y.shape)
    np.testing.assert_allclose(conv.backward(grad_out), conv.backward(np.ones(y.shape)), rtol=0, atol=1e-12)


def test_the_input_and_the_gradient_are_not_changed():
    conv, x = Conv2d(2, 3, 3, padding=1), drawn((2, 2, 6, 6))
    before = x.copy()
    y = conv(x)
    kept = y.copy()
    conv.backward(y)
    assert np.array_equal(x, before)
    assert np.array_equal(y, kept)


def test_a_returned_array_stays_the_same_when_the_layer_is_called_again():
    conv = Conv2d(2, 3, 3, padding=1)
    x, other = drawn((2, 2, 6, 6)), drawn((2, 2, 6, 6), seed=5)
    y = conv(x)
    dx = conv.backward(y)
    returned = [y, dx, conv.grads["weight"], conv.grads["bias"]]
    kept = [array.copy() for array in returned]
    conv.backward(conv(other))
    assert all(np.array_equal(array, copy) for array, copy in zip(returned, kept, strict=True))


def test_the_caller_may_write_into_a_returned_array():
    conv, x = Conv2d(2, 3, 3, padding=1), drawn((2, 2, 6, 6))
    y = conv(x)
    g = np.ones(y.shape)
    dx = conv.backward(g)
    right = dx.copy()
    y[...] = np.nan
    dx[...] = np.nan
    assert np.array_equal(conv.backward(g), right)


def test_a_second_backward_gives_the_same_and_gradients_are_not_accumulated():
    conv, x = Conv2d(2, 3, 3), drawn((2, 2, 6, 6))
    g = drawn(conv(x).shape, seed=3)
    first, grads = conv.backward(g), {name: grad.copy() for name, grad in conv.grads.items()}
    assert np.array_equal(conv.backward(g), first)
    assert all(np.array_equal(conv.grads[name], grad) for name, grad in grads.items())


def test_backward_belongs_to_the_latest_forward():
    conv = Conv2d(2, 3, 3)
    small, large = drawn((1, 2, 4, 4)), drawn((3, 2, 7, 6))
    conv(small)
    g = drawn(conv(large).shape, seed=3)
    fresh = Conv2d(2, 3, 3)
    fresh.params["weight"][...] = conv.params["weight"]
    fresh(large)
    assert np.array_equal(conv.backward(g), fresh.backward(g))


def test_two_layers_share_nothing():
    one, other = Conv2d(1, 2, 3), Conv2d(1, 2, 3)
    x = drawn((1, 1, 5, 5))
    y = other(x)
    one(drawn((2, 1, 4, 4), seed=4))
    one.params["weight"][...] = 0
    dx = other.backward(y)
    assert other.params["weight"].any()
    assert dx.shape == x.shape
    assert one.grads == {}


def test_the_first_weights_are_drawn_from_rng_with_variance_two_over_fan_in():
    conv, same = (Conv2d(16, 64, 3, rng=np.random.default_rng(7)) for _ in range(2))
    weight = conv.params["weight"]
    assert np.array_equal(weight, same.params["weight"])
    assert np.var(weight) == pytest.approx(2 / (16 * 9), rel=0.05)
    assert abs(weight.mean()) < 0.005
    assert not conv.params["bias"].any()


def test_without_rng_two_layers_start_with_different_weights():
    assert not np.array_equal(Conv2d(1, 2, 3).params["weight"], Conv2d(1, 2, 3).params["weight"])


def test_numpy_ints_are_accepted():
    one = np.int64(1)
    assert Conv2d(one, np.int32(2), np.int64(3), one, one)(drawn((1, 1, 4, 4))).shape == (1, 2, 4, 4)


def test_the_gradient_equals_the_numeric_one():
    errors = gradient_error(made(CASES[3]), drawn(CASES[3][0]))
    assert max(errors.values()) < 1e-8


def test_an_incomplete_window_is_dropped_and_gets_no_gradient():
    conv = Conv2d(1, 1, 2, stride=2)
    y = conv(drawn((1, 1, 5, 5)))
    dx = conv.backward(y)
    assert y.shape == (1, 1, 2, 2)
    assert not dx[:, :, 4].any()
    assert not dx[:, :, :, 4].any()


@pytest.mark.parametrize(
    ("x", "error", "words"),
    [
        (np.zeros((3, 8, 8)), ValueError, r"expects x of shape \(N, 3, H, W\) but got \(3, 8, 8\); .*x\[None\]"),
        (np.zeros((2, 8, 8, 3)), ValueError, r"channels are the last axis.*transpose\(0, 3, 1, 2\)"),
        (np.zeros((2, 4, 8, 8)), ValueError, "in_channels its number of maps"),
        (np.zeros((2, 3, 8, 8), np.uint8), TypeError, "expects float32 or float64 but got uint8"),
        (np.zeros((2, 3, 4, 9)), ValueError, "filter of 5×5 does not fit on an image of 4×9 with padding 0"),
    ],
    ids=["one image", "channels last", "other channels", "integers", "too small"],
)
def test_a_wrong_input_is_refused_with_what_to_try(x, error, words):
    with pytest.raises(error, match=words):
        Conv2d(3, 2, 5)(x)


def test_a_gradient_of_another_shape_is_refused():
    conv = Conv2d(1, 2, 3)
    conv(drawn((2, 1, 5, 5)))
    with pytest.raises(ValueError, match=r"expects grad_out of shape \(2, 2, 3, 3\).*got \(2, 2, 3, 1\)"):
        conv.backward(np.zeros((2, 2, 3, 1)))


def test_backward_without_forward_says_so():
    with pytest.raises(RuntimeError, match=r"Conv2d\.backward needs a forward pass first"):
        Conv2d(1, 1, 3).backward(np.zeros((1, 1, 2, 2)))


@pytest.mark.parametrize(
    ("sizes", "error", "words"),
    [
        ((0, 1, 3), ValueError, "in_channels of at least 1 but got 0"),
        ((1, 2.0, 3), TypeError, r"out_channels to be a whole number but got 2\.0"),
        ((1, 1, (3, 3)), TypeError, r"kernel_size to be a whole number but got \(3, 3\)"),
        ((1, 1, 3, 0), ValueError, "stride of at least 1"),
        ((1, 1, 3, 1, -1), ValueError, "padding of at least 0 but got -1"),
    ],
    ids=str,
)
def test_impossible_sizes_are_refused_at_once(sizes, error, words):
    with pytest.raises(error, match=words):
        Conv2d(*sizes)
