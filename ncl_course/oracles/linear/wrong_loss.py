"""Wrong cross-entropies: other means, unstable formulas, other labels, and gradients that overwrite probabilities."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit

from ncl_course.oracles.altered import Misconception
from ncl_course.oracles.layer import Array
from ncl_course.oracles.linear import wrong_softmax as softmax
from ncl_course.oracles.linear.right import CrossEntropyLoss

Formula = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def loss_as(formula: Formula) -> type[CrossEntropyLoss]:
    """Return the loss with another formula of logits and labels, and with the gradient of that formula."""

    class Altered(CrossEntropyLoss):
        def compute(self, logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
            return formula(logits, labels)

        def forward(self, logits: Array, labels: Array) -> Any:
            super().forward(logits, labels)
            value = self.loss.detach().numpy().astype(self.dtype)
            return value if value.ndim else value[()]

    return Altered


def gradient_as(formula: Callable[[Any], torch.Tensor]) -> type[CrossEntropyLoss]:
    """Return the right loss with another gradient; ``formula`` gets the object."""

    class Altered(CrossEntropyLoss):
        def gradient(self) -> torch.Tensor:
            self.right_gradient = super().gradient
            return formula(self)

    return Altered


def probabilities_as(formula: Callable[[torch.Tensor], torch.Tensor]) -> type[CrossEntropyLoss]:
    """Return the loss with another formula for the probabilities p: −log p of the label, and the gradient (p − y)/N."""

    class Altered(CrossEntropyLoss):
        def compute(self, logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
            self.p = formula(logits).detach()
            return -picked(self.p, labels).log().mean()

        def gradient(self) -> torch.Tensor:
            return (self.p - one_hot(self.labels, self.p)) / len(self.p)

    return Altered


def picked(values: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Return the label's entry of each row."""
    return values[torch.arange(len(values)), labels]


