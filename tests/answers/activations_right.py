"""Right answers to lesson 02, in styles that differ as much as students' answers do."""

from __future__ import annotations

import math

import numpy as np

from ncl_course.nn import Layer

# ---- ReLU ------------------------------------------------------------------------------------------------------


class MaximumReLU(Layer):
    """np.maximum, and the sign of the cached input."""

    def forward(self, x):
        self.x = x
        return np.maximum(x, 0)

    def backward(self, grad_out):
        return grad_out * (self.x > 0)


class MaskReLU:
    """A mask is kept instead of the input; slope 1 at 0; no base class."""

    def train(self):
        return self

    def eval(self):
        return self

    def __call__(self, x):
        return self.forward(x)

    def forward(self, x):
        self.keep = x >= 0
        return np.where(self.keep, x, x.dtype.type(0))

    def backward(self, grad_out):
        dx = grad_out.copy()
        dx[~self.keep] = 0
        return dx


class LoopReLU(Layer):
    """One number at a time; float64 inside, cast back."""

    def forward(self, x):
        self.shape, self.dtype = x.shape, x.dtype
        self.values = [float(v) for v in x.flatten()]
        return np.array([v if v > 0 else 0.0 for v in self.values]).reshape(self.shape).astype(self.dtype)

    def backward(self, grad_out):
        pairs = zip(self.values, grad_out.flatten(), strict=True)
        return np.array([float(g) if v > 0 else 0.0 for v, g in pairs]).reshape(self.shape).astype(self.dtype)


class HalfAtZeroReLU(Layer):
    """(x + |x|) / 2 and (1 + sign) / 2, so the slope at 0 is one half; the output is cached."""

    def forward(self, x):
        self.sign = np.sign(x)
        return (x + np.abs(x)) / 2

    def backward(self, grad_out):
        return grad_out * (1 + self.sign) / 2


# ---- Sigmoid ---------------------------------------------------------------------------------------------------


def two_sided(x):
    """σ with a non-positive exponent on both sides."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, small) / (1 + small)


class TwoSidedSigmoid(Layer):
    def forward(self, x):
        self.y = two_sided(x)
        return self.y.copy()

    def backward(self, grad_out):
        return grad_out * self.y * (1 - self.y)


class TanhSigmoid(Layer):
    """σ by NumPy's tanh; the derivative as σ(x) σ(−x)."""

    def forward(self, x):
        self.x = x
        return (0.5 * (1 + np.tanh(x / 2))).astype(x.dtype)

    def backward(self, grad_out):
        return grad_out * two_sided(self.x) * two_sided(-self.x)


class MaskedSigmoid(Layer):
    """Two masks, each side with its own formula, written into an empty array."""

    def forward(self, x):
        y = np.empty(x.shape, x.dtype)
        right = x >= 0
        y[right] = 1 / (1 + np.exp(-x[right]))
        e = np.exp(x[~right])
        y[~right] = e / (1 + e)
        self.slope = y * (1 - y)
        return y

    def backward(self, grad_out):
        return self.slope * grad_out


class LoopSigmoid(Layer):
    """math.exp, one number at a time, in float64."""

    def one(self, v):
        return 1 / (1 + math.exp(-v)) if v >= 0 else math.exp(v) / (1 + math.exp(v))

    def forward(self, x):
        self.out = np.array([self.one(float(v)) for v in x.ravel()], dtype=np.float64).reshape(x.shape)
        self.dtype = x.dtype
        return self.out.astype(x.dtype)

    def backward(self, grad_out):
        return (np.asarray(grad_out, np.float64) * (self.out - self.out**2)).astype(self.dtype)


class ClippedSigmoid(Layer):
    """The exponent is clipped to a range beyond which σ is 0 or 1 in every digit anyway."""

    def forward(self, x):
        self.y = 1 / (1 + np.exp(-np.clip(x, -60, 60)))
        return self.y + 0

    def backward(self, grad_out):
        return self.y * (1 - self.y) * grad_out


