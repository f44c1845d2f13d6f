"""Wrong answers for ``PReLU`` and ``Maxout``, as students write them."""

from __future__ import annotations

import numpy as np

from ncl_course.nn import Layer
from tests.answers.general import GENERAL, STEPS, WorkedOutInBackward, mixed


class PReLU(Layer):
    """The right layer, with each decision in a separate method."""

    def __init__(self, num_parameters=1):
        self.params["alpha"] = np.full(num_parameters, 0.25)

    def spread(self, alpha, x):
        return alpha if len(alpha) == 1 else alpha.reshape(-1, *[1] * (x.ndim - 2))

    def slopes(self, x):
        return self.spread(self.params["alpha"], x).astype(x.dtype)

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.slopes(x) * x)

    def each(self, x, g):
        return np.where(x < 0, g * x, 0)

    def summed(self, each):
        if len(self.params["alpha"]) == 1:
            return each.sum().reshape(1)
        return each.sum(axis=(0, *range(2, each.ndim)))

    def derivative(self, x, g):
        return np.where(x > 0, 1, self.slopes(x))

    def backward(self, grad_out):
        self.grads["alpha"] = self.summed(self.each(self.x, grad_out))
        return (grad_out * self.derivative(self.x, grad_out)).astype(self.x.dtype)


def wrong(base, **methods):
    """Return ``base`` with some methods replaced by wrong ones."""
    return type("_".join(methods), (base,), methods)


class SlopeSharedArray(PReLU):
    """The array of the gradient is made once, and each backward adds to it."""

    def backward(self, grad_out):
        before = self.grads.get("alpha", 0)
        dx = super().backward(grad_out)
        self.grads["alpha"] = self.grads["alpha"] + before
        return dx


class SlopeCopied(PReLU):
    def __init__(self, num_parameters=1):
        self.alpha = np.full(num_parameters, 0.25)
        self.params["alpha"] = self.alpha.copy()

    def slopes(self, x):
        return self.spread(self.alpha, x).astype(x.dtype)


class SlopesScrambled(PReLU):
    def forward(self, x):
        self.x = x
        rows = x.reshape(-1, len(self.params["alpha"]))
        return np.where(rows > 0, rows, rows * self.params["alpha"]).reshape(x.shape).astype(x.dtype)

    def derivative(self, x, g):
        rows = np.where(x > 0, 1, 0).reshape(-1, len(self.params["alpha"]))
        return np.where(rows > 0, 1, self.params["alpha"]).reshape(x.shape)


class SlopeReplaced(PReLU):
    """Forward replaces the array that an optimiser holds by another one."""

    def forward(self, x):
        self.params["alpha"] = self.params["alpha"].astype(x.dtype)
        return super().forward(x)


class StartsAtZero(PReLU):
    def __init__(self, num_parameters=1):
        self.params["alpha"] = np.zeros(num_parameters)


COMMON = {}


class GradsForAll(PReLU):
    """One dict of gradients for all layers."""

    def __init__(self, num_parameters=1):
        super().__init__(num_parameters)
        self.grads = COMMON


class SlopeInBroadcastShape(PReLU):
    """The slopes have the shape (C, 1, 1)."""

    def __init__(self, num_parameters=1):
        self.params["alpha"] = np.full((num_parameters, 1, 1), 0.25)


class PReLUInFloat64(PReLU):
    """params are float64, and so is every result computed with them."""

    def slopes(self, x):
        return self.spread(self.params["alpha"], x)


