"""Wrong answers to lesson 02, as students write them: each has one mistake, and the name of its misconception.

``activations_wrong_layers.py`` holds the two layers with parameters.
"""

from __future__ import annotations

import numpy as np

from ncl_course.nn import Layer
from tests.answers.activations_wrong_layers import MAXOUT, PRELU
from tests.answers.general import GENERAL, WorkedOutInBackward, mixed


class ReLU(Layer):
    def value(self, x):
        return np.maximum(x, 0)

    def slope(self, x, g):
        return (x > 0).astype(x.dtype)

    def forward(self, x):
        self.x = x
        return self.value(x)

    def backward(self, grad_out):
        return (grad_out * self.slope(self.x, grad_out)).astype(self.x.dtype)


def stable(x):
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, small) / (1 + small)


class Sigmoid(ReLU):
    def value(self, x):
        return stable(x)

    def slope(self, x, g):
        return self.value(x) * (1 - self.value(x))


class Tanh(ReLU):
    def value(self, x):
        return np.tanh(x)

    def slope(self, x, g):
        return 1 - self.value(x) ** 2


class LeakyReLU(ReLU):
    def __init__(self, alpha=0.1):
        self.alpha = alpha

    def value(self, x):
        return np.where(x >= 0, x, self.alpha * x)

    def slope(self, x, g):
        return np.where(x >= 0, 1, self.alpha)


class ELU(LeakyReLU):
    def __init__(self, alpha=1.0):
        self.alpha = alpha

    def value(self, x):
        return np.where(x >= 0, x, self.alpha * (np.exp(np.minimum(x, 0)) - 1))

    def slope(self, x, g):
        return np.where(x >= 0, 1, self.alpha * np.exp(np.minimum(x, 0)))


# ---- mistakes of any of them: mixins ---------------------------------------------------------------------------


class DerivativeForgotten:
    def backward(self, grad_out):
        return grad_out.copy()


EITHER = (("derivative-forgotten", DerivativeForgotten), ("stale-cache", WorkedOutInBackward), *GENERAL)


def wrong(base, **methods):
    """Return ``base`` with some methods replaced by wrong ones."""
    return type("_".join(methods), (base,), methods)


# ---- mistakes of one ---------------------------------------------------------------------------------------------


class MaskOfOnesKept(ReLU):
    def backward(self, grad_out):
        dx = np.zeros_like(self.x)
        dx[self.x > 0] = 1
        return dx


class InPlaceReLU(ReLU):
    def forward(self, x):
        x[x < 0] = 0
        self.x = x
        return x


class OutputAsMask(ReLU):
    """Backward turns the cached output into a mask, so a second backward gives the same."""

    def forward(self, x):
        self.y = np.maximum(x, 0)
        return self.y

    def backward(self, grad_out):
        self.y[self.y > 0] = 1
        return grad_out * self.y


class InputAsMask(ReLU):
    """Backward turns the cached input into a mask."""

    def backward(self, grad_out):
        self.x[self.x <= 0] = 0
        self.x[self.x > 0] = 1
        return grad_out * self.x


def alpha_on_the_class(base):
    """Alpha is stored on the class."""

    class AlphaOnTheClass(base):
        def __init__(self, alpha=0.1 if base is LeakyReLU else 1.0):
            type(self).alpha = alpha

    return AlphaOnTheClass


def masked_gradient(base):
    """The mask comes from the gradient's sign instead of the input's."""

    class SignOfGradient(base):
        def backward(self, grad_out):
            dx = grad_out.copy()
            below = grad_out <= 0
            dx[below] *= getattr(self, "alpha", 0)
            return dx

    return SignOfGradient


class SignOfGradientELU(ELU):
    def backward(self, grad_out):
        return np.where(grad_out > 0, grad_out, grad_out * self.alpha * np.exp(np.minimum(self.x, 700)))


class NaiveSigmoid(Sigmoid):  # warns
    def value(self, x):
        return 1 / (1 + np.exp(-x))


class QuotientSigmoid(Sigmoid):
    def value(self, x):
        return np.exp(x) / (1 + np.exp(x))


class QuotientBackward(Sigmoid):
    def slope(self, x, g):
        s = np.exp(x) / (1 + np.exp(x))
        return s * (1 - s)


class QuotientTanh(Tanh):
    def value(self, x):
        return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))


class QuotientTanhBackward(Tanh):
    def slope(self, x, g):
        y = (np.exp(2 * x) - 1) / (np.exp(2 * x) + 1)
        return 1 - np.where(x < 0, np.sinh(x) / np.cosh(x), y) ** 2


class NaiveLectureTanh(Tanh):  # warns
    def value(self, x):
        return 2 / (1 + np.exp(-2 * x)) - 1