# ---- Tanh ------------------------------------------------------------------------------------------------------


class NumPyTanh(Layer):
    def forward(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, grad_out):
        return grad_out * (1 - self.y**2)


class LectureTanh(Layer):
    """2σ(2x) − 1, and its derivative by the chain rule: 4σ(1 − σ)."""

    def forward(self, x):
        self.s = two_sided(2 * x)
        return 2 * self.s - 1

    def backward(self, grad_out):
        return 4 * grad_out * self.s * (1 - self.s)


class NestedTanh(Layer):
    """A Sigmoid layer is used inside."""

    def forward(self, x):
        self.inner = TwoSidedSigmoid()
        return 2 * self.inner(2 * x) - 1

    def backward(self, grad_out):
        return 2 * self.inner.backward(2 * grad_out)


class InputTanh(Layer):
    """The input is cached; the derivative is (1 − tanh)(1 + tanh) in float64."""

    def forward(self, x):
        self.x = x
        return np.tanh(x.astype(np.float64)).astype(x.dtype)

    def backward(self, grad_out):
        y = np.tanh(self.x.astype(np.float64))
        return ((1 - y) * (1 + y) * grad_out).astype(self.x.dtype)


# ---- LeakyReLU -------------------------------------------------------------------------------------------------


class WhereLeaky(Layer):
    def __init__(self, alpha=0.1):
        self.alpha = alpha

    def forward(self, x):
        self.x = x
        return np.where(x >= 0, x, self.alpha * x)

    def backward(self, grad_out):
        return np.where(self.x >= 0, grad_out, self.alpha * grad_out)


class LectureLeaky(Layer):
    """The lecture's formula with masks as factors."""

    def __init__(self, alpha=0.1):
        super().__init__()
        self.a = alpha

    def forward(self, x):
        self.x = x
        return ((x < 0) * self.a * x + (x >= 0) * x).astype(x.dtype)

    def backward(self, grad_out):
        return (grad_out * ((self.x < 0) * self.a + (self.x >= 0))).astype(self.x.dtype)


class SlopeLeaky(Layer):
    """The slopes are computed in forward; torch's slope at 0."""

    def __init__(self, alpha=0.1):
        self.alpha = alpha

    def forward(self, x):
        self.slopes = np.ones(x.shape, x.dtype)
        self.slopes[x <= 0] = self.alpha
        return x * self.slopes

    def backward(self, grad_out):
        return grad_out * self.slopes


class MaxMinLeaky(Layer):
    """max(x, 0) + alpha min(x, 0); at 0 the slope halfway."""

    def __init__(self, alpha=0.1):
        self.alpha = alpha

    def forward(self, x):
        self.sign = np.sign(x)
        return np.maximum(x, 0) + self.alpha * np.minimum(x, 0)

    def backward(self, grad_out):
        return grad_out * ((1 + self.sign) + self.alpha * (1 - self.sign)) / 2


# ---- ELU -------------------------------------------------------------------------------------------------------


class MinimumELU(Layer):
    def __init__(self, alpha=1.0):
        self.alpha = alpha

    def forward(self, x):
        self.x = x
        return np.where(x >= 0, x, self.alpha * (np.exp(np.minimum(x, 0)) - 1))

    def backward(self, grad_out):
        return grad_out * np.where(self.x >= 0, 1, self.alpha * np.exp(np.minimum(self.x, 0))).astype(self.x.dtype)


class OutputELU(Layer):
    """The output is cached: left of 0 the slope is y + alpha."""

    def __init__(self, alpha=1.0):
        self.alpha = alpha

    def forward(self, x):
        self.y = np.maximum(x, 0) + self.alpha * np.expm1(np.minimum(x, 0))
        return self.y.copy()

    def backward(self, grad_out):
        return np.where(self.y > 0, grad_out, grad_out * (self.y + self.alpha))


