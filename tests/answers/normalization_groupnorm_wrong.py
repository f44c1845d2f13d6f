"""Wrong answers for normalization within a sample and of weights, each with the name of its misconception."""

from __future__ import annotations

import numpy as np

from ncl_course.nn import Layer
from tests.answers.general import GENERAL, STEPS, mixed


class Standardize(Layer):
    """The right layer, with each decision in a separate method, so that a mistake takes only a few lines."""

    eps = 1e-5

    def mean(self, x):
        """Return the mean of the set in which each number is normalized, in a shape that broadcasts with x."""
        raise NotImplementedError

    def root(self, variance):
        return np.sqrt(variance + self.eps)

    def variance(self, x):
        return self.mean((x - self.mean(x)) ** 2)

    def scale(self, xhat):
        return xhat

    def forward(self, x):
        self.x = x
        self.centre = self.mean(x)
        self.std = self.root(self.variance(x))
        self.xhat = (x - self.centre) / self.std
        return self.scale(self.xhat).astype(x.dtype)

    def gamma(self):
        return 1.0

    def learn(self, grad_out):
        pass

    def backward(self, grad_out):
        self.learn(grad_out)
        return self.send(grad_out, grad_out * self.gamma()).astype(self.x.dtype)

    def send(self, g, h):
        return (h - self.mean(h) - self.xhat * self.mean(h * self.xhat)) / self.std

    def size(self, x):
        return x[0].size // getattr(self, "G", 1)