class HalfTanh(Tanh):
    def value(self, x):
        return 2 * stable(x) - 1


class HalfTanhByChain(Tanh):
    def value(self, x):
        return 2 * stable(x) - 1

    def slope(self, x, g):
        s = stable(x)
        return 2 * s * (1 - s)


def leaky_default(value):
    class OtherDefault(LeakyReLU):
        def __init__(self, alpha=value):
            self.alpha = alpha

    return OtherDefault


class AlphaIgnored(LeakyReLU):
    def __init__(self, alpha=0.1):
        self.alpha = 0.1


class AlphaIgnoredHundredth(LeakyReLU):
    def __init__(self, alpha=0.01):
        self.alpha = 0.01


class AlphaIgnoredELU(ELU):
    def __init__(self, alpha=1.0):
        self.alpha = 1.0


class LeakyAsMaximum(LeakyReLU):
    def value(self, x):
        return np.maximum(self.alpha * x, x)

    def slope(self, x, g):
        return np.where(self.alpha * x > x, self.alpha, 1)


class LeakyMaximumForward(LeakyReLU):
    def value(self, x):
        return np.maximum(self.alpha * x, x)


class LeakyForReLU(ReLU):
    def value(self, x):
        return np.where(x > 0, x, x.dtype.type(0.1) * x)

    def slope(self, x, g):
        return np.where(x > 0, 1, x.dtype.type(0.1))


class LeakySlopeAssigned(LeakyReLU):
    def backward(self, grad_out):
        dx = grad_out.copy()
        dx[self.x <= 0] = self.alpha
        return dx


class ELUSlopeAssigned(ELU):
    def backward(self, grad_out):
        dx = grad_out.copy()
        below = self.x <= 0
        dx[below] = self.alpha * np.exp(self.x[below])
        return dx


class LiteralELU(ELU):
    def value(self, x):
        return ((x < 0) * self.alpha * (np.exp(x) - 1) + (x >= 0) * x).astype(x.dtype)


class LiteralELUSlope(ELU):
    def slope(self, x, g):
        return (x < 0) * self.alpha * np.exp(x) + (x >= 0) * 1.0


class WhereELU(ELU):  # right but warns
    def value(self, x):
        return np.where(x >= 0, x, self.alpha * (np.exp(x) - 1))


class WhereELUSlope(ELU):  # right but warns
    def slope(self, x, g):
        return np.where(x >= 0, 1, self.alpha * np.exp(x))


def below(x):
    return np.minimum(x, 0)


