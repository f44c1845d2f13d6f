"""Wrong answers for softmax and cross-entropy, as students write them: each has one mistake, and its misconception's
name.
"""

from __future__ import annotations

import numpy as np

from ncl_course.nn import Layer
from tests.answers.general import GENERAL, WorkedOutInBackward, mixed


def stable(x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


# ---- Softmax ------------------------------------------------------------------------------------------------------


class Soft(Layer):
    """The right layer."""

    def forward(self, x):
        self.x = x
        self.cache = self.probabilities(x)
        return self.cache.copy()

    def probabilities(self, x):
        return stable(x)

    def backward(self, grad_out):
        return self.product(self.cache, grad_out)

    def product(self, p, g):
        return p * (g - (g * p).sum(axis=-1, keepdims=True))


def soft_as(name, formula):
    """Return Softmax with a mistake in the probabilities."""
    return type(name, (Soft,), {"probabilities": lambda self, x: formula(x)})


def back_as(name, formula):
    """Return Softmax with a mistake in the gradient."""
    return type(name, (Soft,), {"product": lambda self, p, g: formula(p, g)})


def naive(x):
    return np.exp(x) / np.exp(x).sum(-1, keepdims=True)


def batch_maximum(x):
    e = np.exp(x - np.max(x))
    return e / e.sum(-1, keepdims=True)


def column_maximum(x):
    e = np.exp(x - x.max(0))
    return e / e.sum(-1, keepdims=True)


def whole_sum(x):
    e = np.exp(x - x.max())
    return e / np.sum(e)


def sum_no_keepdims(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1)


def max_no_keepdims(x):
    e = np.exp(x - x.max(-1))
    return e / e.sum(-1, keepdims=True)


def no_keepdims(x):
    e = np.exp(x - x.max(-1))
    return e / e.sum(-1)


class InputInDerivative(Soft):
    def backward(self, grad_out):
        return grad_out * self.cache * (1 - self.x)


class InputAlone(Soft):
    def backward(self, grad_out):
        return grad_out * self.x * (1 - self.x)


class MaximumInPlace(Soft):
    def probabilities(self, x):
        if x.flags.writeable:
            x -= x.max(-1, keepdims=True)
        return stable(x)


class CacheSpoilt(Soft):
    def forward(self, x):
        self.cache = stable(x)
        return self.cache

    def backward(self, grad_out):
        out = self.cache
        kept = out.copy()
        inner = (grad_out * out).sum(-1, keepdims=True)
        out *= grad_out - inner
        dx = out.copy()
        self.cache = kept
        return dx


class WarnsFirst(Soft):
    def probabilities(self, x):
        p = np.exp(x) / np.exp(x).sum(-1, keepdims=True)
        return p if np.isfinite(p).all() else stable(x)


SOFTMAX = (
    ("maximum-not-subtracted", soft_as("Naive", naive)),
    ("global-maximum", soft_as("BatchMaximum", batch_maximum)),
    ("maximum-over-batch", soft_as("ColumnMaximum", column_maximum)),
    ("normalized-over-batch", soft_as("OverBatch", lambda x: stable(x, 0))),
    ("normalized-over-everything", soft_as("WholeSum", whole_sum)),
    ("axis-one", soft_as("AxisOne", lambda x: stable(x, 1))),
    ("keepdims-forgotten", soft_as("SumNoKeepdims", sum_no_keepdims)),
    ("keepdims-forgotten", soft_as("MaxNoKeepdims", max_no_keepdims)),
    ("keepdims-forgotten", soft_as("NoKeepdims", no_keepdims)),
    ("keepdims-forgotten", back_as("InnerNoKeepdims", lambda p, g: p * (g - (g * p).sum(-1)))),
    ("softmax-twice", soft_as("Twice", lambda x: stable(stable(x)))),
    ("exponential-forgotten", soft_as("NoExp", lambda x: x / x.sum(-1, keepdims=True))),
    ("diagonal-only", back_as("Diagonal", lambda p, g: g * p * (1 - p))),
    ("upstream-forgotten", back_as("DiagonalAlone", lambda p, g: p * (1 - p))),
    ("input-in-derivative", InputInDerivative),
    ("input-in-derivative", InputAlone),
    ("gradient-passed-through", back_as("Through", lambda p, g: g)),
    ("loss-gradient-returned", back_as("MinusLabels", lambda p, g: p - g)),
    ("factor-forgotten", back_as("NoFactor", lambda p, g: g - (g * p).sum(-1, keepdims=True))),
    ("sum-over-everything", back_as("InnerSumAll", lambda p, g: p * (g - np.sum(g * p)))),
    ("sum-over-everything", back_as("InnerSumBatch", lambda p, g: p * (g - np.sum(g * p, axis=0)))),
    ("sum-not-weighted", back_as("PlainSum", lambda p, g: p * (g - g.sum(-1, keepdims=True)))),
    (
        "off-diagonal-sign",
        back_as("Plus", lambda p, g: p * g * (1 - p) + p * ((g * p).sum(-1, keepdims=True) - g * p)),
    ),
    ("input-changed", MaximumInPlace),
    ("result-overwritten", CacheSpoilt),
    ("warning", WarnsFirst),
    *mixed(Soft, ("stale-cache", WorkedOutInBackward), *GENERAL),
)


# ---- CrossEntropyLoss ---------------------------------------------------------------------------------------------


class Entropy:
    """The right loss, with each decision in a separate method."""

    def probabilities(self, x):
        return stable(x)

    def losses(self, x, labels):
        m = x.max(1, keepdims=True)
        lse = np.log(np.exp(x - m).sum(1)) + m[:, 0]
        return lse - x[np.arange(len(x)), labels]

    def forward(self, logits, labels):
        self.p, self.y = self.probabilities(logits), labels
        return self.reduce(self.losses(logits, labels), logits)

    def reduce(self, losses, logits):
        return losses.mean()

    def gradient(self, p, y):
        d = p.copy()
        d[np.arange(len(y)), y] -= 1
        return d / len(y)

    def backward(self):
        return self.gradient(self.p, self.y)


def losses_as(name, formula):
    """Return the loss with a mistake in the loss of each sample."""
    return type(name, (Entropy,), {"losses": lambda self, x, labels: formula(x, labels)})


def from_p(name, formula):
    """Return the loss with its value and gradient computed from wrong probabilities."""

    def losses(self, x, labels):
        return -np.log(formula(x)[np.arange(len(x)), labels])

    return type(name, (Entropy,), {"losses": losses, "probabilities": lambda self, x: formula(x)})


def reduced_as(name, formula):
    """Return the loss with a mistake in the mean."""
    return type(name, (Entropy,), {"reduce": lambda self, losses, logits: formula(losses, logits)})


def gradient_as(name, formula):
    """Return the loss with a mistake in the gradient; the formula gets p, the one-hot y, and N."""
    return type(name, (Entropy,), {"gradient": lambda self, p, y: formula(p, one_hot(p, y), len(y))})


def one_hot(p, y):
    return (y[:, None] == np.arange(p.shape[1])).astype(p.dtype)


def picked(x, labels):
    return stable(x)[np.arange(len(x)), labels]


class EveryPair(Entropy):
    def losses(self, x, labels):
        return -np.log(np.maximum(stable(x), 1e-300))[:, labels]


class EveryPairGradient(Entropy):
    def gradient(self, p, y):
        d = p.copy()
        d[:, y] -= 1
        return d / len(y)


class BinaryEntropy(Entropy):
    def losses(self, x, labels):
        p = np.clip(stable(x), 1e-12, 1 - 1e-12)
        y = np.eye(x.shape[1])[labels]
        return -(y * np.log(p) + (1 - y) * np.log(1 - p)).sum(1)


class BinaryEntropyMean(BinaryEntropy):
    def losses(self, x, labels):
        return super().losses(x, labels) / x.shape[1]


class LabelsIgnored(Entropy):
    def losses(self, x, labels):
        m = x.max(1, keepdims=True)
        return (-(x - m) + np.log(np.exp(x - m).sum(1, keepdims=True))).sum(1)


class LabelsIgnoredMean(LabelsIgnored):
    def losses(self, x, labels):
        return super().losses(x, labels) / x.shape[1]


class Spoilt(Entropy):
    def backward(self):
        self.p[np.arange(len(self.y)), self.y] -= 1
        return self.p / len(self.y)


class SpoiltAndReturned(Entropy):
    def backward(self):
        self.p[np.arange(len(self.y)), self.y] -= 1
        self.p /= len(self.y)
        return self.p


class LogitsInPlace(Entropy):
    def forward(self, logits, labels):
        if logits.flags.writeable:
            logits -= logits.max(1, keepdims=True)
        return super().forward(logits, labels)


class LabelsReshaped(Entropy):
    def forward(self, logits, labels):
        loss = super().forward(logits, labels.copy())
        if labels.flags.writeable:
            labels[...] = 0
        return loss


class Float64Gradient(Entropy):
    def gradient(self, p, y):
        return ((p - np.eye(p.shape[1])[y]) / len(y)).astype(np.float64)


class GradientKept(Entropy):
    def gradient(self, p, y):
        d = super().gradient(p, y)
        if getattr(self, "buffer", None) is None or self.buffer.shape != d.shape:
            self.buffer = np.empty_like(d)
        self.buffer[...] = d
        return self.buffer


class Stale(Entropy):
    def forward(self, logits, labels):
        loss = super().forward(logits, labels)
        self.first = getattr(self, "first", (self.p, self.y))
        self.p, self.y = self.first
        return loss


LAST = {}


class Shared(Entropy):
    def forward(self, logits, labels):
        loss = super().forward(logits, labels)
        LAST["it"] = self.p, self.y
        return loss

    def backward(self):
        return self.gradient(*LAST["it"])


class OneHotOverN(Entropy):
    def forward(self, logits, labels):
        self.p, self.y = stable(logits), labels
        return -(np.eye(logits.shape[1])[labels] * np.log(self.p)).sum() / len(logits)


class NaiveOneHot(Entropy):
    def forward(self, logits, labels):
        self.p, self.y = naive(logits), labels
        return -np.sum(one_hot(self.p, labels) * np.log(self.p)) / logits.shape[0]


class LogitsMinusLabels(Entropy):
    def probabilities(self, x):
        return x


class Warns(Entropy):
    def losses(self, x, labels):
        m = x.max(1, keepdims=True)
        np.log(np.exp(x))
        return np.log(np.exp(x - m).sum(1)) + m[:, 0] - x[np.arange(len(x)), labels]


def zero_for_infinity(x, labels):
    losses = -np.log(picked(x, labels))
    losses[np.isinf(losses)] = 0
    return losses


def naive_sum(x, labels):
    return np.log(np.exp(x).sum(1)) - x[np.arange(len(x)), labels]


def batch_sum(x, labels):
    m = x.max()
    return np.log(np.exp(x - m).sum(1)) + m - x[np.arange(len(x)), labels]


def maximum_lost(x, labels):
    return np.log(np.exp(x - x.max(1, keepdims=True)).sum(1)) - x[np.arange(len(x)), labels]


def correct_loss(x, labels):
    return Entropy().losses(x, labels)


LOSS = (
    ("summed-not-averaged", reduced_as("Summed", lambda losses, x: losses.sum())),
    ("divided-by-classes", reduced_as("OverC", lambda losses, x: losses.sum() / x.shape[1])),
    ("divided-by-classes", reduced_as("OverNC", lambda losses, x: losses.sum() / x.size)),
    ("losses-returned", reduced_as("NotReduced", lambda losses, x: losses)),
    ("sign-flipped", losses_as("Minus", lambda x, y: -correct_loss(x, y))),
    ("log-clipped", losses_as("Plus1e8", lambda x, y: -np.log(picked(x, y) + 1e-8))),
    ("log-clipped", losses_as("Plus1e12", lambda x, y: -np.log(picked(x, y) + 1e-12))),
    ("log-clipped", losses_as("Clip1e15", lambda x, y: -np.log(np.clip(picked(x, y), 1e-15, 1 - 1e-15)))),
    ("log-clipped", losses_as("Clip1e7", lambda x, y: -np.log(np.clip(picked(x, y), 1e-7, 1 - 1e-7)))),
    ("log-clipped", losses_as("Clip1e100", lambda x, y: -np.log(np.maximum(picked(x, y), 1e-100)))),
    ("log-clipped", losses_as("Clip1e300", lambda x, y: -np.log(np.clip(picked(x, y), 1e-300, 1)))),
    ("one-hot-times-infinity", losses_as("OneHotSum", lambda x, y: -(one_hot(x, y) * np.log(stable(x))).sum(1))),
    ("one-hot-times-infinity", OneHotOverN),
    ("one-hot-without-maximum", NaiveOneHot),
    ("infinity-replaced", losses_as("NanToNum", lambda x, y: np.nan_to_num(-np.log(picked(x, y))))),
    ("infinity-replaced", losses_as("ZeroForInfinity", zero_for_infinity)),
    ("log-of-softmax", losses_as("LogSoftmax", lambda x, y: -np.log(picked(x, y)))),
    ("maximum-not-subtracted", losses_as("NaiveSum", naive_sum)),
    ("maximum-not-subtracted", from_p("NaiveLoss", naive)),
    ("global-maximum", losses_as("BatchSum", batch_sum)),
    ("global-maximum", from_p("BatchMaximumLoss", batch_maximum)),
    ("maximum-over-batch", from_p("ColumnMaximumLoss", column_maximum)),
    ("normalized-over-batch", from_p("OverBatchLoss", lambda x: stable(x, 0))),
    ("keepdims-forgotten", from_p("SumNoKeepdimsLoss", sum_no_keepdims)),
    ("keepdims-forgotten", from_p("MaxNoKeepdimsLoss", max_no_keepdims)),
    ("keepdims-forgotten", from_p("NoKeepdimsLoss", no_keepdims)),
    ("softmax-twice", from_p("TwiceLoss", lambda x: stable(stable(x)))),
    ("softmax-twice", losses_as("TwiceForward", lambda x, y: correct_loss(stable(x), y))),
    ("maximum-not-added", losses_as("MaximumLost", maximum_lost)),
    ("logarithm-forgotten", losses_as("NoLog", lambda x, y: -picked(x, y))),
    ("logarithm-forgotten", losses_as("OneMinus", lambda x, y: 1 - picked(x, y))),
    ("every-pair", EveryPair),
    ("every-pair", EveryPairGradient),
    ("binary-cross-entropy", BinaryEntropy),
    ("binary-cross-entropy", BinaryEntropyMean),
    ("labels-ignored", LabelsIgnored),
    ("labels-ignored", LabelsIgnoredMean),
    ("gradient-summed", gradient_as("NotOverN", lambda p, y, N: p - y)),
    ("gradient-divided-by-classes", gradient_as("GradientOverC", lambda p, y, N: (p - y) / p.shape[1])),
    ("gradient-divided-by-classes", gradient_as("GradientOverNC", lambda p, y, N: (p - y) / p.size)),
    ("sign-flipped", gradient_as("Uphill", lambda p, y, N: (y - p) / N)),
    ("sign-flipped", gradient_as("UphillSum", lambda p, y, N: y - p)),
    ("label-not-subtracted", gradient_as("NoLabel", lambda p, y, N: p / N)),
    ("label-not-subtracted", gradient_as("NoLabelSum", lambda p, y, N: p)),
    ("probability-of-label-alone", gradient_as("LabelAlone", lambda p, y, N: (p - y) * y / N)),
    ("labels-divided-alone", gradient_as("LabelsOverN", lambda p, y, N: p - y / N)),
    ("labels-divided-alone", gradient_as("ProbabilitiesOverN", lambda p, y, N: p / N - y)),
    ("logits-for-probabilities", LogitsMinusLabels),
    ("gradient-for-probabilities", gradient_as("ForP", lambda p, y, N: -y / p / N)),
    ("cache-spoilt", Spoilt),
    ("cache-spoilt", SpoiltAndReturned),
    ("input-changed", LogitsInPlace),
    ("input-changed", LabelsReshaped),
    ("dtype-drift", Float64Gradient),
    ("result-overwritten", GradientKept),
    ("stale-cache", Stale),
    ("shared-between-instances", Shared),
    ("warning", Warns),
)

WRONG = {"Softmax": SOFTMAX, "CrossEntropyLoss": LOSS}
