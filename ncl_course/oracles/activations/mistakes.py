"""Students' mistakes in lesson 02: the oracles of ``right.py``, each with one thing changed.

Several ways to make one mistake may share a name; if two names explain the same cases, the first one is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from ncl_course.oracles.activations.right import ELU, LeakyReLU, ReLU, Sigmoid, Tanh
from ncl_course.oracles.activations.wrong_maxout import MAXOUT
from ncl_course.oracles.activations.wrong_prelu import PRELU
from ncl_course.oracles.altered import Misconception, backward_as, forward_as, general
from ncl_course.oracles.layer import TorchLayer

Oracle = type[TorchLayer]


def slope(oracle: Oracle, name: str, formula: Callable[[Any, torch.Tensor], torch.Tensor]) -> Misconception:
    """Return a misconception with a right forward pass whose backward multiplies ``grad_out`` by a wrong derivative."""
    return Misconception(name, backward_as(oracle, lambda self, g: g * formula(self, self.x.detach())))


def kinked(
    oracle: Oracle,
    name: str,
    below: Callable[[Any, torch.Tensor], torch.Tensor],
    above: Callable[[Any, torch.Tensor], torch.Tensor] = lambda self, x: torch.ones_like(x),
) -> tuple[Misconception, ...]:
    """Return a wrong derivative of two branches twice: 0 belongs to the negative side, or to the positive one."""
    return (
        slope(oracle, name, lambda self, x: torch.where(x > 0, above(self, x), below(self, x))),
        slope(oracle, name, lambda self, x: torch.where(x >= 0, above(self, x), below(self, x))),
    )


def value(oracle: Oracle, name: str, formula: Callable[[Any, torch.Tensor], torch.Tensor]) -> Misconception:
    """Return a misconception that computes a wrong function, and the derivative of that function."""
    return Misconception(name, forward_as(oracle, formula))


def with_alpha(oracle: Oracle, choose: Callable[[float], float], default: float) -> Oracle:
    """Return the oracle with a wrong default alpha, or with an alpha computed from the given one."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        adapts = False

        def __init__(self, alpha: float = default) -> None:
            super().__init__(choose(alpha))

    return Altered


def shared_alpha(oracle: Oracle, default: float) -> Oracle:
    """Return the oracle with alpha on the class, so that the layer made last decides for all layers."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def __init__(self, alpha: float = default) -> None:
            type(self).alpha = alpha

    return Altered


def any_activation(oracle: Oracle) -> tuple[Misconception, ...]:
    """Return the mistakes that students can make in every elementwise function."""
    return (
        slope(oracle, "derivative-forgotten", lambda self, x: torch.ones_like(x)),
        *general(oracle, "upstream-forgotten", "stale-cache", "shared-between-instances", "gradient-accumulated"),
    )


def sign_of_gradient(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Multiply by the derivative that the sign of the gradient selects, instead of the sign of the input."""
    return torch.where(grad_out > 0, grad_out, getattr(self, "alpha", 0.0) * grad_out)


