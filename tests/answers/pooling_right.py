"""Right answers to lesson 01, in styles that differ as much as students' answers do."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from ncl_course.nn import Layer


def floor_division(size, kernel_size, stride):
    return (size - kernel_size) // stride + 1


def counted(size, kernel_size, stride):
    return len(range(0, size - kernel_size + 1, stride))


def numpy_int(size, kernel_size, stride):
    return np.int64(np.floor((size - kernel_size) / stride) + 1)


def walked(size, kernel_size, stride):
    count, start = 0, 0
    while start + kernel_size <= size:
        count, start = count + 1, start + stride
    return count


class FourLoopsMax:
    """A separate loop over each of samples, channels, rows and columns, and no base class at all."""

    def __init__(self, kernel_size, stride=None):
        self.k = kernel_size
        self.s = stride or kernel_size

    def train(self):
        return self

    def eval(self):
        return self

    def __call__(self, x):
        return self.forward(x)

    def forward(self, x):
        self.x = x
        N, C, H, W = x.shape
        out = np.zeros((N, C, (H - self.k) // self.s + 1, (W - self.k) // self.s + 1)).astype(x.dtype)
        self.where = {}
        for n in range(N):
            for c in range(C):
                for i in range(out.shape[2]):
                    for j in range(out.shape[3]):
                        best = -np.inf
                        for u in range(self.k):
                            for v in range(self.k):
                                if x[n, c, i * self.s + u, j * self.s + v] > best:
                                    best = x[n, c, i * self.s + u, j * self.s + v]
                                    self.where[n, c, i, j] = (i * self.s + u, j * self.s + v)
                        out[n, c, i, j] = best
        return out

    def backward(self, grad_out):
        dx = np.zeros_like(self.x, order="C", subok=False)
        for (n, c, i, j), (row, col) in self.where.items():
            dx[n, c, row, col] += grad_out[n, c, i, j]
        return dx


class LastMaximum(Layer):
    """The last of tied maxima wins; it is found by comparing with the maximum."""

    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.kernel_size, self.stride = kernel_size, stride if stride is not None else kernel_size

    def forward(self, x):
        k, s = self.kernel_size, self.stride
        self.cache = x
        view = sliding_window_view(x, (k, k), axis=(2, 3))[:, :, ::s, ::s]
        return view.max(axis=(-2, -1))

    def backward(self, grad_out):
        x, k, s = self.cache, self.kernel_size, self.stride
        dx = np.zeros(x.shape, x.dtype)
        for n, c, i, j in np.ndindex(*grad_out.shape):
            window = x[n, c, i * s : i * s + k, j * s : j * s + k]
            row, col = np.argwhere(window == window.max())[-1]
            dx[n, c, i * s + row, j * s + col] += grad_out[n, c, i, j]
        return dx


class StridedAddAt(Layer):
    """as_strided windows, fancy indices and np.add.at; float64 inside, cast back."""

    def __init__(self, kernel_size, stride=None):
        self.k, self.s = kernel_size, kernel_size if stride is None else stride

    def forward(self, x):
        self.dtype = x.dtype
        x = np.ascontiguousarray(x, dtype=np.float64)
        N, C, H, W = x.shape
        k, s = self.k, self.s
        OH, OW = (H - k) // s + 1, (W - k) // s + 1
        a, b, c, d = x.strides
        rows = as_strided(x, (N, C, OH, OW, k, k), (a, b, c * s, d * s, c, d), writeable=False).reshape(
            N, C, OH, OW, k * k
        )
        self.winner, self.shape = rows.argmax(-1), x.shape
        return rows.max(-1).astype(self.dtype)

    def backward(self, grad_out):
        dx = np.zeros(self.shape)
        n, c, i, j = np.indices(self.winner.shape)
        np.add.at(dx, (n, c, i * self.s + self.winner // self.k, j * self.s + self.winner % self.k), grad_out)
        return dx.astype(self.dtype)


class ShiftedSlices(Layer):
    """No loop over windows: a loop over the k·k places in a window, with np.maximum of shifted slices."""

    def __init__(self, kernel_size, stride=None):
        self.kernel_size = kernel_size
        self.stride = stride or kernel_size

    def slices(self, shape):
        k, s = self.kernel_size, self.stride
        OH, OW = (shape[2] - k) // s + 1, (shape[3] - k) // s + 1
        for u in range(k):
            for v in range(k):
                yield np.s_[:, :, u : u + s * (OH - 1) + 1 : s, v : v + s * (OW - 1) + 1 : s]

    def forward(self, x):
        y = None
        for at in self.slices(x.shape):
            y = x[at].copy() if y is None else np.maximum(y, x[at])
        self.x, self.y = x, y.copy()
        return y

    def backward(self, grad_out):
        dx = np.zeros(self.x.shape, self.x.dtype)
        taken = np.zeros(self.y.shape, bool)
        for at in self.slices(self.x.shape):
            here = (self.x[at] == self.y) & ~taken
            taken |= here
            dx[at] += here * grad_out
        return dx


class LoopsAvg(Layer):
    """Two loops over the windows."""

    def __init__(self, kernel_size, stride=None):
        self.k, self.s = kernel_size, stride or kernel_size

    def forward(self, x):
        self.x = x
        N, C, H, W = x.shape
        y = np.zeros((N, C, (H - self.k) // self.s + 1, (W - self.k) // self.s + 1), x.dtype)
        for i in range(y.shape[2]):
            for j in range(y.shape[3]):
                y[:, :, i, j] = np.mean(
                    x[:, :, i * self.s : i * self.s + self.k, j * self.s : j * self.s + self.k], (2, 3)
                )
        return y

    def backward(self, grad_out):
        dx = np.zeros_like(self.x, order="C")
        for i in range(grad_out.shape[2]):
            for j in range(grad_out.shape[3]):
                dx[:, :, i * self.s : i * self.s + self.k, j * self.s : j * self.s + self.k] += (
                    grad_out[:, :, i : i + 1, j : j + 1] / self.k**2
                )
        return dx


class EinsumAvg(Layer):
    """A sliding view and einsum; backward adds shifted slices."""

    def __init__(self, kernel_size, stride=None):
        self.k, self.s = kernel_size, stride or kernel_size

    def forward(self, x):
        view = sliding_window_view(x, (self.k, self.k), axis=(2, 3))[:, :, :: self.s, :: self.s]
        self.shape, self.dtype = x.shape, x.dtype
        return np.einsum("ncijuv->ncij", view) / x.dtype.type(self.k**2)

    def backward(self, grad_out):
        OH, OW = grad_out.shape[2:]
        dx = np.zeros(self.shape, self.dtype)
        for u in range(self.k):
            for v in range(self.k):
                dx[:, :, u : u + self.s * (OH - 1) + 1 : self.s, v : v + self.s * (OW - 1) + 1 : self.s] += grad_out
        return dx / self.dtype.type(self.k**2)


class MatrixAvg(Layer):
    """Averaging as two matrix products, one for rows and one for columns; backward is their transpose."""

    def __init__(self, kernel_size, stride=None):
        self.k, self.s = kernel_size, stride or kernel_size

    def matrix(self, size, dtype):
        starts = np.arange(0, size - self.k + 1, self.s)
        cells = np.arange(size)
        return ((cells >= starts[:, None]) & (cells < starts[:, None] + self.k)).astype(dtype) / dtype.type(self.k)

    def forward(self, x):
        self.rows, self.columns = self.matrix(x.shape[2], x.dtype), self.matrix(x.shape[3], x.dtype)
        return self.rows @ x @ self.columns.T

    def backward(self, grad_out):
        return self.rows.T @ grad_out @ self.columns


class SummedAreaAvg(Layer):
    """A summed-area table in float64, cast back."""

    def __init__(self, kernel_size, stride=None):
        self.k, self.s = kernel_size, stride or kernel_size

    def forward(self, x):
        self.shape, self.dtype = x.shape, x.dtype
        table = np.pad(x.astype(np.float64), ((0, 0), (0, 0), (1, 0), (1, 0))).cumsum(2).cumsum(3)
        k = self.k
        total = table[:, :, k:, k:] - table[:, :, :-k, k:] - table[:, :, k:, :-k] + table[:, :, :-k, :-k]
        return (total[:, :, :: self.s, :: self.s] / k**2).astype(self.dtype)

    def backward(self, grad_out):
        dx = np.zeros(self.shape)
        for n, c, i, j in np.ndindex(*grad_out.shape):
            dx[n, c, i * self.s : i * self.s + self.k, j * self.s : j * self.s + self.k] += (
                grad_out[n, c, i, j] / self.k**2
            )
        return dx.astype(self.dtype)


RIGHT = {
    "pool_output_size": (floor_division, counted, numpy_int, walked),
    "MaxPool2d": (FourLoopsMax, LastMaximum, StridedAddAt, ShiftedSlices),
    "AvgPool2d": (LoopsAvg, EinsumAvg, MatrixAvg, SummedAreaAvg),
}