class MaskedELU(Layer):
    """Only the entries below 0 are rewritten."""

    def __init__(self, alpha=1.0):
        self.alpha = alpha

    def forward(self, x):
        self.below = x < 0
        self.e = self.alpha * np.exp(x[self.below])
        y = np.array(x)
        y[self.below] = self.e - self.alpha
        return y

    def backward(self, grad_out):
        dx = np.array(grad_out)
        dx[self.below] *= self.e
        return dx


class LoopELU(Layer):
    """math.exp, one number at a time; float64 inside, cast back."""

    def __init__(self, alpha=1.0):
        self.alpha = alpha

    def forward(self, x):
        self.x = x
        y = np.zeros(x.shape)
        for index in np.ndindex(*x.shape):
            y[index] = x[index] if x[index] >= 0 else self.alpha * (math.exp(x[index]) - 1)
        return y.astype(x.dtype)

    def backward(self, grad_out):
        dx = np.zeros(self.x.shape)
        for index in np.ndindex(*self.x.shape):
            slope = 1 if self.x[index] > 0 else self.alpha * math.exp(self.x[index])
            dx[index] = grad_out[index] * slope
        return dx.astype(self.x.dtype)


# ---- PReLU -----------------------------------------------------------------------------------------------------


class ReshapedPReLU(Layer):
    """Slopes of shape (1, C, 1, …)."""

    def __init__(self, num_parameters=1):
        self.params["alpha"] = np.full(num_parameters, 0.25)

    def slopes(self, x):
        alpha = self.params["alpha"].astype(x.dtype)
        return alpha if len(alpha) == 1 else alpha.reshape(1, -1, *[1] * (x.ndim - 2))

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.slopes(x) * x)

    def backward(self, grad_out):
        each = np.where(self.x < 0, grad_out * self.x, 0)
        axes = tuple(i for i in range(self.x.ndim) if i != 1)
        alone = len(self.params["alpha"]) == 1
        self.grads["alpha"] = each.sum(keepdims=True).reshape(1) if alone else each.sum(axis=axes)
        return np.where(self.x > 0, grad_out, self.slopes(self.x) * grad_out)


class ChannelLoopPReLU(Layer):
    """A loop over the channels; a single slope is used for every channel."""

    def __init__(self, num_parameters=1):
        super().__init__()
        self.params = {"alpha": np.zeros(num_parameters, dtype=np.float32) + np.float32(0.25)}

    def channels(self, x):
        alpha = self.params["alpha"]
        return [(0, np.s_[...])] if len(alpha) == 1 else [(c, np.s_[:, c]) for c in range(len(alpha))]

    def forward(self, x):
        self.x, y = x, np.array(x)
        for c, at in self.channels(x):
            part = x[at]
            y[at] = np.maximum(part, 0) + self.params["alpha"][c] * np.minimum(part, 0)
        return y

    def backward(self, grad_out):
        dx, dalpha = np.array(grad_out), np.zeros(len(self.params["alpha"]))
        for c, at in self.channels(self.x):
            below = self.x[at] <= 0
            dalpha[c] = (grad_out[at] * self.x[at])[below].sum()
            dx[at] = np.where(below, self.params["alpha"][c] * grad_out[at], grad_out[at])
        self.grads = {"alpha": dalpha}
        return dx


class SinglePReLU(ChannelLoopPReLU):
    """A float32 slope, and a float32 gradient to which the numbers are added one at a time."""

    def backward(self, grad_out):
        dx, alpha = super().backward(grad_out), self.params["alpha"]
        dalpha = np.zeros_like(alpha)
        for index in np.ndindex(self.x.shape):
            if self.x[index] < 0:
                dalpha[index[1] if len(alpha) > 1 else 0] += grad_out[index] * self.x[index]
        self.grads = {"alpha": dalpha}
        return dx


