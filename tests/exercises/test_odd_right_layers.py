"""Right layers in unusual styles pass: Fortran order, views, buffers in float32, caches in dicts, einsum, loops."""

from __future__ import annotations

from fractions import Fraction
from types import MappingProxyType

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided

from ncl_course.nn import Layer
from tests.answers import RIGHT
from tests.exercises.test_sneaky_layers import Verdict, verdict


def in_fortran_order(right):
    """Return results in Fortran order."""

    class InFortranOrder(right):
        def forward(self, x):
            return np.asfortranarray(super().forward(x))

        def backward(self, grad_out):
            return np.asfortranarray(super().backward(grad_out))

    return InFortranOrder


def as_a_view(right):
    """Return a view of a larger array, with strides that are not contiguous."""

    class AsAView(right):
        def forward(self, x):
            return self.inside(super().forward(x))

        def backward(self, grad_out):
            return self.inside(super().backward(grad_out))

        def inside(self, values):
            wide = np.zeros((*values.shape, 2), values.dtype)
            wide[..., 1] = values
            return wide[..., 1]

    return AsAView


def with_a_cache_by_shape(right):
    """Work in another layer for each shape, kept in a dict of the instance."""

    class WithACacheByShape(Layer):
        def __init__(self, *args, **kwargs):
            self.args, self.kwargs, self.cache = args, kwargs, {}

        def forward(self, x):
            key = x.shape, x.dtype.str
            if key not in self.cache:
                self.cache[key] = right(*self.args, **self.kwargs)
            self.latest = self.cache[key]
            return self.latest.forward(x)

        def backward(self, grad_out):
            return self.latest.backward(grad_out)

    return WithACacheByShape


def with_slots_of_float32(right):
    """Keep every parameter and every gradient in float32."""

    class WithSlotsOfFloat32(right):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.params = {name: values.astype(np.float32) for name, values in self.params.items()}

        def backward(self, grad_out):
            dx = super().backward(grad_out)
            self.grads = {name: np.asfortranarray(values, np.float32) for name, values in self.grads.items()}
            return dx

    return WithSlotsOfFloat32


WITHOUT_STATE = ("MaxPool2d", "AvgPool2d", "ReLU", "Sigmoid", "ELU", "Flatten", "Softmax", "WeightStandardization")
WITH_PARAMETERS = ("Linear", "PReLU", "Maxout", "LayerNorm2d", "InstanceNorm2d", "GroupNorm", "BatchNorm2d")
STYLES = [
    *((style, name) for style in (in_fortran_order, as_a_view) for name in (*WITHOUT_STATE, *WITH_PARAMETERS)),
    *((with_a_cache_by_shape, name) for name in WITHOUT_STATE),
    *((with_slots_of_float32, name) for name in WITH_PARAMETERS),
]


@pytest.mark.parametrize(("style", "name"), STYLES, ids=lambda value: getattr(value, "__name__", value))
def test_a_right_layer_in_an_unusual_style_passes(style, name):
    assert verdict(name, style(RIGHT[name][0])) is Verdict.PASSED


class StridedAverage(Layer):
    """as_strided windows and einsum; backward writes through a strided view, window by window."""

    def __init__(self, kernel_size, stride=None):
        self.options = {"k": kernel_size, "s": kernel_size if stride is None else stride}

    def windows(self, x, *, writeable=False):
        k, s = self.options["k"], self.options["s"]
        N, C, H, W = x.shape
        n, c, h, w = x.strides
        shape = N, C, (H - k) // s + 1, (W - k) // s + 1, k, k
        return as_strided(x, shape, (n, c, s * h, s * w, h, w), writeable=writeable)

    def forward(self, x):
        self.options |= {"shape": x.shape}
        return np.einsum("ncijkl->ncij", self.windows(x), dtype=np.float64).astype(x.dtype) / x.dtype.type(
            self.options["k"] ** 2
        )

    def backward(self, grad_out):
        dx = np.zeros(self.options["shape"], grad_out.dtype, order="F")
        view = self.windows(dx, writeable=True)
        for i, j in np.ndindex(grad_out.shape[2:]):
            view[:, :, i, j] += grad_out[:, :, i, j, None, None] / grad_out.dtype.type(self.options["k"] ** 2)
        return dx