class Norm(Standardize):
    def setup(self, G, C, eps):
        self.G, self.C, self.eps = G, C, eps
        self.params = {"gamma": np.ones(C), "beta": np.zeros(C)}

    def mean(self, x):
        N, C = x.shape[:2]
        return np.repeat(x.reshape(N, self.G, -1).mean(2), C // self.G, 1)[:, :, None, None]

    def gamma(self):
        return self.params["gamma"].reshape(1, -1, 1, 1)

    def scale(self, xhat):
        return self.gamma() * xhat + self.params["beta"].reshape(1, -1, 1, 1)

    def learn(self, grad_out):
        self.grads["gamma"] = (grad_out * self.xhat).sum((0, 2, 3))
        self.grads["beta"] = grad_out.sum((0, 2, 3))


class LN(Norm):
    def __init__(self, num_channels, eps=1e-5):
        self.setup(1, num_channels, eps)


class IN(Norm):
    def __init__(self, num_channels, eps=1e-5):
        self.setup(num_channels, num_channels, eps)


class GN(Norm):
    def __init__(self, num_groups, num_channels, eps=1e-5):
        if num_channels % num_groups:
            raise ValueError("num_channels must be divisible by num_groups")
        self.setup(num_groups, num_channels, eps)


class WS(Standardize):
    def __init__(self, eps=1e-5):
        self.eps = eps

    def mean(self, x):
        return x.mean((1, 2, 3), keepdims=True)


# ---- the set of numbers ------------------------------------------------------------------------------------------


def over(*axes):
    class Over:
        def mean(self, x):
            return x.mean(axes, keepdims=True)

    return Over


class Interleaved:
    def mean(self, x):
        N, C, H, W = x.shape
        means = x.reshape(N, C // self.G, self.G, H, W).mean((1, 3, 4))
        return np.tile(means, C // self.G)[:, :, None, None]


class SizeConfused:
    def setup(self, G, C, eps):
        super().setup(C // G, C, eps)


class Scrambled:
    def mean(self, x):
        N, C, H, W = x.shape
        rows = x.transpose(0, 2, 3, 1).reshape(N * self.G, -1)
        means = np.broadcast_to(rows.mean(1, keepdims=True), rows.shape)
        return means.reshape(N, H, W, C).transpose(0, 3, 1, 2)


class GroupChannelsOnly:
    def mean(self, x):
        N, C, H, W = x.shape
        means = x.reshape(N, self.G, C // self.G, H, W).mean(2, keepdims=True)
        return np.broadcast_to(means, (N, self.G, C // self.G, H, W)).reshape(x.shape)


# ---- the formula -------------------------------------------------------------------------------------------------


class EpsOutside:
    def root(self, variance):
        return np.sqrt(variance) + self.eps


class NoEps:
    def root(self, variance):
        return np.sqrt(variance)


class EpsAsFloor:
    def root(self, variance):
        return np.sqrt(np.maximum(variance, self.eps))


class UsualEps:
    def root(self, variance):
        return np.sqrt(variance + 1e-5)


class NoRoot:
    def root(self, variance):
        return variance + self.eps


class NoRootRightBackward:  # the backward pass written from the lesson
    def forward(self, x):
        y = super().forward(x)
        return self.scale((x - self.centre) / (self.variance(x) + self.eps)).astype(y.dtype)


class Unbiased:
    def variance(self, x):
        n = self.size(x)
        return super().variance(x) * n / (n - 1)


class NotCentred:
    def forward(self, x):
        y = super().forward(x)
        return self.scale(x / self.std).astype(y.dtype)


class Running:
    def forward(self, x):
        C = x.shape[1]
        if not hasattr(self, "running_mean"):
            self.running_mean, self.running_var = np.zeros(C), np.ones(C)
        if self.training:
            self.running_mean = 0.9 * self.running_mean + 0.1 * x.mean((0, 2, 3))
            self.running_var = 0.9 * self.running_var + 0.1 * x.var((0, 2, 3))
            return super().forward(x)
        y = super().forward(x)
        self.xhat = (x - self.running_mean[:, None, None]) / np.sqrt(self.running_var + self.eps)[:, None, None]
        return self.scale(self.xhat).astype(y.dtype)


class RunningSampleMeans:  # one mean and variance a channel, momentum as in torch
    def forward(self, x):
        y = super().forward(x)
        if self.training:
            self.running = (0.1 * x.mean((0, 2, 3)), 0.9 + 0.1 * x.var((0, 2, 3)))
            return y
        mean, var = getattr(self, "running", (np.zeros(x.shape[1]), np.ones(x.shape[1])))
        return self.scale((x - mean[:, None, None]) / np.sqrt(var + self.eps)[:, None, None]).astype(y.dtype)


# ---- γ and β -----------------------------------------------------------------------------------------------------


class NoAffine:
    def scale(self, xhat):
        return xhat

    def gamma(self):
        return 1.0

    def learn(self, grad_out):
        self.grads = {"gamma": np.zeros(self.C), "beta": np.zeros(self.C)}


class ParametersCopied:
    def setup(self, G, C, eps):
        super().setup(G, C, eps)
        self.gamma_, self.beta_ = np.ones((C, 1, 1)), np.zeros((C, 1, 1))

    def scale(self, xhat):
        return self.gamma_ * xhat + self.beta_


class BetaFirst:
    def scale(self, xhat):
        return self.params["gamma"][:, None, None] * (xhat + self.params["beta"][:, None, None])


class AlongWidth:
    def scale(self, xhat):
        return self.params["gamma"] * xhat + self.params["beta"]


class AlongBatch:
    def scale(self, xhat):
        return self.params["gamma"].reshape(-1, 1, 1, 1) * xhat + self.params["beta"].reshape(-1, 1, 1, 1)


class FourAxes:
    def setup(self, G, C, eps):
        super().setup(G, C, eps)
        self.params = {"gamma": np.ones((1, C, 1, 1)), "beta": np.zeros((1, C, 1, 1))}

    def scale(self, xhat):
        return self.params["gamma"] * xhat + self.params["beta"]


class PerGroup:
    def setup(self, G, C, eps):
        super().setup(G, C, eps)
        self.params = {"gamma": np.ones(G), "beta": np.zeros(G)}

    def gamma(self):
        return np.repeat(self.params["gamma"], self.C // self.G).reshape(1, -1, 1, 1)

    def scale(self, xhat):
        return self.gamma() * xhat + np.repeat(self.params["beta"], self.C // self.G).reshape(1, -1, 1, 1)


class Accepting(GN):  # the last channels are dropped
    def __init__(self, num_groups, num_channels, eps=1e-5):
        self.kept = num_channels - num_channels % num_groups
        self.setup(num_groups, self.kept, eps)

    def forward(self, x):
        return super().forward(x[:, : self.kept])


# ---- the backward pass -------------------------------------------------------------------------------------------


class NoPath:
    def send(self, g, h):
        return h / self.std


class NoMeanPath:
    def send(self, g, h):
        return (h - self.xhat * self.mean(h * self.xhat)) / self.std


class NoVariancePath:
    def send(self, g, h):
        return (h - self.mean(h)) / self.std


class Sums:
    def send(self, g, h):
        n = self.size(self.x)
        return (h - n * self.mean(h) - self.xhat * n * self.mean(h * self.xhat)) / self.std


class VarianceSum:
    def send(self, g, h):
        n = self.size(self.x)
        return (h - self.mean(h) - self.xhat * n * self.mean(h * self.xhat)) / self.std


def sent_over(*axes):
    class SentOver:
        def send(self, g, h):
            inner = (h * self.xhat).mean(axes, keepdims=True)
            return (h - h.mean(axes, keepdims=True) - self.xhat * inner) / self.std

    return SentOver


class NoGamma:
    def send(self, g, h):
        return super().send(h, g)


class GammaOutside:
    def send(self, g, h):
        return self.gamma() * super().send(h, g)


class MapOnly:
    def send(self, g, h):
        many = self.size(self.x) / (self.x.shape[2] * self.x.shape[3])
        return (h - many * self.mean(h) - many * self.xhat * self.mean(h * self.xhat)) / self.std


class BatchForN:
    def send(self, g, h):
        many = self.size(self.x) / len(self.x)
        return (h - many * self.mean(h) - many * self.xhat * self.mean(h * self.xhat)) / self.std


class BatchForNOfTheVariance:
    def send(self, g, h):
        return (h - self.mean(h) - self.size(self.x) / len(self.x) * self.xhat * self.mean(h * self.xhat)) / self.std


class Straight:
    def send(self, g, h):
        return g


def learns(formula):
    class Learns:
        def learn(self, grad_out):
            self.grads["gamma"], self.grads["beta"] = formula(self, grad_out)

    return Learns


OverFeatures = learns(lambda s, g: ((g * s.xhat).sum((1, 2, 3)), g.sum((1, 2, 3))))
OverCells = learns(lambda s, g: ((g * s.xhat).sum((2, 3)), g.sum((2, 3))))
OverBatchAlone = learns(lambda s, g: ((g * s.xhat).sum(0), g.sum(0)))
OverAll = learns(lambda s, g: (np.array((g * s.xhat).sum()), np.array(g.sum())))
Averaged = learns(lambda s, g: ((g * s.xhat).mean((0, 2, 3)), g.mean((0, 2, 3))))
BatchAveraged = learns(lambda s, g: ((g * s.xhat).sum((0, 2, 3)) / len(g), g.sum((0, 2, 3)) / len(g)))
WithInput = learns(lambda s, g: ((g * s.x).sum((0, 2, 3)), g.sum((0, 2, 3))))
WithOutput = learns(lambda s, g: ((g * s.scale(s.xhat)).sum((0, 2, 3)), g.sum((0, 2, 3))))
WithCentred = learns(lambda s, g: ((g * (s.x - s.centre)).sum((0, 2, 3)), g.sum((0, 2, 3))))


class FromOutput:
    """Backward recomputes x̂ from the output."""

    def backward(self, grad_out):
        beta = self.params["beta"].reshape(1, -1, 1, 1)
        with np.errstate(all="ignore"):
            self.xhat = (self.scale(self.xhat) - beta) / self.gamma()
        return super().backward(grad_out)


class FromOutputGuarded:
    """Backward recomputes x̂ from the output, with a guard against division by 0."""

    def backward(self, grad_out):
        self.xhat = self.xhat * (self.gamma() != 0)
        return super().backward(grad_out)


class ParametersReadOnce:
    def scale(self, xhat):
        if not hasattr(self, "own"):
            self.own = {name: values.reshape(1, -1, 1, 1).copy() for name, values in self.params.items()}
        return self.own["gamma"] * xhat + self.own["beta"]

    def gamma(self):
        return self.own["gamma"]


class WorkedOutOnce:
    """``backward`` computes x̂ and √(σ² + ε) only if they are not there yet."""

    def forward(self, x):
        y = super().forward(x)
        self.late = getattr(self, "late", None)
        return y

    def backward(self, grad_out):
        self.late = self.late or (self.x, self.xhat, self.std)
        self.x, self.xhat, self.std = self.late
        return super().backward(grad_out)


class GradsAccumulated:
    def learn(self, grad_out):
        before = dict(self.grads)
        super().learn(grad_out)
        for name, earlier in before.items():
            self.grads[name] = self.grads[name] + earlier


class StoredBack:
    def forward(self, x):
        y = super().forward(x)
        self.x = x.copy()
        if x.flags.writeable:
            x[...] = y
        return y


FORMULA = (
    ("eps-outside-root", EpsOutside),
    ("eps-forgotten", NoEps),
    ("eps-as-floor", EpsAsFloor),
    ("eps-hard-coded", UsualEps),
    ("divided-by-variance", NoRoot),
    ("divided-by-variance", NoRootRightBackward),
    ("unbiased-variance", Unbiased),
    ("mean-not-subtracted", NotCentred),
    ("statistics-as-constants", NoPath),
    ("no-path-through-mean", NoMeanPath),
    ("no-path-through-variance", NoVariancePath),
    ("sums-not-averaged", Sums),
    ("sums-not-averaged", VarianceSum),
    ("divided-by-wrong-n", BatchForN),
    ("divided-by-wrong-n", BatchForNOfTheVariance),
    ("input-changed", StoredBack),
    ("stale-cache", WorkedOutOnce),
    *GENERAL,
)
"""Pairs (name, mistake) about any standardization."""

NORM = (
    *FORMULA,
    ("batch-in-statistics", over(0, 2, 3)),
    ("batch-in-statistics", over(0)),
    ("batch-in-statistics", over(0, 1, 2, 3)),
    ("last-axis-only", over(3)),
    ("channel-axis-only", over(1)),
    ("affine-forgotten", NoAffine),
    ("affine-forgotten", ParametersCopied),
    ("parameters-copied", ParametersReadOnce),
    ("xhat-from-output", FromOutput),
    ("xhat-from-output", FromOutputGuarded),
    ("shift-before-scale", BetaFirst),
    ("affine-on-wrong-axis", AlongWidth),
    ("affine-on-wrong-axis", AlongBatch),
    ("running-statistics", Running),
    ("running-statistics", RunningSampleMeans),
    ("backward-over-batch", sent_over(0, 2, 3)),
    ("backward-over-batch", sent_over(0)),
    ("gamma-not-in-gradient", NoGamma),
    ("grads-over-wrong-axes", OverFeatures),
    ("grads-over-wrong-axes", OverCells),
    ("grads-over-wrong-axes", OverBatchAlone),
    ("grads-over-wrong-axes", OverAll),
    ("parameter-gradients-averaged", Averaged),
    ("parameter-gradients-averaged", BatchAveraged),
    ("gamma-grad-without-xhat", WithInput),
    ("gamma-grad-without-xhat", WithOutput),
    ("gamma-grad-without-xhat", WithCentred),
    ("gradient-accumulated", GradsAccumulated),
    ("parameter-shape", FourAxes),
    *STEPS,
)

SHARED_SET = (("each-map-alone", over(2, 3)), ("gamma-outside-sum", GammaOutside), ("divisor-map-only", MapOnly))


WRONG = {
    "LayerNorm2d": mixed(LN, *NORM, *SHARED_SET),
    "InstanceNorm2d": mixed(IN, *NORM, ("channels-together", over(1, 2, 3)), ("reshape-across-maps", Scrambled)),
    "GroupNorm": (
        *mixed(
            GN,
            *NORM,
            *SHARED_SET,
            ("groups-interleaved", Interleaved),
            ("group-size-confused", SizeConfused),
            ("groups-ignored", over(1, 2, 3)),
            ("reshape-across-maps", Scrambled),
            ("channel-axis-only", GroupChannelsOnly),
            ("gamma-per-group", PerGroup),
        ),
        ("indivisible-accepted", Accepting),
    ),
    "WeightStandardization": mixed(
        WS,
        *FORMULA,
        ("filters-together", over(0, 1, 2, 3)),
        ("filters-together", over(0, 2, 3)),
        ("filters-together", over(0)),
        ("each-slice-alone", over(2, 3)),
        ("input-maps-only", over(1)),
        ("gradient-passed-straight", Straight),
        ("backward-over-filters", sent_over(0, 2, 3)),
        ("backward-over-filters", sent_over(0, 1, 2, 3)),
    ),
}