class EinsumPReLU(Layer):
    """Every input is reshaped to (N, C, rest) or to one row; float64 inside."""

    def __init__(self, num_parameters=1):
        self.params["alpha"] = np.full((num_parameters,), 0.25)

    def flat(self, x):
        C = len(self.params["alpha"])
        return x.reshape((1, 1, -1) if C == 1 else (x.shape[0], C, -1)).astype(np.float64)

    def forward(self, x):
        self.x = x
        rows = self.flat(x)
        y = np.clip(rows, 0, None) + np.einsum("c,ncr->ncr", self.params["alpha"], np.clip(rows, None, 0))
        return y.reshape(x.shape).astype(x.dtype)

    def backward(self, grad_out):
        rows, g = self.flat(self.x), self.flat(grad_out)
        self.grads["alpha"] = np.einsum("ncr,ncr->c", g, np.clip(rows, None, 0))
        slopes = np.where(rows >= 0, 1, self.params["alpha"][:, None])
        return (g * slopes).reshape(self.x.shape).astype(self.x.dtype)


class SwappedPReLU(Layer):
    """The channels are moved to the last axis, so that NumPy broadcasts."""

    def __init__(self, num_parameters=1):
        self.params["alpha"] = 0.25 * np.ones(num_parameters)

    def last(self, x):
        return np.moveaxis(x, 1, -1) if len(self.params["alpha"]) > 1 else x

    def back(self, x):
        return np.moveaxis(x, -1, 1) if len(self.params["alpha"]) > 1 else x

    def forward(self, x):
        self.x = x
        moved = self.last(x)
        return self.back(np.where(moved < 0, self.params["alpha"] * moved, moved)).astype(x.dtype)

    def backward(self, grad_out):
        moved, g = self.last(self.x), self.last(grad_out)
        each = (g * moved * (moved < 0)).reshape(-1, len(self.params["alpha"]))
        self.grads["alpha"] = each.sum(0)
        return self.back(np.where(moved < 0, self.params["alpha"] * g, g)).astype(self.x.dtype)


# ---- Maxout ----------------------------------------------------------------------------------------------------


