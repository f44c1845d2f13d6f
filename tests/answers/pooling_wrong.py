"""Wrong answers to lesson 01, as students write them: each has one mistake, and the name of its misconception."""

from __future__ import annotations

import math

import numpy as np

from ncl_course.nn import Layer
from tests.answers.general import ARRAYS, CACHES, Accumulated, UpstreamForgotten, WorkedOutInBackward, mixed


class Pool(Layer):
    """The right layer, with each decision in a separate method, so that a mistake takes only a few lines."""

    def __init__(self, kernel_size, stride=None):
        self.k, self.s = self.numbers(kernel_size, stride)

    def numbers(self, kernel_size, stride):
        return kernel_size, stride or kernel_size

    def size(self, n):
        return (n - self.k) // self.s + 1

    def cut(self, x, i, j):
        return x[:, :, i * self.s : i * self.s + self.k, j * self.s : j * self.s + self.k]

    def forward(self, x):
        self.x = x
        y = np.zeros((*x.shape[:2], self.size(x.shape[2]), self.size(x.shape[3])), x.dtype)
        for i in range(y.shape[2]):
            for j in range(y.shape[3]):
                y[:, :, i, j] = self.reduce(self.cut(x, i, j))
        return y

    def backward(self, grad_out):
        dx = np.zeros(self.x.shape, self.x.dtype)
        for i in range(grad_out.shape[2]):
            for j in range(grad_out.shape[3]):
                self.send(dx, i, j, grad_out[:, :, i, j][:, :, None, None])
        return dx

    def send(self, dx, i, j, g):
        self.cut(dx, i, j)[...] += self.share(self.cut(self.x, i, j)) * g


class Max(Pool):
    def reduce(self, w):
        return w.max((2, 3))

    def share(self, w):
        flat = w.reshape(*w.shape[:2], -1)
        return (np.arange(flat.shape[-1]) == flat.argmax(-1)[..., None]).reshape(w.shape)


class Avg(Pool):
    def reduce(self, w):
        return w.mean((2, 3))

    def share(self, w):
        return np.ones_like(w) / (w.shape[2] * w.shape[3])


# ---- mistakes of either layer: mixins before Max or Avg -------------------------------------------------------


class WindowFromStride:
    def cut(self, x, i, j):
        return x[:, :, i * self.s : i * self.s + self.s, j * self.s : j * self.s + self.s]

    def size(self, n):
        return (n - self.s) // self.s + 1


class StrideFromKernel:
    def numbers(self, kernel_size, stride):
        return kernel_size, kernel_size


class ArgumentsIgnored:
    def numbers(self, kernel_size, stride):
        return 2, 2


class HeightForWidth:
    def forward(self, x):
        self.x = x
        n = self.size(x.shape[2])
        y = np.zeros((*x.shape[:2], n, n), x.dtype)
        for i in range(n):
            for j in range(n):
                y[:, :, i, j] = self.reduce(self.cut(x, i, j))
        return y


class StartTimesKernel:
    def cut(self, x, i, j):
        return x[:, :, i * self.k : (i + 1) * self.k, j * self.k : (j + 1) * self.k]


class OverEverything:
    def reduce(self, w):
        return w.max() if isinstance(self, Max) else w.mean()


class LoopsTooShort:
    def forward(self, x):
        y = super().forward(x)
        y[:, :, -1] = y[:, :, :, -1] = 0
        return y


class LoopsTooShortBack:
    def backward(self, grad_out):
        g = grad_out.copy()
        g[:, :, -1] = g[:, :, :, -1] = 0
        return super().backward(g)


class Swapped:
    def numbers(self, kernel_size, stride):
        return (stride, kernel_size) if stride else (kernel_size, kernel_size)


class DefaultStrideOne:
    def numbers(self, kernel_size, stride):
        return kernel_size, 1 if stride is None else stride


class StrideIgnored:
    def cut(self, x, i, j):
        return x[:, :, i : i + self.k, j : j + self.k]


class AxesSwapped:
    def forward(self, x):
        return super().forward(x).swapaxes(2, 3)


class EndFromOtherAxis:
    def cut(self, x, i, j):
        return x[:, :, i * self.s : j * self.s + self.k, j * self.s : j * self.s + self.k]


