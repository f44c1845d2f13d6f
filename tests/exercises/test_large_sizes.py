"""Layers that are right only for small sizes fail: narrow integers, unsafe shifts, rounding, wrong counts."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from ncl_course.checking.answers import Answers
from ncl_course.checking.run import Here, judge
from ncl_course.checking.verdict import Verdict
from ncl_course.exercises import find
from ncl_course.nn import Layer
from tests.answers import KIT, RIGHT

kept_answers = cache(Answers)
"""The right answers to a part, computed once for all tests of this file."""


def verdict(exercise, answer, part):
    """Return the verdict on one part of an answer, without an explanation, which takes seconds on large arrays."""
    found = find(exercise)
    result = judge(found, Here(answer, KIT), [kept_answers(found, part, seed=3)], explain=False)
    return result.parts[0].verdict


def max_pool(in_window=np.int64, in_map=np.int64):
    """Return max pooling that keeps the winners' places in a window and in a map in these dtypes."""

    class MaxPool2d(Layer):
        def __init__(self, kernel_size, stride=None):
            self.kernel_size = kernel_size
            self.stride = kernel_size if stride is None else stride

        def forward(self, x):
            k, s = self.kernel_size, self.stride
            W = x.shape[3]
            view = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(2, 3))[:, :, ::s, ::s]
            flat = view.reshape(*view.shape[:4], -1)
            place = flat.argmax(-1).astype(in_window).astype(np.int64)
            OH, OW = view.shape[2:4]
            row = place // k + s * np.arange(OH)[:, None]
            column = place % k + s * np.arange(OW)
            self.shape, self.winners = x.shape, (row * W + column).astype(in_map).astype(np.int64)
            return flat.max(-1)

        def backward(self, grad_out):
            N, C, H, W = self.shape
            dx = np.zeros((N, C, H * W), grad_out.dtype)
            n, c = np.indices((N, C)).reshape(2, N, C, 1, 1)
            np.add.at(dx, (n, c, self.winners % (H * W)), grad_out)
            return dx.reshape(self.shape)

    return MaxPool2d


def test_the_pooling_of_these_tests_is_right_with_wide_integers():
    assert verdict("MaxPool2d", max_pool(), "backward") is Verdict.PASSED


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int16, np.uint16])
def test_places_in_a_map_do_not_fit_in_two_bytes(dtype):
    assert verdict("MaxPool2d", max_pool(in_map=dtype), "backward") is Verdict.FAILED


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int16])
def test_places_in_a_large_window_do_not_fit_in_fifteen_bits(dtype):
    assert verdict("MaxPool2d", max_pool(in_window=dtype), "backward") is Verdict.FAILED


def counted_in(name, dtype, axis):
    """Return a pooling layer that counts samples, channels, or rows or columns of windows in a dtype."""

    def again(results):
        indices = [*np.indices(results.shape)]
        indices[axis] = indices[axis].astype(dtype).astype(np.int64)
        return results[tuple(indices)]

    class Counting(RIGHT[name][0]):
        def forward(self, x):
            return again(super().forward(x))

        def backward(self, grad_out):
            return super().backward(again(grad_out))

    return Counting


@pytest.mark.parametrize("part", ["forward", "backward"])
@pytest.mark.parametrize("axis", range(4))
@pytest.mark.parametrize("name", ["MaxPool2d", "AvgPool2d"])
def test_no_axis_of_pooling_can_be_counted_in_a_byte(name, axis, part):
    assert verdict(name, counted_in(name, np.int64, axis), part) is Verdict.PASSED
    for dtype in (np.int8, np.uint8):
        assert verdict(name, counted_in(name, dtype, axis), part) is Verdict.FAILED


def loss(pick):
    """Return cross-entropy in which ``pick(log_probabilities, labels)`` takes each sample's own number."""

    class CrossEntropyLoss(Layer):
        def forward(self, logits, labels):
            shifted = logits - logits.max(1, keepdims=True)
            log_p = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
            return -pick(log_p, labels).mean()

    return CrossEntropyLoss