WRONG = {
    "ReLU": (
        *mixed(ReLU, *EITHER),
        ("sign-of-gradient", masked_gradient(ReLU)),
        ("upstream-forgotten", MaskOfOnesKept),
        ("upstream-forgotten", wrong(ReLU, backward=lambda self, grad_out: self.x > 0)),
        ("input-changed", InPlaceReLU),
        ("input-changed", InputAsMask),
        ("result-overwritten", OutputAsMask),
        ("relu-mask-inverted", wrong(ReLU, slope=lambda self, x, g: x < 0)),
        ("relu-minimum-taken", wrong(ReLU, value=lambda self, x: np.minimum(x, 0))),
        ("value-as-slope", wrong(ReLU, slope=lambda self, x, g: np.maximum(x, 0))),
        ("leaky-for-relu", wrong(ReLU, value=lambda self, x: np.where(x > 0, x, x.dtype.type(0.01) * x))),
        ("leaky-for-relu", LeakyForReLU),
        ("relu-absolute", wrong(ReLU, value=lambda self, x: np.abs(x))),
    ),
    "Sigmoid": (
        *mixed(Sigmoid, *EITHER),
        ("sigmoid-derivative-of-input", wrong(Sigmoid, slope=lambda self, x, g: x * (1 - x))),
        ("sigmoid-twice", wrong(Sigmoid, slope=lambda self, x, g: stable(stable(x)) * (1 - stable(stable(x))))),
        ("tanh-rule-for-sigmoid", wrong(Sigmoid, slope=lambda self, x, g: 1 - stable(x) ** 2)),
        ("sigmoid-factor-missing", wrong(Sigmoid, slope=lambda self, x, g: 1 - stable(x))),
        ("sigmoid-factor-missing", wrong(Sigmoid, slope=lambda self, x, g: stable(x))),
        ("sigmoid-infinity", QuotientSigmoid),
        ("sigmoid-infinity", QuotientBackward),
        ("sigmoid-derivative-sign", wrong(Sigmoid, slope=lambda self, x, g: -stable(x) * (1 - stable(x)))),
        ("sigmoid-mirrored", wrong(Sigmoid, value=lambda self, x: stable(-x))),
        ("warning", NaiveSigmoid),
    ),
    "Tanh": (
        *mixed(Tanh, *EITHER),
        ("tanh-inner-two-forgotten", HalfTanh),
        ("tanh-inner-two-forgotten", HalfTanhByChain),
        ("tanh-not-shifted", wrong(Tanh, value=lambda self, x: 2 * stable(2 * x))),
        ("tanh-derivative-of-input", wrong(Tanh, slope=lambda self, x, g: 1 - x**2)),
        ("tanh-twice", wrong(Tanh, slope=lambda self, x, g: 1 - np.tanh(np.tanh(x)) ** 2)),
        ("tanh-not-squared", wrong(Tanh, slope=lambda self, x, g: 1 - np.tanh(x))),
        ("sigmoid-rule-for-tanh", wrong(Tanh, slope=lambda self, x, g: np.tanh(x) * (1 - np.tanh(x)))),
        ("tanh-chain-factor", wrong(Tanh, slope=lambda self, x, g: 2 * stable(2 * x) * (1 - stable(2 * x)))),
        ("tanh-chain-factor", wrong(Tanh, slope=lambda self, x, g: stable(2 * x) * (1 - stable(2 * x)))),
        ("tanh-infinity", QuotientTanh),
        ("tanh-infinity", QuotientTanhBackward),
        ("warning", NaiveLectureTanh),
    ),
    "LeakyReLU": (
        *mixed(LeakyReLU, *EITHER),
        ("leak-everywhere", wrong(LeakyReLU, value=lambda self, x: self.alpha * x)),
        ("leak-everywhere", wrong(LeakyReLU, slope=lambda self, x, g: np.full(x.shape, self.alpha))),
        ("value-as-slope", wrong(LeakyReLU, slope=lambda self, x, g: self.value(x))),
        ("value-as-slope", wrong(LeakyReLU, slope=lambda self, x, g: np.maximum(x, 0))),
        ("slope-assigned", LeakySlopeAssigned),
        ("leaky-as-maximum", LeakyAsMaximum),
        ("leaky-as-maximum", LeakyMaximumForward),
        ("negative-side-cut", wrong(LeakyReLU, slope=lambda self, x, g: x > 0)),
        ("negative-side-cut", wrong(LeakyReLU, value=lambda self, x: np.maximum(x, 0))),
        ("leaky-slope-times-input", wrong(LeakyReLU, slope=lambda self, x, g: np.where(x > 0, 1, self.alpha * x))),
        ("negative-side-flipped", wrong(LeakyReLU, value=lambda self, x: np.where(x > 0, x, -self.alpha * x))),
        ("leaky-default", leaky_default(0.01)),
        ("leaky-default", leaky_default(0.03)),
        ("activation-alpha-ignored", AlphaIgnored),
        ("activation-alpha-ignored", AlphaIgnoredHundredth),
        ("shared-between-instances", alpha_on_the_class(LeakyReLU)),
        ("sign-of-gradient", masked_gradient(LeakyReLU)),
    ),
    "ELU": (
        *mixed(ELU, *EITHER),
        ("slope-assigned", ELUSlopeAssigned),
        ("value-as-slope", wrong(ELU, slope=lambda self, x, g: np.maximum(x, 0))),
        ("elu-zero-times-infinity", LiteralELU),
        ("elu-zero-times-infinity", LiteralELUSlope),
        ("warning", WhereELU),
        ("warning", WhereELUSlope),
        (
            "elu-alpha-inside",
            wrong(ELU, value=lambda self, x: np.where(x >= 0, x, self.alpha * np.exp(below(x)) - 1)),
        ),
        (
            "elu-alpha-in-exponent",
            wrong(ELU, value=lambda self, x: np.where(x >= 0, x, np.exp(self.alpha * below(x)) - 1)),
        ),
        (
            "elu-value-as-slope",
            wrong(ELU, slope=lambda self, x, g: np.where(x > 0, 1, self.alpha * (np.exp(below(x)) - 1))),
        ),
        ("elu-slope-without-alpha", wrong(ELU, slope=lambda self, x, g: np.where(x > 0, 1, np.exp(below(x))))),
        ("elu-plus-one", wrong(ELU, slope=lambda self, x, g: np.where(x > 0, 1, self.value(x) + 1))),
        ("negative-side-cut", wrong(ELU, slope=lambda self, x, g: x > 0)),
        ("negative-side-cut", wrong(ELU, value=lambda self, x: np.maximum(x, 0))),
        ("activation-alpha-ignored", AlphaIgnoredELU),
        ("shared-between-instances", alpha_on_the_class(ELU)),
        ("sign-of-gradient", SignOfGradientELU),
    ),
    "PReLU": PRELU,
    "Maxout": MAXOUT,
}