class EinsumMaxout(Layer):
    """One einsum for all pieces; argmax and a mask."""

    def __init__(self, in_features, out_features, pieces=2, rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.params["weight"] = rng.normal(0, np.sqrt(2 / in_features), (pieces, out_features, in_features))
        self.params["bias"] = np.zeros((pieces, out_features))

    def forward(self, x):
        z = np.einsum("ni,poi->npo", x, self.params["weight"]) + self.params["bias"]
        self.x, self.winner = x, z.argmax(1)
        return z.max(1).astype(x.dtype)

    def backward(self, grad_out):
        pieces = len(self.params["weight"])
        sent = (np.arange(pieces)[:, None] == self.winner[:, None]) * grad_out[:, None]
        self.grads["weight"] = np.einsum("npo,ni->poi", sent, self.x)
        self.grads["bias"] = sent.sum(0)
        return np.einsum("npo,poi->ni", sent, self.params["weight"]).astype(self.x.dtype)


class PieceLoopMaxout(Layer):
    """A running maximum over the pieces; the last of tied pieces wins."""

    def __init__(self, in_features, out_features, pieces=2, rng=None):
        super().__init__()
        rng = rng or np.random.default_rng()
        weight = rng.standard_normal((pieces, out_features, in_features)) * (2 / in_features) ** 0.5
        self.params = {"weight": weight, "bias": np.zeros((pieces, out_features))}

    def forward(self, x):
        self.x = x
        best, self.who = None, None
        for p, (A, b) in enumerate(zip(self.params["weight"], self.params["bias"], strict=True)):
            z = x @ A.T + b
            better = np.ones(z.shape, bool) if best is None else z >= best
            best = z if best is None else np.where(better, z, best)
            self.who = np.where(better, p, 0 if self.who is None else self.who)
        return best.astype(x.dtype)

    def backward(self, grad_out):
        dx = np.zeros_like(self.x, order="C")
        dweight, dbias = np.zeros(self.params["weight"].shape), np.zeros(self.params["bias"].shape)
        for p, A in enumerate(self.params["weight"]):
            g = np.where(self.who == p, grad_out, 0)
            dweight[p], dbias[p] = g.T @ self.x, g.sum(0)
            dx += (g @ A).astype(dx.dtype)
        self.grads = {"weight": dweight, "bias": dbias}
        return dx


class SampleLoopMaxout(Layer):
    """Four loops; float32 parameters."""

    def __init__(self, in_features, out_features, pieces=2, rng=None):
        rng = rng if rng is not None else np.random.default_rng()
        self.params["weight"] = rng.uniform(-1, 1, (pieces, out_features, in_features)).astype(np.float32)
        self.params["bias"] = rng.normal(size=(pieces, out_features)).astype(np.float32)

    def forward(self, x):
        W, b = self.params["weight"], self.params["bias"]
        self.x, self.won = x, {}
        y = np.empty((len(x), W.shape[1]), x.dtype)
        for n in range(len(x)):
            for o in range(W.shape[1]):
                scores = [float(np.dot(W[p, o], x[n])) + float(b[p, o]) for p in range(len(W))]
                self.won[n, o] = scores.index(max(scores))
                y[n, o] = max(scores)
        return y

    def backward(self, grad_out):
        W = self.params["weight"]
        dx = np.zeros(self.x.shape)
        grads = {name: np.zeros(value.shape) for name, value in self.params.items()}
        for (n, o), p in self.won.items():
            dx[n] += grad_out[n, o] * W[p, o]
            grads["weight"][p, o] += grad_out[n, o] * self.x[n]
            grads["bias"][p, o] += grad_out[n, o]
        self.grads.update(grads)
        return dx.astype(self.x.dtype)


class SharedTieMaxout(Layer):
    """One large matrix product; tied pieces share the gradient, as in torch.amax."""

    def __init__(self, in_features, out_features, pieces=2, rng=None):
        rng = rng or np.random.default_rng()
        self.params["weight"] = rng.normal(0, 1 / np.sqrt(in_features), (pieces, out_features, in_features))
        self.params["bias"] = np.zeros((pieces, out_features))

    def forward(self, x):
        pieces, M, D = self.params["weight"].shape
        self.x = x.astype(np.float64)
        self.dtype = x.dtype
        z = (self.x @ self.params["weight"].reshape(-1, D).T).reshape(-1, pieces, M) + self.params["bias"]
        best = z == z.max(1, keepdims=True)
        self.share = best / best.sum(1, keepdims=True)
        return z.max(axis=1).astype(x.dtype)

    def backward(self, grad_out):
        pieces, M, D = self.params["weight"].shape
        g = (self.share * np.asarray(grad_out, np.float64)[:, None, :]).reshape(-1, pieces * M)
        self.grads["weight"] = (g.T @ self.x).reshape(pieces, M, D)
        self.grads["bias"] = g.sum(axis=0).reshape(pieces, M)
        return (g @ self.params["weight"].reshape(-1, D)).astype(self.dtype)


RIGHT = {
    "ReLU": (MaximumReLU, MaskReLU, LoopReLU, HalfAtZeroReLU),
    "Sigmoid": (TwoSidedSigmoid, TanhSigmoid, MaskedSigmoid, LoopSigmoid, ClippedSigmoid),
    "Tanh": (NumPyTanh, LectureTanh, NestedTanh, InputTanh),
    "LeakyReLU": (WhereLeaky, LectureLeaky, SlopeLeaky, MaxMinLeaky),
    "ELU": (MinimumELU, OutputELU, MaskedELU, LoopELU),
    "PReLU": (ReshapedPReLU, ChannelLoopPReLU, SinglePReLU, EinsumPReLU, SwappedPReLU),
    "Maxout": (EinsumMaxout, PieceLoopMaxout, SampleLoopMaxout, SharedTieMaxout),
}