def by_index(log_p, labels):
    return log_p[np.arange(len(labels)), labels]


@pytest.mark.parametrize("dtype", [np.int8, np.uint8])
def test_labels_do_not_fit_in_a_byte(dtype):
    assert verdict("CrossEntropyLoss", loss(by_index), "forward") is Verdict.PASSED
    narrow = loss(lambda log_p, labels: by_index(log_p, labels.astype(dtype)))
    assert verdict("CrossEntropyLoss", narrow, "forward") is not Verdict.PASSED


def flat(log_p, labels):
    """Return each sample's place in the flattened batch."""
    return np.arange(len(labels)) * log_p.shape[1] + labels


def test_places_in_a_batch_of_logits_do_not_fit_in_fifteen_bits():
    def taken(dtype):
        return loss(lambda log_p, labels: log_p.ravel()[flat(log_p, labels).astype(dtype)])

    assert verdict("CrossEntropyLoss", taken(np.int64), "forward") is Verdict.PASSED
    assert verdict("CrossEntropyLoss", taken(np.int16), "forward") is Verdict.FAILED


def loss_of_flat_places(dtype):
    """Return the right loss, whose gradient subtracts 1 at flat places of this dtype."""

    class CrossEntropyLoss(Layer):
        def forward(self, logits, labels):
            e = np.exp(logits - logits.max(1, keepdims=True))
            self.p = e / e.sum(1, keepdims=True)
            self.places = flat(logits, labels).astype(dtype)
            return RIGHT["CrossEntropyLoss"][0]().forward(logits, labels)

        def backward(self):
            gradient = self.p.copy()
            gradient.ravel()[self.places] -= 1
            return gradient / len(gradient)

    return CrossEntropyLoss


def test_nor_do_they_in_the_gradient():
    assert verdict("CrossEntropyLoss", loss_of_flat_places(np.int64), "backward") is Verdict.PASSED
    assert verdict("CrossEntropyLoss", loss_of_flat_places(np.int16), "backward") is Verdict.FAILED


def maxout(dtype):
    """Return Maxout that takes each unit's largest piece by its place among all results, in this dtype."""

    class Maxout(RIGHT["Maxout"][0]):
        def forward(self, x):
            z = np.einsum("pod,nd->nop", self.params["weight"], x) + self.params["bias"].T
            super().forward(x)
            winner = z.argmax(-1)
            places = np.arange(winner.size).reshape(winner.shape) * z.shape[-1] + winner
            return z.ravel()[places.astype(dtype)].astype(x.dtype)

    return Maxout


def test_places_among_the_pieces_of_a_batch_do_not_fit_in_fifteen_bits():
    assert verdict("Maxout", maxout(np.int64), "forward") is Verdict.PASSED
    assert verdict("Maxout", maxout(np.int16), "forward") is Verdict.FAILED


def dropout(dtype):
    """Return inverted dropout that copies the kept neurons by their flat places, in this dtype."""

    class Dropout(RIGHT["Dropout"][0]):
        def forward(self, x):
            y = super().forward(x)
            self.factor = np.ones(x.shape)
            if not self.training:
                return y
            self.kept = np.flatnonzero(self.mask).astype(dtype)
            self.factor = np.zeros(x.shape)
            self.factor.flat[self.kept] = 1 / self.p
            return (x * self.factor).astype(x.dtype)

        def backward(self, grad_out):
            return (grad_out * self.factor).astype(grad_out.dtype)

    return Dropout


@pytest.mark.parametrize("part", ["forward", "backward"])
def test_places_of_kept_neurons_do_not_fit_in_fifteen_bits(part):
    assert verdict("Dropout", dropout(np.int64), part) is Verdict.PASSED
    assert verdict("Dropout", dropout(np.int16), part) is Verdict.FAILED


def cut_off(right, bound):
    """Return a right layer whose outputs and gradients are cut off at a bound."""

    def cut(values):
        return np.clip(values, -bound, bound).astype(values.dtype)

    class Forward(right):
        def forward(self, x):
            return cut(super().forward(x))

    class Input(right):
        def forward(self, x, *labels):
            return super().forward(cut(x), *labels)

    class Backward(right):
        def backward(self, grad_out):
            return super().backward(cut(grad_out))

    return {"output": Forward, "input": Input, "gradient": Backward}


