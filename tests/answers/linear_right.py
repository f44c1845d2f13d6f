"""Right answers to lesson 03, in styles that differ as much as students' answers do."""

from __future__ import annotations

import math

import numpy as np

from ncl_course.nn import Layer

# ---- Flatten ------------------------------------------------------------------------------------------------------


class ReshapeMinusOne(Layer):
    def forward(self, x):
        self.shape = x.shape
        return x.reshape(x.shape[0], -1)

    def backward(self, grad_out):
        return grad_out.reshape(self.shape)


class LoopsFlatten(Layer):
    """One number at a time."""

    def __init__(self):
        super().__init__()

    def forward(self, x):
        self.x = x
        N, C, H, W = x.shape
        y = np.zeros((N, C * H * W), x.dtype)
        for n, c, i, j in np.ndindex(x.shape):
            y[n, (c * H + i) * W + j] = x[n, c, i, j]
        return y

    def backward(self, grad_out):
        N, C, H, W = self.x.shape
        dx = np.zeros((N, C, H, W), self.x.dtype)
        for n, c, i, j in np.ndindex(dx.shape):
            dx[n, c, i, j] = grad_out[n, (c * H + i) * W + j]
        return dx


class StackedRows:
    """One sample at a time, and no base class."""

    def train(self):
        return self

    def eval(self):
        return self

    def __call__(self, x):
        return self.forward(x)

    def forward(self, x):
        self.sizes = x.shape[1:]
        return np.stack([sample.ravel() for sample in x])

    def backward(self, grad_out):
        return np.array([row.reshape(self.sizes) for row in grad_out])


class ConcatenatedColumns(Layer):
    """Columns of pixels are put side by side; the gradient goes through an index array."""

    def forward(self, x):
        N = len(x)
        self.places = np.arange(x[0].size).reshape(x.shape[1:])
        return np.concatenate([x[:, c, i, :] for c in range(x.shape[1]) for i in range(x.shape[2])], axis=1).reshape(
            N, -1
        )

    def backward(self, grad_out):
        return grad_out[:, self.places]


# ---- Linear -------------------------------------------------------------------------------------------------------