PRELU = (
    *mixed(PReLU, ("stale-cache", WorkedOutInBackward), *STEPS, *GENERAL),
    ("dtype-drift", PReLUInFloat64),
    ("prelu-gradient-not-summed", wrong(PReLU, summed=lambda self, each: each)),
    ("prelu-gradient-not-summed", wrong(PReLU, summed=lambda self, each: each.sum(axis=0))),
    ("prelu-gradient-over-channels", wrong(PReLU, summed=lambda self, each: np.sum(each))),
    (
        "prelu-gradient-over-channels",
        wrong(PReLU, summed=lambda self, each: np.full(self.params["alpha"].shape, each.sum())),
    ),
    (
        "prelu-gradient-wrong-axis",
        wrong(
            PReLU,
            summed=lambda self, each: (
                each.sum().reshape(1) if len(self.params["alpha"]) == 1 else each.sum(tuple(range(each.ndim - 1)))
            ),
        ),
    ),
    ("prelu-gradient-from-positives", wrong(PReLU, each=lambda self, x, g: g * x * (x > 0))),
    ("prelu-gradient-from-positives", wrong(PReLU, each=lambda self, x, g: g * x)),
    ("prelu-gradient-sign", wrong(PReLU, each=lambda self, x, g: np.where(x < 0, -g * x, 0))),
    (
        "prelu-gradient-averaged",
        wrong(PReLU, summed=lambda self, each: PReLU.summed(self, each) / (each.size / len(self.params["alpha"]))),
    ),
    ("prelu-gradient-averaged", wrong(PReLU, summed=lambda self, each: PReLU.summed(self, each) / len(each))),
    ("prelu-slopes-along-last-axis", wrong(PReLU, spread=lambda self, alpha, x: alpha)),
    ("prelu-reshape-scrambled", SlopesScrambled),
    ("prelu-first-slope-for-all", wrong(PReLU, slopes=lambda self, x: self.params["alpha"][0].astype(x.dtype))),
    ("prelu-slope-copied", SlopeCopied),
    ("prelu-slope-copied", SlopeReplaced),
    ("alpha-start", StartsAtZero),
    ("shared-between-instances", GradsForAll),
    ("alpha-shape", SlopeInBroadcastShape),
    ("negative-side-cut", wrong(PReLU, derivative=lambda self, x, g: x > 0)),
    ("sign-of-gradient", wrong(PReLU, derivative=lambda self, x, g: np.where(g > 0, 1, self.slopes(x)))),
    ("derivative-forgotten", wrong(PReLU, derivative=lambda self, x, g: np.ones_like(x))),
    ("upstream-forgotten", wrong(PReLU, each=lambda self, x, g: np.where(x < 0, x, 0))),
    ("gradient-accumulated", SlopeSharedArray),
)