LINEAR_IN_PARTS = ("ReLU", "LeakyReLU", "ELU", "PReLU", "Maxout", "Linear", "Flatten", "GlobalAvgPool2d")
POOLING, DROPOUT = ("MaxPool2d", "AvgPool2d"), ("ClassicDropout", "Dropout")
NORMALIZATIONS = ("BatchNorm2d", "LayerNorm2d", "InstanceNorm2d", "GroupNorm", "WeightStandardization")
CUT = [
    *((name, "output", "forward", 1e6) for name in (*LINEAR_IN_PARTS, *POOLING, *DROPOUT)),
    *((name, "output", "test_mode", 1e6) for name in (*DROPOUT, "BatchNorm2d")),
    *((name, "input", "forward", 1e6) for name in ("Softmax", "CrossEntropyLoss")),
    *((name, "input", "backward", 1e6) for name in ("MaxPool2d", "Maxout", "Softmax", "CrossEntropyLoss")),
    *((name, "input", part, 1e5) for name in NORMALIZATIONS for part in ("forward", "backward")),
    *((name, "gradient", "backward", 1e6) for name in (*LINEAR_IN_PARTS, *POOLING, *DROPOUT, *NORMALIZATIONS)),
    *((name, "gradient", "backward", 1e6) for name in ("Sigmoid", "Tanh", "Softmax")),
    ("BatchNorm2d", "input", "running", 1e3),
]


@pytest.mark.parametrize(("name", "where", "part", "bound"), CUT)
def test_no_value_is_cut_off_at_a_bound(name, where, part, bound):
    right = RIGHT[name][0]
    assert verdict(name, cut_off(right, np.inf)[where], part) is Verdict.PASSED
    assert verdict(name, cut_off(right, bound)[where], part) is Verdict.FAILED


@pytest.mark.parametrize("bound", [2_500, 1e10])
def test_no_loss_is_cut_off_at_a_bound(bound):
    class CutOff(loss(by_index)):
        def forward(self, logits, labels):
            return np.minimum(super().forward(logits, labels), bound)

    assert verdict("CrossEntropyLoss", CutOff, "forward") is Verdict.FAILED


@pytest.mark.parametrize("part", ["forward", "backward"])
@pytest.mark.parametrize("name", NORMALIZATIONS)
def test_normalized_values_lie_far_from_zero_too(name, part):
    class WithinTen(RIGHT[name][0]):
        """Its outputs and dL/dx are those of an input without outliers."""

        def forward(self, x):
            axes = {"BatchNorm2d": (0, 2, 3), "InstanceNorm2d": (2, 3)}.get(name, (1, 2, 3))
            mean, deviation = (f(x, axis=axes, keepdims=True) for f in (np.mean, np.std))
            far = np.abs(x - mean) > 10 * deviation
            return super().forward(np.where(far, mean, x).astype(x.dtype))

    assert verdict(name, WithinTen, part) is Verdict.FAILED


def test_choose_knows_no_hundreds_of_classes():
    chosen = loss(lambda log_p, labels: np.choose(labels, log_p.T))
    assert verdict("CrossEntropyLoss", chosen, "forward") is not Verdict.PASSED


SHIFTS = {
    "mean": lambda z: z.mean(-1, keepdims=True),
    "median": lambda z: np.median(z, axis=-1, keepdims=True),
    "first": lambda z: z[..., :1],
    "last": lambda z: z[..., -1:],
    "minimum": lambda z: z.min(-1, keepdims=True),
    "middle": lambda z: (z.min(-1, keepdims=True) + z.max(-1, keepdims=True)) / 2,
    "maximum of all": lambda z: z.max(),
    "largest size": lambda z: np.abs(z).max(-1, keepdims=True),
    "nothing": lambda z: 0.0,
}