class MatmulLinear(Layer):
    def __init__(self, in_features, out_features, rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.params["weight"] = rng.normal(0, np.sqrt(2 / in_features), (out_features, in_features))
        self.params["bias"] = np.zeros(out_features)

    def forward(self, x):
        self.x = x
        return (x @ self.params["weight"].T + self.params["bias"]).astype(x.dtype)

    def backward(self, grad_out):
        self.grads["weight"] = grad_out.T @ self.x
        self.grads["bias"] = grad_out.sum(axis=0)
        return (grad_out @ self.params["weight"]).astype(self.x.dtype)


class EinsumLinear(Layer):
    """Uniform float32 weights, a random bias, and gradients written into arrays that are kept."""

    def __init__(self, in_features, out_features, rng=None):
        super().__init__()
        rng = rng or np.random.default_rng()
        self.params = {
            "weight": rng.uniform(-1, 1, (out_features, in_features)).astype(np.float32),
            "bias": rng.uniform(-1, 1, out_features).astype(np.float32),
        }
        self.grads = {name: np.zeros(p.shape) for name, p in self.params.items()}

    def forward(self, x):
        self.x = x.copy()
        return np.einsum("nd,md->nm", x, self.params["weight"].astype(x.dtype)) + self.params["bias"].astype(x.dtype)

    def backward(self, grad_out):
        np.einsum("nm,nd->md", grad_out, self.x, out=self.grads["weight"], dtype=np.float64, casting="unsafe")
        self.grads["bias"][...] = np.einsum("nm->m", grad_out)
        return np.einsum("nm,md->nd", grad_out, self.params["weight"].astype(grad_out.dtype))


class LoopsLinear(Layer):
    """Three loops, each sum computed explicitly, in float64."""

    def __init__(self, in_features, out_features, rng=None):
        rng = rng or np.random.default_rng()
        self.params["weight"] = np.array(
            [[rng.standard_normal() for _ in range(in_features)] for _ in range(out_features)]
        )
        self.params["bias"] = np.zeros((out_features,))

    def forward(self, x):
        self.x = x
        W, b = self.params["weight"], self.params["bias"]
        y = np.zeros((len(x), len(b)))
        for n in range(len(x)):
            for m in range(len(b)):
                y[n, m] = b[m]
                for d in range(x.shape[1]):
                    y[n, m] += W[m, d] * x[n, d]
        return y.astype(x.dtype)

    def backward(self, grad_out):
        W = self.params["weight"]
        dW, db, dx = np.zeros(W.shape), np.zeros(len(W)), np.zeros(self.x.shape)
        for n in range(len(self.x)):
            for m in range(len(W)):
                db[m] += grad_out[n, m]
                for d in range(W.shape[1]):
                    dW[m, d] += grad_out[n, m] * self.x[n, d]
                    dx[n, d] += grad_out[n, m] * W[m, d]
        self.grads = {"weight": dW, "bias": db}
        return dx.astype(self.x.dtype)


class OnesColumn(Layer):
    """The bias is the weight of a column of ones; float64 inside, cast back."""

    def __init__(self, in_features, out_features, rng=None):
        generator = rng if rng is not None else np.random.default_rng(12)
        self.params["weight"] = generator.standard_normal((out_features, in_features)) * (2 / in_features) ** 0.5
        self.params["bias"] = np.full(out_features, 0.1)

    def forward(self, x):
        self.dtype = x.dtype
        self.one = np.hstack([x.astype(np.float64), np.ones((len(x), 1))])
        self.all = np.column_stack([self.params["weight"], self.params["bias"]])
        return np.dot(self.one, self.all.T).astype(self.dtype)

    def backward(self, grad_out):
        d_all = np.dot(grad_out.astype(np.float64).T, self.one)
        self.grads.update(weight=d_all[:, :-1], bias=d_all[:, -1])
        return np.dot(grad_out, self.all[:, :-1]).astype(self.dtype)


# ---- Softmax ------------------------------------------------------------------------------------------------------


class StableSoftmax(Layer):
    def forward(self, x):
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        self.p = e / e.sum(axis=-1, keepdims=True)
        return self.p

    def backward(self, grad_out):
        return self.p * (grad_out - (grad_out * self.p).sum(axis=-1, keepdims=True))


class JacobianSoftmax(Layer):
    """One row at a time, with the full matrix diag(p) − p pᵀ."""

    def forward(self, x):
        rows = x.reshape(-1, x.shape[-1])
        self.p = np.empty_like(rows, order="C")
        for number, row in enumerate(rows):
            e = np.exp(row - row.max())
            self.p[number] = e / e.sum()
        self.shape = x.shape
        return self.p.reshape(x.shape).copy()

    def backward(self, grad_out):
        g = grad_out.reshape(self.p.shape)
        dx = [(np.diag(p) - np.outer(p, p)) @ row for p, row in zip(self.p, g, strict=True)]
        return np.array(dx).reshape(self.shape)


class LogSumExpSoftmax(Layer):
    """exp(x − log Σ exp x), with the last axis moved to the front."""

    def forward(self, x):
        front = np.moveaxis(x, -1, 0)
        most = front.max(0)
        self.y = np.exp(front - (most + np.log(np.exp(front - most).sum(0))))
        return np.moveaxis(self.y, 0, -1)

    def backward(self, grad_out):
        g = np.moveaxis(grad_out, -1, 0)
        return np.moveaxis(self.y * g - self.y * (self.y * g).sum(0), 0, -1)


class Float64Softmax(Layer):
    """float64 inside, cast back; einsum computes the Jacobians of all rows at once."""

    def forward(self, x):
        self.dtype = x.dtype
        z = x.astype("float64")
        z = z - np.max(z, -1)[..., None]
        self.p = np.exp(z) / np.exp(z).sum(-1)[..., np.newaxis]
        return self.p.astype(self.dtype)

    def backward(self, grad_out):
        C = self.p.shape[-1]
        J = np.einsum("...i,ij->...ij", self.p, np.eye(C)) - np.einsum("...i,...j->...ij", self.p, self.p)
        return np.einsum("...ij,...j->...i", J, grad_out).astype(self.dtype)


# ---- CrossEntropyLoss ---------------------------------------------------------------------------------------------


class FusedLoss:
    """log-softmax and fancy indices; no base class."""

    def forward(self, logits, labels):
        z = logits - logits.max(axis=1, keepdims=True)
        self.logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        self.labels = labels
        return -self.logp[np.arange(len(labels)), labels].mean()

    def backward(self):
        N = len(self.labels)
        d = np.exp(self.logp)
        d[np.arange(N), self.labels] -= 1
        return d / N


class LoopLoss(Layer):
    """One sample at a time with math; the loss is a Python float."""

    def forward(self, logits, labels):
        self.logits, self.labels = logits, labels
        total = 0.0
        for row, label in zip(logits.tolist(), labels.tolist(), strict=True):
            most = max(row)
            total += most + math.log(sum(math.exp(value - most) for value in row)) - row[label]
        return total / len(labels)

    def backward(self):
        d = np.zeros(self.logits.shape, self.logits.dtype)
        for n, row in enumerate(self.logits.tolist()):
            most = max(row)
            e = [math.exp(value - most) for value in row]
            for c in range(len(row)):
                d[n, c] = (e[c] / sum(e) - (c == self.labels[n])) / len(d)
        return d


class OneHotLoss(Layer):
    """A table of ones, float64 inside; forward already computes the gradient."""

    def __init__(self):
        super().__init__()

    def forward(self, logits, labels):
        x = logits.astype(np.float64)
        N, C = x.shape
        y = (labels[:, None] == np.arange(C)).astype(np.float64)
        m = x.max(1)
        lse = m + np.log(np.exp(x - m[:, None]).sum(1))
        self.grad = ((np.exp(x - lse[:, None]) - y) / N).astype(logits.dtype)
        return np.array((lse - (x * y).sum(1)).sum() / N)

    def backward(self):
        return self.grad.copy()


class TakeAlongLoss(Layer):
    """take_along_axis and logaddexp; the loss in the logits' dtype."""

    def forward(self, logits, labels):
        self.logits, self.where = logits, labels.astype(int)[:, np.newaxis]
        self.lse = np.logaddexp.reduce(logits, axis=1, keepdims=True)
        return np.mean(self.lse - np.take_along_axis(logits, self.where, 1))

    def backward(self):
        d = np.exp(self.logits - self.lse)
        np.put_along_axis(d, self.where, np.take_along_axis(d, self.where, 1) - 1, 1)
        d /= len(d)
        return d


# ---- GlobalAvgPool2d ----------------------------------------------------------------------------------------------


class MeanPool(Layer):
    def forward(self, x):
        self.shape = x.shape
        return x.mean(axis=(2, 3))

    def backward(self, grad_out):
        _, _, H, W = self.shape
        return np.ones(self.shape, grad_out.dtype) * (grad_out / (H * W))[:, :, None, None]


class LoopsPool(Layer):
    def forward(self, x):
        N, C, H, W = x.shape
        self.x = x
        y = np.zeros((N, C), x.dtype)
        for n in range(N):
            for c in range(C):
                total = 0.0
                for i in range(H):
                    for j in range(W):
                        total += x[n, c, i, j]
                y[n, c] = total / (H * W)
        return y

    def backward(self, grad_out):
        dx = np.zeros(self.x.shape, self.x.dtype)
        for n, c in np.ndindex(grad_out.shape):
            dx[n, c] = grad_out[n, c] / dx[n, c].size
        return dx


class BroadcastPool(Layer):
    """einsum; backward returns a read-only broadcast view."""

    def forward(self, x):
        self.shape = x.shape
        return np.einsum("ncij->nc", x) / x.dtype.type(x.shape[2] * x.shape[3])

    def backward(self, grad_out):
        return np.broadcast_to(grad_out[..., None, None] / np.prod(self.shape[2:]).astype(grad_out.dtype), self.shape)


class FlatMeanPool(Layer):
    """float64 inside, cast back; np.repeat spreads the shares."""

    def forward(self, x):
        self.shape, self.dtype = x.shape, x.dtype
        return x.reshape(*x.shape[:2], -1).astype(np.float64).mean(-1).astype(x.dtype)

    def backward(self, grad_out):
        size = self.shape[2] * self.shape[3]
        return np.repeat(grad_out.astype(np.float64) / size, size, axis=1).reshape(self.shape).astype(self.dtype)


# ---- parameter_count ----------------------------------------------------------------------------------------------


def summed_sizes(layers):
    return sum(p.size for layer in layers for p in layer.params.values())


def counted_loops(layers):
    total = 0
    for layer in layers:
        for name in layer.params:
            total += int(np.prod(layer.params[name].shape))
    return total


def products(layers):
    return np.int64(sum(math.prod(p.shape) for layer in layers for p in layer.params.values()))


def flat_lengths(layers):
    arrays = [p.reshape(-1) for layer in layers for p in layer.params.values()]
    return len(np.concatenate(arrays)) if arrays else 0


RIGHT = {
    "Flatten": (ReshapeMinusOne, LoopsFlatten, StackedRows, ConcatenatedColumns),
    "Linear": (MatmulLinear, EinsumLinear, LoopsLinear, OnesColumn),
    "Softmax": (StableSoftmax, JacobianSoftmax, LogSumExpSoftmax, Float64Softmax),
    "CrossEntropyLoss": (FusedLoss, LoopLoss, OneHotLoss, TakeAlongLoss),
    "GlobalAvgPool2d": (MeanPool, LoopsPool, BroadcastPool, FlatMeanPool),
    "parameter_count": (summed_sizes, counted_loops, products, flat_lengths),
}