class ScatteredMaximum(Layer):
    """The winners' flat places in a dict; np.bincount adds the gradients."""

    def __init__(self, kernel_size, stride=None):
        self.k, self.s = kernel_size, kernel_size if stride is None else stride
        self.cache = {}

    def forward(self, x):
        N, C, H, W = x.shape
        OH, OW = (H - self.k) // self.s + 1, (W - self.k) // self.s + 1
        places = np.arange(x.size).reshape(x.shape)
        y = np.empty((OH, OW, N, C), x.dtype)
        won = np.empty((OH, OW, N, C), np.intp)
        for i, j in np.ndindex(OH, OW):
            at = np.s_[:, :, i * self.s : i * self.s + self.k, j * self.s : j * self.s + self.k]
            flat = x[at].reshape(N, C, -1)
            best = flat.argmax(-1)[..., None]
            y[i, j] = np.take_along_axis(flat, best, -1)[..., 0]
            won[i, j] = np.take_along_axis(places[at].reshape(N, C, -1), best, -1)[..., 0]
        self.cache = {"won": won, "shape": x.shape}
        return y.transpose(2, 3, 0, 1)

    def backward(self, grad_out):
        won, shape = self.cache["won"], self.cache["shape"]
        dx = np.bincount(won.ravel(), grad_out.transpose(2, 3, 0, 1).ravel(), int(np.prod(shape)))
        return dx.reshape(shape).astype(grad_out.dtype)


class RunningInFloat32(RIGHT["BatchNorm2d"][1]):
    """Running statistics in float32, written in place."""

    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        super().__init__(num_features, alpha, eps)
        self.running_mean, self.running_var = (
            values.astype(np.float32) for values in (self.running_mean, self.running_var)
        )


class FoldedLoss:
    """logaddexp over a Python loop, a 0-d array as the loss, and a gradient that backward computes anew."""

    def forward(self, logits, labels):
        self.kept = logits.copy(), [int(label) for label in labels]
        self.total = [np.logaddexp.reduce(row) for row in logits]
        picked = [row[label] for row, label in zip(*self.kept, strict=True)]
        return np.asarray(sum(map(float, self.total)) - sum(map(float, picked))) / len(labels)

    def backward(self):
        logits, labels = self.kept
        rows = [np.exp(row - total) for row, total in zip(logits, self.total, strict=True)]
        for row, label in zip(rows, labels, strict=True):
            row[label] -= 1
        return np.stack(rows, axis=1).T / logits.dtype.type(len(labels))


class ExactLoss(FoldedLoss):
    """The loss is a Fraction: a real number, but not a float."""

    def forward(self, logits, labels):
        return Fraction(float(super().forward(logits, labels)))


def with_read_only_grads(right):
    """Return a layer whose grads are a read-only view of a dict."""

    class WithReadOnlyGrads(right):
        def backward(self, grad_out):
            self.grads = {}
            dx = super().backward(grad_out)
            self.grads = MappingProxyType(self.grads)
            return dx

    return WithReadOnlyGrads


@pytest.mark.parametrize("name", WITH_PARAMETERS)
def test_grads_may_be_any_mapping(name):
    assert verdict(name, with_read_only_grads(RIGHT[name][0])) is Verdict.PASSED


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("AvgPool2d", StridedAverage),
        ("MaxPool2d", ScatteredMaximum),
        ("BatchNorm2d", RunningInFloat32),
        ("CrossEntropyLoss", FoldedLoss),
        ("CrossEntropyLoss", ExactLoss),
    ],
)
def test_a_right_layer_of_its_own_kind_passes(name, answer):
    assert verdict(name, answer) is Verdict.PASSED