class ReshapeScrambled:
    def forward(self, x):
        self.x = x
        N, C, H, W = x.shape
        w = x.reshape(N, C, H // self.k, W // self.k, self.k, self.k)
        return w.max((4, 5)) if isinstance(self, Max) else w.mean((4, 5))


class RoundedUp:
    def size(self, n):
        return -(-(n - self.k) // self.s) + 1


class LastMissing:
    def size(self, n):
        return (n - self.k) // self.s


class OverChannels:
    def reduce(self, w):
        value = w.max((1, 2, 3)) if isinstance(self, Max) else w.mean((1, 2, 3))
        return value[:, None]


class OverBatch:
    def reduce(self, w):
        return w.max((0, 2, 3)) if isinstance(self, Max) else w.mean((0, 2, 3))


class EarlyForward:
    def forward(self, x):
        self.x = x
        y = np.zeros((*x.shape[:2], self.size(x.shape[2]), self.size(x.shape[3])), x.dtype)
        for i in range(y.shape[2]):
            for j in range(y.shape[3]):
                y[:, :, i, j] = self.reduce(self.cut(x, i, j))
                return y
        return y


class EarlyBackward:
    def backward(self, grad_out):
        dx = np.zeros(self.x.shape, self.x.dtype)
        for i in range(grad_out.shape[2]):
            for j in range(grad_out.shape[3]):
                self.send(dx, i, j, grad_out[:, :, i, j][:, :, None, None])
                return dx
        return dx


class Truncated:
    def backward(self, grad_out):
        return super().backward(grad_out).astype(np.int64)


# ---- mistakes of MaxPool2d ----------------------------------------------------------------------------------------


class Overwritten(Max):  # whole windows
    def send(self, dx, i, j, g):
        self.cut(dx, i, j)[...] = self.share(self.cut(self.x, i, j)) * g


class WinnerOverwritten(Max):  # the winner's cell alone
    def send(self, dx, i, j, g):
        cells, won = self.cut(dx, i, j), self.share(self.cut(self.x, i, j))
        cells[...] = np.where(won, g, cells)


class AllMaxima(Max):
    def share(self, w):
        return w == w.max((2, 3), keepdims=True)


class SplitMaxima(Max):
    def share(self, w):
        tied = w == w.max((2, 3), keepdims=True)
        return tied / tied.sum((2, 3), keepdims=True)


class StartsAtZero(Max):
    def reduce(self, w):
        best = np.zeros(w.shape[:2], w.dtype)
        for u in range(w.shape[2]):
            for v in range(w.shape[3]):
                best = np.where(w[:, :, u, v] > best, w[:, :, u, v], best)
        return best


class StartsLow(Max):
    """The search starts at a low number, but not at one lower than all others."""

    start = -1e9

    def reduce(self, w):
        best = np.full(w.shape[:2], self.start, w.dtype)
        for u in range(w.shape[2]):
            for v in range(w.shape[3]):
                best = np.where(w[:, :, u, v] > best, w[:, :, u, v], best)
        return best


class StartsAtMinus999(StartsLow):
    start = -999


class FirstClose(Max):
    """np.isclose finds the winner."""

    def share(self, w):
        flat = w.reshape(*w.shape[:2], -1)
        close = np.isclose(flat, flat.max(-1, keepdims=True))
        return (np.arange(flat.shape[-1]) == close.argmax(-1)[..., None]).reshape(w.shape)


class WritesIntoInput(Max):
    """Backward writes its result into the input that it has kept."""

    def backward(self, grad_out):
        dx = super().backward(grad_out)
        self.x[...] = dx
        return dx


class WholeNumbers(Max):
    """The gradient is accumulated in whole numbers."""

    def backward(self, grad_out):
        return np.trunc(super().backward(grad_out))


class MaskAccumulated(Max):
    def backward(self, grad_out):
        self.mask = np.zeros(self.x.shape, bool)
        for i in range(grad_out.shape[2]):
            for j in range(grad_out.shape[3]):
                window = self.cut(self.x, i, j)
                self.cut(self.mask, i, j)[...] |= window == window.max((2, 3), keepdims=True)
        return super().backward(grad_out)

    def send(self, dx, i, j, g):
        self.cut(dx, i, j)[...] += self.cut(self.mask, i, j) * g


class SpreadEvenly(Max):
    def share(self, w):
        return np.ones_like(w) / (w.shape[2] * w.shape[3])


class OffsetForgotten(Max):
    def send(self, dx, i, j, g):
        dx[:, :, : self.k, : self.k] += self.share(self.cut(self.x, i, j)) * g


class MeanInsteadOfMax(Avg):
    pass


# ---- mistakes of AvgPool2d ----------------------------------------------------------------------------------------


class SumTaken(Avg):
    def reduce(self, w):
        return w.sum((2, 3))

    def share(self, w):
        return np.ones_like(w)


class SumBackward(Avg):
    def share(self, w):
        return np.ones_like(w)


class SideForward(Avg):
    def reduce(self, w):
        return w.sum((2, 3)) / w.shape[2]


class SideBackward(Avg):
    def share(self, w):
        return np.ones_like(w) / w.shape[2]


class AvgOverwritten(Avg):
    def send(self, dx, i, j, g):
        self.cut(dx, i, j)[...] = self.share(self.cut(self.x, i, j)) * g


class ToMaximum(Avg):
    def share(self, w):
        return Max.share(self, w)


class MaxInsteadOfMean(Max):
    pass


EITHER = (
    ("window-from-stride", WindowFromStride),
    ("stride-from-kernel", StrideFromKernel),
    ("arguments-ignored", ArgumentsIgnored),
    ("height-for-width", HeightForWidth),
    ("start-times-kernel", StartTimesKernel),
    ("over-batch-and-channels", OverEverything),
    ("kernel-and-stride-swapped", Swapped),
    ("default-stride-one", DefaultStrideOne),
    ("stride-ignored", StrideIgnored),
    ("axes-swapped", AxesSwapped),
    ("end-from-other-axis", EndFromOtherAxis),
    ("reshape-scrambled", ReshapeScrambled),
    ("size-rounded-up", RoundedUp),
    ("last-window-missing", LastMissing),
    ("last-window-missing", LoopsTooShort),
    ("last-window-missing", LoopsTooShortBack),
    ("over-channels", OverChannels),
    ("over-batch", OverBatch),
    ("returned-too-early", EarlyForward),
    ("returned-too-early", EarlyBackward),
    ("dtype-drift", Truncated),
    ("stale-cache", WorkedOutInBackward),
    *ARRAYS,
)
"""Pairs (name, mistake)."""


WRONG = {
    "pool_output_size": (
        ("size-rounded-up", lambda size, kernel_size, stride: math.ceil((size - kernel_size) / stride) + 1),
        ("last-window-missing", lambda size, kernel_size, stride: (size - kernel_size) // stride),
        ("size-over-stride", lambda size, kernel_size, stride: size // stride),
        ("size-over-kernel", lambda size, kernel_size, stride: size // kernel_size),
        ("stride-ignored", lambda size, kernel_size, stride: size - kernel_size + 1),
        ("kernel-and-stride-swapped", lambda size, kernel_size, stride: (size - stride) // kernel_size + 1),
        ("plus-one-inside", lambda size, kernel_size, stride: (size - kernel_size + 1) // stride),
        ("not-floored", lambda size, kernel_size, stride: (size - kernel_size) / stride + 1),
        ("float-returned", lambda size, kernel_size, stride: float((size - kernel_size) // stride + 1)),
        ("float-returned", lambda size, kernel_size, stride: np.floor((size - kernel_size) / stride) + 1),
    ),
    "MaxPool2d": (
        *mixed(Max, *EITHER, *CACHES),
        ("gradient-overwritten", Overwritten),
        ("gradient-overwritten", WinnerOverwritten),
        ("gradient-to-all-maxima", AllMaxima),
        ("gradient-split-among-maxima", SplitMaxima),
        ("starts-at-zero", StartsAtZero),
        ("gradient-truncated", WholeNumbers),
        ("starts-too-high", StartsLow),
        ("starts-too-high", StartsAtMinus999),
        ("nearly-equal-taken", FirstClose),
        ("input-changed", WritesIntoInput),
        ("mask-accumulated", MaskAccumulated),
        ("gradient-spread-evenly", SpreadEvenly),
        ("window-offset-forgotten", OffsetForgotten),
        ("average-taken", MeanInsteadOfMax),
    ),
    "AvgPool2d": (
        *mixed(Avg, *EITHER, ("gradient-accumulated", Accumulated), ("upstream-forgotten", UpstreamForgotten)),
        ("sum-taken", SumTaken),
        ("gradient-not-divided", SumBackward),
        ("divided-by-side", SideForward),
        ("divided-by-side", SideBackward),
        ("gradient-overwritten", AvgOverwritten),
        ("gradient-to-maximum", ToMaximum),
        ("maximum-taken", MaxInsteadOfMean),
    ),
}