def one_hot(labels: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    """Return rows with a 1 at the label."""
    return F.one_hot(labels, like.shape[1]).to(like.dtype)


def p_of(self: Any) -> torch.Tensor:
    """Return the right probabilities."""
    return torch.softmax(self.logits.detach(), -1)


def y_of(self: Any) -> torch.Tensor:
    """Return the one-hot labels."""
    return one_hot(self.labels, self.logits)


def summed(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Return the sum over the batch."""
    return F.cross_entropy(logits, labels, reduction="sum")


def added(eps: float) -> Formula:
    """Return the formula with log(p + eps)."""
    return lambda logits, labels: -(picked(torch.softmax(logits, -1), labels) + eps).log().mean()


def clipped(eps: float) -> Formula:
    """Return the formula with log(max(p, eps))."""
    return lambda logits, labels: -picked(torch.softmax(logits, -1), labels).clamp(min=eps).log().mean()


def clipped_both(eps: float) -> Formula:
    """Return the formula with the log of p, clipped between eps and 1 − eps."""
    return lambda logits, labels: -picked(torch.softmax(logits, -1), labels).clamp(eps, 1 - eps).log().mean()


def global_sum(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Compute log Σ exp with the maximum of the whole batch."""
    most = logits.max()
    return ((logits - most).exp().sum(1).log() + most - picked(logits, labels)).mean()


def shifted_by(shift: Callable[[torch.Tensor], torch.Tensor]) -> type[CrossEntropyLoss]:
    """Return the loss as log Σ exp(l − s) − (l − s) of the label, with a shift s that is not the row's maximum."""

    class Altered(CrossEntropyLoss):
        def compute(self, logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
            moved = logits.detach() - shift(logits.detach())
            e = softmax.exponentials(self, moved)
            self.p = softmax.normalized(e)
            return (e.sum(1).log() - picked(moved, labels)).mean()

        def gradient(self) -> torch.Tensor:
            return (self.p - one_hot(self.labels, self.p)) / len(self.p)

    return Altered


def limited(limit: float) -> Formula:
    """Return the loss of logits that are clipped to ±limit."""
    return lambda logits, labels: F.cross_entropy(logits.clamp(-limit, limit), labels)


def maximum_not_added(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Compute log Σ exp(l − m) without adding m again."""
    return ((logits - logits.amax(1, keepdim=True)).exp().sum(1).log() - picked(logits, labels)).mean()


def one_hot_sum(probabilities: Callable[[torch.Tensor], torch.Tensor]) -> Formula:
    """Return the formula −Σ y·log p over all classes, in which 0·log 0 is NaN."""

    def formula(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        p = probabilities(logits)
        return -(one_hot(labels, p) * p.log()).sum(1).mean()

    return formula


def infinity_replaced(by: float, *, of_mean: bool = False) -> Formula:
    """Return the formula −log p with another number in place of each infinity, or of an infinite mean."""

    def formula(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        losses = -picked(torch.softmax(logits, 1), labels).log()
        return losses.mean().nan_to_num(posinf=by) if of_mean else losses.nan_to_num(posinf=by).mean()

    return formula


def binary(reduce: Callable[[torch.Tensor], torch.Tensor]) -> Formula:
    """Return the binary cross-entropy of each class, −y·log p − (1 − y)·log(1 − p), collected by ``reduce``."""

    def formula(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        p = torch.softmax(logits, 1).clamp(1e-12, 1 - 1e-12)
        return reduce(F.binary_cross_entropy(p, one_hot(labels, p), reduction="none"))

    return formula


def every_pair_gradient(self: Any) -> torch.Tensor:
    """Compute p[:, labels] −= 1."""
    p = p_of(self)
    p[:, self.labels] = p[:, self.labels] - 1
    return p / len(p)


def spoilt(step: Callable[[torch.Tensor, torch.Tensor], tuple[torch.Tensor, torch.Tensor]]) -> type[CrossEntropyLoss]:
    """Return the loss whose probabilities change in each backward; ``step`` returns the gradient and the new ones."""

    class Altered(CrossEntropyLoss):
        def compute(self, logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
            self.p = torch.softmax(logits.detach(), -1)
            return super().compute(logits, labels)

        def gradient(self) -> torch.Tensor:
            gradient, self.p = step(self.p, y_of(self))
            return gradient

    return Altered


def kept(forget: bool) -> type[CrossEntropyLoss]:
    """Return the loss whose ``backward`` uses the first forward or, with ``forget``, the latest of any object."""

    class Altered(CrossEntropyLoss):
        memory: Any = None

        def forward(self, logits: Array, labels: Array) -> float:
            value = super().forward(logits, labels)
            home: Any = type(self) if forget else self
            if forget or self.memory is None:
                home.memory = (self.logits, self.loss, self.labels)
            return value

        def gradient(self) -> torch.Tensor:
            self.logits, self.loss, self.labels = self.memory
            return super().gradient()

    return Altered


CLIPS: tuple[tuple[Callable[[float], Formula], tuple[float, ...]], ...] = (
    (added, (1e-6, 1e-7, 1e-8, 1e-9)),
    (
        clipped,
        (
            1e-6,
            1e-7,
            1e-8,
            1e-9,
            1e-10,
            1e-12,
            1e-15,
            1e-16,
            1e-20,
            1e-30,
            1e-100,
            1e-300,
            float(np.finfo(np.float64).eps),
        ),
    ),
    (clipped_both, (1e-6, 1e-7, 1e-8)),
)
"""The epsilons that students write; if one is too small to change an ordinary logarithm, all three ways agree."""

PROBABILITIES = (
    *(("logits-clipped", softmax.limited(limit)) for limit in softmax.CLIPPED),
    ("maximum-not-subtracted", softmax.naive),
    ("global-maximum", softmax.global_maximum),
    ("maximum-over-batch", softmax.column_maximum),
    ("normalized-over-batch", softmax.over_batch),
    ("keepdims-forgotten", softmax.sum_without_keepdims),
    ("keepdims-forgotten", softmax.maximum_without_keepdims),
    ("keepdims-forgotten", softmax.both_without_keepdims),
    ("softmax-twice", softmax.twice),
)
FORWARD: tuple[tuple[str, Formula], ...] = (
    ("summed-not-averaged", summed),
    ("divided-by-classes", lambda x, y: summed(x, y) / x.shape[1]),
    ("divided-by-classes", lambda x, y: summed(x, y) / x.numel()),
    ("losses-returned", lambda x, y: F.cross_entropy(x, y, reduction="none")),
    ("sign-flipped", lambda x, y: -F.cross_entropy(x, y)),
    *(("log-clipped", formula(eps)) for formula, epsilons in CLIPS for eps in epsilons),
    ("one-hot-times-infinity", one_hot_sum(lambda x: torch.softmax(x, 1))),
    ("one-hot-without-maximum", one_hot_sum(softmax.naive)),
    *(
        ("infinity-replaced", infinity_replaced(by, of_mean=of_mean))
        for of_mean in (False, True)
        for by in (0.0, float(np.finfo(np.float64).max), 1e10, 100.0)
    ),
    ("log-of-softmax", lambda x, y: -picked(torch.softmax(x, 1), y).log().mean()),
    ("maximum-not-subtracted", lambda logits, labels: (logits.exp().sum(1).log() - picked(logits, labels)).mean()),
    *(("logits-clipped", limited(limit)) for limit in softmax.CLIPPED),
    ("global-maximum", global_sum),
    ("maximum-not-added", maximum_not_added),
    ("softmax-twice", lambda x, y: F.cross_entropy(torch.softmax(x, 1), y)),
    ("logarithm-forgotten", lambda x, y: -picked(torch.softmax(x, 1), y).mean()),
    ("logarithm-forgotten", lambda x, y: (1 - picked(torch.softmax(x, 1), y)).mean()),
    ("every-pair", lambda logits, labels: -torch.log_softmax(logits, 1)[:, labels].mean()),
    ("binary-cross-entropy", binary(lambda losses: losses.sum(1).mean())),
    ("binary-cross-entropy", binary(torch.mean)),
    ("labels-ignored", lambda x, y: -torch.log_softmax(x, 1).sum(1).mean()),
    ("labels-ignored", lambda x, y: -torch.log_softmax(x, 1).mean()),
)
BACKWARD: tuple[tuple[str, Callable[[Any], torch.Tensor]], ...] = (
    ("gradient-summed", lambda self: self.right_gradient() * len(self.labels)),
    ("gradient-divided-by-classes", lambda self: self.right_gradient() * len(self.labels) / self.logits.shape[1]),
    ("gradient-divided-by-classes", lambda self: self.right_gradient() / self.logits.shape[1]),
    ("sign-flipped", lambda self: -self.right_gradient()),
    ("sign-flipped", lambda self: -self.right_gradient() * len(self.labels)),
    ("label-not-subtracted", lambda self: p_of(self) / len(self.labels)),
    ("label-not-subtracted", p_of),
    ("every-pair", every_pair_gradient),
    ("probability-of-label-alone", lambda self: self.right_gradient() * y_of(self)),
    ("labels-divided-alone", lambda self: p_of(self) - y_of(self) / len(self.labels)),
    ("labels-divided-alone", lambda self: p_of(self) / len(self.labels) - y_of(self)),
    ("logits-for-probabilities", lambda self: (self.logits.detach() - y_of(self)) / len(self.labels)),
    ("logits-for-probabilities", lambda self: self.logits.detach() - y_of(self)),
    ("gradient-for-probabilities", lambda self: -y_of(self) / p_of(self) / len(self.labels)),
)
LOSS = (
    *(Misconception(name, gradient_as(formula)) for name, formula in BACKWARD),
    *(Misconception(name, probabilities_as(formula)) for name, formula in PROBABILITIES),
    *(Misconception(name, loss_as(formula)) for name, formula in FORWARD),
    *(Misconception("maximum-not-subtracted", shifted_by(shift)) for shift in softmax.SHIFTS),
    Misconception("cache-spoilt", spoilt(lambda p, y: ((p - y) / len(p), p - y))),
    Misconception("cache-spoilt", spoilt(lambda p, y: ((p - y) / len(p), (p - y) / len(p)))),
    Misconception("stale-cache", kept(forget=False)),
    Misconception("shared-between-instances", kept(forget=True)),
)