def elu_sign_of_gradient(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Do the same for ELU, with the derivative α·e^x on the side that is taken for the negative one."""
    return torch.where(grad_out > 0, grad_out, grad_out * self.alpha * torch.exp(self.x.detach()))


def slope_assigned(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Write the slope over the gradient below 0, instead of multiplying by it."""
    return torch.where(self.x.detach() > 0, grad_out, self.alpha * torch.ones_like(grad_out))


def elu_slope_assigned(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Do the same for ELU, with the slope α·e^x."""
    return torch.where(self.x.detach() > 0, grad_out, self.alpha * torch.exp(self.x.detach()))


def literal_elu(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Use the lecture's formula with its masks as factors: 0 · (e^1000 − 1) is NaN."""
    return (x < 0) * self.alpha * (torch.exp(x) - 1) + (x >= 0) * x


def sigmoid(x: torch.Tensor) -> torch.Tensor:
    """Return σ(x)."""
    return torch.sigmoid(x)


def mirrored_sigmoid(_self: Any, x: torch.Tensor) -> torch.Tensor:
    """Return σ(−x) = 1 − σ(x); its gradient is right, because s (1 − s) is the same for both."""
    right = sigmoid(x)
    return right + (sigmoid(-x) - right).detach()


def bell(s: torch.Tensor) -> torch.Tensor:
    """Return s (1 − s)."""
    return s * (1 - s)


def exponential_quotient(x: torch.Tensor) -> torch.Tensor:
    """Return e^x / (1 + e^x), which is ∞ / ∞ at 1000."""
    return torch.exp(x) / (1 + torch.exp(x))


def quotient_tanh(x: torch.Tensor) -> torch.Tensor:
    """Return (e^x − e^−x) / (e^x + e^−x), which is ∞ / ∞ at ±1000."""
    return (torch.exp(x) - torch.exp(-x)) / (torch.exp(x) + torch.exp(-x))


MISCONCEPTIONS: dict[str, tuple[Misconception, ...]] = {
    "ReLU": (
        Misconception("sign-of-gradient", backward_as(ReLU, sign_of_gradient)),
        *kinked(ReLU, "relu-mask-inverted", lambda self, x: torch.ones_like(x), lambda self, x: torch.zeros_like(x)),
        value(ReLU, "relu-minimum-taken", lambda self, x: x.clamp(max=0)),
        slope(ReLU, "value-as-slope", lambda self, x: x.clamp(min=0)),
        value(ReLU, "leaky-for-relu", lambda self, x: torch.where(x > 0, x, 0.01 * x)),
        value(ReLU, "leaky-for-relu", lambda self, x: torch.where(x > 0, x, 0.1 * x)),
        value(ReLU, "relu-absolute", lambda self, x: x.abs()),
        *any_activation(ReLU),
    ),
    "Sigmoid": (
        slope(Sigmoid, "sigmoid-derivative-of-input", lambda self, x: bell(x)),
        slope(Sigmoid, "sigmoid-twice", lambda self, x: bell(sigmoid(sigmoid(x)))),
        slope(Sigmoid, "tanh-rule-for-sigmoid", lambda self, x: 1 - sigmoid(x) ** 2),
        slope(Sigmoid, "sigmoid-factor-missing", lambda self, x: 1 - sigmoid(x)),
        slope(Sigmoid, "sigmoid-factor-missing", lambda self, x: sigmoid(x)),
        value(Sigmoid, "sigmoid-infinity", lambda self, x: exponential_quotient(x)),
        slope(Sigmoid, "sigmoid-infinity", lambda self, x: bell(exponential_quotient(x))),
        slope(Sigmoid, "sigmoid-derivative-sign", lambda self, x: -bell(sigmoid(x))),
        value(Sigmoid, "sigmoid-mirrored", mirrored_sigmoid),
        *any_activation(Sigmoid),
    ),
    "Tanh": (
        value(Tanh, "tanh-inner-two-forgotten", lambda self, x: 2 * sigmoid(x) - 1),
        value(Tanh, "tanh-not-shifted", lambda self, x: 2 * sigmoid(2 * x)),
        slope(Tanh, "tanh-derivative-of-input", lambda self, x: 1 - x**2),
        slope(Tanh, "tanh-twice", lambda self, x: 1 - torch.tanh(torch.tanh(x)) ** 2),
        slope(Tanh, "tanh-not-squared", lambda self, x: 1 - torch.tanh(x)),
        slope(Tanh, "sigmoid-rule-for-tanh", lambda self, x: bell(torch.tanh(x))),
        slope(Tanh, "tanh-of-sigma", lambda self, x: 1 - sigmoid(2 * x) ** 2),
        slope(Tanh, "tanh-of-sigma", lambda self, x: 1 - sigmoid(x) ** 2),
        slope(Tanh, "tanh-chain-factor", lambda self, x: 2 * bell(sigmoid(2 * x))),
        slope(Tanh, "tanh-chain-factor", lambda self, x: bell(sigmoid(2 * x))),
        value(Tanh, "tanh-infinity", lambda self, x: quotient_tanh(x)),
        slope(Tanh, "tanh-infinity", lambda self, x: 1 - quotient_tanh(x) ** 2),
        *any_activation(Tanh),
    ),
    "LeakyReLU": (
        value(LeakyReLU, "leak-everywhere", lambda self, x: self.alpha * x),
        slope(LeakyReLU, "leak-everywhere", lambda self, x: torch.full_like(x, self.alpha)),
        value(LeakyReLU, "sides-exchanged", lambda self, x: torch.where(x > 0, self.alpha * x, x)),
        slope(LeakyReLU, "sides-exchanged", lambda self, x: torch.where(x > 0, self.alpha, 1.0)),
        value(LeakyReLU, "leaky-as-maximum", lambda self, x: torch.maximum(self.alpha * x, x)),
        *kinked(LeakyReLU, "negative-side-cut", lambda self, x: torch.zeros_like(x)),
        value(LeakyReLU, "negative-side-cut", lambda self, x: x.clamp(min=0)),
        *kinked(LeakyReLU, "leaky-slope-times-input", lambda self, x: self.alpha * x),
        slope(LeakyReLU, "value-as-slope", lambda self, x: torch.where(x > 0, x, self.alpha * x)),
        slope(LeakyReLU, "value-as-slope", lambda self, x: x.clamp(min=0)),
        Misconception("slope-assigned", backward_as(LeakyReLU, slope_assigned)),
        value(LeakyReLU, "negative-side-flipped", lambda self, x: torch.where(x > 0, x, -self.alpha * x)),
        *(
            Misconception("leaky-default", with_alpha(LeakyReLU, lambda alpha: alpha, other))
            for other in (0.01, 0.03, 0.2, 0.3)
        ),
        Misconception("activation-alpha-ignored", with_alpha(LeakyReLU, lambda alpha: 0.1, 0.1)),
        Misconception("activation-alpha-ignored", with_alpha(LeakyReLU, lambda alpha: 0.01, 0.01)),
        Misconception("shared-between-instances", shared_alpha(LeakyReLU, 0.1)),
        Misconception("sign-of-gradient", backward_as(LeakyReLU, sign_of_gradient)),
        *any_activation(LeakyReLU),
    ),
    "ELU": (
        value(ELU, "elu-zero-times-infinity", literal_elu),
        slope(ELU, "elu-zero-times-infinity", lambda self, x: (x < 0) * self.alpha * torch.exp(x) + (x >= 0)),
        value(ELU, "elu-alpha-inside", lambda self, x: torch.where(x < 0, self.alpha * x.clamp(max=0).exp() - 1, x)),
        value(
            ELU, "elu-alpha-in-exponent", lambda self, x: torch.where(x < 0, (self.alpha * x.clamp(max=0)).expm1(), x)
        ),
        value(
            ELU, "negative-side-flipped", lambda self, x: torch.where(x < 0, -self.alpha * x.clamp(max=0).expm1(), x)
        ),
        value(ELU, "sides-exchanged", lambda self, x: torch.where(x > 0, self.alpha * torch.expm1(x), x)),
        value(ELU, "elu-exponent-sign", lambda self, x: torch.where(x < 0, self.alpha * torch.expm1(-x), x)),
        *kinked(ELU, "elu-exponent-sign", lambda self, x: self.alpha * torch.exp(-x)),
        *kinked(ELU, "elu-slope-times-input", lambda self, x: self.alpha * x * x.clamp(max=0).exp()),
        *kinked(ELU, "elu-value-as-slope", lambda self, x: self.alpha * x.clamp(max=0).expm1()),
        Misconception("slope-assigned", backward_as(ELU, elu_slope_assigned)),
        slope(ELU, "elu-slope-without-alpha", lambda self, x: x.clamp(max=0).exp()),
        *kinked(ELU, "elu-plus-one", lambda self, x: self.alpha * x.clamp(max=0).expm1() + 1),
        *kinked(ELU, "negative-side-cut", lambda self, x: torch.zeros_like(x)),
        value(ELU, "negative-side-cut", lambda self, x: x.clamp(min=0)),
        Misconception("activation-alpha-ignored", with_alpha(ELU, lambda alpha: 1.0, 1.0)),
        Misconception("shared-between-instances", shared_alpha(ELU, 1.0)),
        Misconception("sign-of-gradient", backward_as(ELU, elu_sign_of_gradient)),
        slope(ELU, "value-as-slope", lambda self, x: x.clamp(min=0)),
        *any_activation(ELU),
    ),
    "PReLU": PRELU,
    "Maxout": MAXOUT,
}