def softmax(shift):
    """Return softmax that subtracts ``shift(z)``."""

    class Softmax(Layer):
        def forward(self, z):
            e = np.exp(z - shift(z))
            return e / e.sum(-1, keepdims=True)

    return Softmax


@pytest.mark.parametrize("shift", SHIFTS.values(), ids=SHIFTS)
def test_softmax_subtracts_the_maximum_of_the_row_and_nothing_else(shift):
    assert verdict("Softmax", softmax(lambda z: z.max(-1, keepdims=True)), "forward") is Verdict.PASSED
    assert verdict("Softmax", softmax(shift), "forward") is Verdict.FAILED


def arrays_of(layer):
    return [value for value in vars(layer).values() if isinstance(value, np.ndarray)]


def equal_once(layers):
    sizes = {str(sorted((name, p.shape) for name, p in layer.params.items())): layer for layer in layers}
    return sum(p.size for layer in sizes.values() for p in layer.params.values())


def emptied(layers):
    total = 0
    for layer in layers:
        while layer.params:
            total += layer.params.popitem()[1].size
    return total


WRONG_COUNTS = {
    "equal layers once": equal_once,
    "every array": lambda layers: sum(
        sum(p.size for p in one.params.values()) + sum(a.size for a in arrays_of(one)) for one in layers
    ),
    "bytes": lambda layers: sum(p.nbytes // 8 for one in layers for p in one.params.values()),
    "16 bits": lambda layers: int(sum(np.prod(p.shape, dtype=np.int16) for one in layers for p in one.params.values())),
    "16 bits without a sign": lambda layers: int(
        sum(np.prod(p.shape, dtype=np.uint16) for one in layers for p in one.params.values())
    ),
    "emptied": emptied,
    "floats of 32 and 64 bits": lambda layers: sum(
        p.size for one in layers for p in one.params.values() if p.dtype != np.float16
    ),
    "floats": lambda layers: sum(p.size for one in layers for p in one.params.values() if p.dtype.kind == "f"),
    "arrays with axes": lambda layers: sum(p.size for one in layers for p in one.params.values() if p.ndim),
}


@pytest.mark.parametrize("count", WRONG_COUNTS.values(), ids=WRONG_COUNTS)
def test_a_wrong_count_of_parameters_does_not_pass(count):
    assert verdict("parameter_count", count, "value") is Verdict.FAILED


def rounded(digits):
    """Return a right batch normalization that rounds its running statistics."""

    class Rounded(RIGHT["BatchNorm2d"][0]):
        def forward(self, x):
            out = super().forward(x)
            self.running_mean = np.round(self.running_mean, digits)
            self.running_var = np.round(self.running_var, digits)
            return out

    return Rounded


def test_running_statistics_are_not_rounded():
    assert verdict("BatchNorm2d", rounded(15), "running") is Verdict.PASSED
    assert verdict("BatchNorm2d", rounded(4), "running") is Verdict.FAILED


def test_prelu_is_tried_on_two_axes_and_more():
    class PReLU(Layer):
        def __init__(self, num_parameters=1):
            self.params = {"alpha": np.full(num_parameters, 0.25)}

        def forward(self, x):
            assert x.ndim >= 2
            self.x = x
            alpha = self.slopes(x)
            return np.where(x > 0, x, alpha * x).astype(x.dtype)

        def slopes(self, x):
            return self.params["alpha"].reshape(1, -1, *[1] * (x.ndim - 2))

        def backward(self, grad_out):
            x, axes = self.x, tuple(axis for axis in range(self.x.ndim) if axis != 1)
            slope = np.where(x > 0, 0, x * grad_out)
            total = slope.sum() if self.params["alpha"].size == 1 else slope.sum(axes)
            self.grads["alpha"] = np.reshape(total, self.params["alpha"].shape)
            return np.where(x > 0, grad_out, self.slopes(x) * grad_out).astype(x.dtype)

    assert verdict("PReLU", PReLU, "forward") is Verdict.PASSED
    assert verdict("PReLU", PReLU, "backward") is Verdict.PASSED