class Maxout(Layer):
    """The right layer, with each decision in a separate method."""

    def __init__(self, in_features, out_features, pieces=2, rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.params["weight"] = self.draw(rng, (pieces, out_features, in_features))
        self.params["bias"] = np.zeros((pieces, out_features))

    def draw(self, rng, shape):
        return rng.normal(0, np.sqrt(2 / shape[-1]), shape)

    def pieces(self, x):
        return np.stack([x @ A.T + b for A, b in zip(self.params["weight"], self.params["bias"], strict=True)], 1)

    def reduce(self, z):
        return z.max(1)

    def choose(self, z):
        return np.arange(z.shape[1])[:, None] == z.argmax(1)[:, None]

    def forward(self, x):
        self.x = x
        z = self.pieces(x)
        self.winner = self.choose(z)
        return self.reduce(z).astype(x.dtype)

    def backward(self, grad_out):
        g = self.winner * grad_out[:, None]
        self.learn(g, self.x)
        return np.einsum("npo,poi->ni", g, self.params["weight"]).astype(self.x.dtype)

    def learn(self, g, x):
        self.grads["weight"] = np.einsum("npo,ni->poi", g, x)
        self.grads["bias"] = g.sum(0)


class Average(Maxout):
    def learn(self, g, x):
        super().learn(g / len(x), x)


class BiasNotSummed(Maxout):
    def learn(self, g, x):
        super().learn(g, x)
        self.grads["bias"] = g


class BiasForAll(Maxout):
    def backward(self, grad_out):
        dx = super().backward(grad_out)
        self.grads["bias"] = np.array([grad_out.sum(0) for _ in self.params["bias"]])
        return dx


class WeightGradientTransposed(Maxout):
    def learn(self, g, x):
        super().learn(g, x)
        self.grads["weight"] = np.einsum("ni,npo->pio", x, g)


class GradsKeepAdding(Maxout):
    def learn(self, g, x):
        before = dict(self.grads)
        super().learn(g, x)
        for name, grad in before.items():
            self.grads[name] = self.grads[name] + grad


class LearnsWithoutUpstream(Maxout):
    def learn(self, g, x):
        super().learn(self.winner * 1.0, x)


class FirstPiece(Maxout):
    def reduce(self, z):
        return z[:, 0]

    def choose(self, z):
        mask = np.zeros(z.shape, bool)
        mask[:, 0] = True
        return mask


class FirstBias(Maxout):
    def pieces(self, x):
        return np.stack([x @ A.T for A in self.params["weight"]], 1)

    def reduce(self, z):
        return z.max(1) + self.params["bias"][0]


class WinnerOfSample(Maxout):
    def choose(self, z):
        best = z.sum(axis=2).argmax(axis=1)
        return np.broadcast_to((np.arange(z.shape[1]) == best[:, None])[:, :, None], z.shape)


class ParamsReplaced(Maxout):
    def forward(self, x):
        self.params = {name: value.astype(x.dtype) for name, value in self.params.items()}
        return super().forward(x)


class MaxoutGradsForAll(Maxout):
    def __init__(self, in_features, out_features, pieces=2, rng=None, grads=COMMON):
        super().__init__(in_features, out_features, pieces, rng)
        self.grads = grads


class OwnGenerator(Maxout):
    def draw(self, rng, shape):
        return np.random.default_rng().normal(0, 1, shape)


class OneSeed(Maxout):
    def draw(self, rng, shape):
        return np.random.default_rng(0).normal(0, 1, shape)


MAXOUT = (
    *mixed(Maxout, ("stale-cache", WorkedOutInBackward), *STEPS, *GENERAL),
    ("maxout-over-features", wrong(Maxout, reduce=lambda self, z: z.max(axis=2))),
    ("maxout-pieces-added", wrong(Maxout, reduce=lambda self, z: z.sum(1), choose=lambda self, z: np.ones(z.shape))),
    ("maxout-first-piece", FirstPiece),
    (
        "maxout-bias-forgotten",
        wrong(Maxout, pieces=lambda self, x: np.stack([x @ A.T for A in self.params["weight"]], 1)),
    ),
    ("maxout-one-bias", FirstBias),
    ("maxout-never-negative", wrong(Maxout, reduce=lambda self, z: np.maximum(z.max(1), 0))),
    (
        "maxout-weight-transposed",
        wrong(
            Maxout,
            pieces=lambda self, x: np.stack(
                [x @ A + b for A, b in zip(self.params["weight"], self.params["bias"], strict=True)], 1
            ),
        ),
    ),
    ("maxout-gradient-to-all-pieces", wrong(Maxout, choose=lambda self, z: np.ones(z.shape))),
    ("maxout-gradient-split", wrong(Maxout, choose=lambda self, z: np.ones(z.shape) / z.shape[1])),
    ("maxout-winner-of-sample", WinnerOfSample),
    ("maxout-gradient-averaged", Average),
    ("maxout-bias-gradient", BiasNotSummed),
    ("maxout-bias-gradient", BiasForAll),
    ("maxout-weight-gradient-transposed", WeightGradientTransposed),
    ("gradient-accumulated", GradsKeepAdding),
    ("upstream-forgotten", LearnsWithoutUpstream),
    ("weights-copied", ParamsReplaced),
    ("shared-between-instances", MaxoutGradsForAll),
    ("weights-constant", wrong(Maxout, draw=lambda self, rng, shape: np.zeros(shape))),
    ("weights-constant", wrong(Maxout, draw=lambda self, rng, shape: np.full(shape, 0.5))),
    ("rng-ignored", OwnGenerator),
    ("rng-ignored", OneSeed),
)
