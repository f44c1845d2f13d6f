"""Wrong gradients of batch normalization: changed paths of ``ByHand``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import torch

from ncl_course.oracles.layer import Array
from ncl_course.oracles.normalization.batchnorm import EACH_MAP
from ncl_course.oracles.normalization.batchnorm_written import ByHand, Written


def no_path(*_: Any) -> float:
    """Return 0, so that the path carries no gradient."""
    return 0.0


def times(path: str, factor: Callable[[ByHand], float]) -> Callable[[ByHand, torch.Tensor], torch.Tensor]:
    """Return the path multiplied by a factor by which the student did not divide."""

    def altered(self: ByHand, d: torch.Tensor) -> torch.Tensor:
        right: torch.Tensor = getattr(ByHand, path)(self, d)
        return right * factor(self)

    return altered


def in_paths(factor: Callable[[ByHand], float]) -> tuple[dict[str, Any], ...]:
    """Return the mean's path, the variance's path, and both of them, multiplied by a factor."""
    paths = {path: times(path, factor) for path in ("through_mean", "through_var")}
    return *({path: altered} for path, altered in paths.items()), paths


NOT_DIVIDED = in_paths(lambda self: self.count)
SIGN_LOST = in_paths(lambda _: -1.0)


def by_one_less(self: ByHand) -> float:
    """Return the factor for a student who divides by n − 1."""
    return self.count / (self.count - 1)


WRONGLY_DIVIDED: tuple[dict[str, Any], ...] = (
    in_paths(lambda self: self.count / self.x.shape[0])[-1],
    in_paths(lambda self: self.x.shape[0])[-1],
    *in_paths(by_one_less)[1:],
)


def without_brackets(self: ByHand) -> float:
    """Return the factor for a student who writes 1 / N * H * W for 1 / (N * H * W)."""
    return float((self.x.shape[2] * self.x.shape[3]) ** 2)


def power_of_std(self: ByHand, d: torch.Tensor) -> torch.Tensor:
    """Return the variance's path with σ to the power of −1.5 instead of −3."""
    return ByHand.through_var(self, d) * self.spread.detach() ** 1.5


WITHOUT_BRACKETS = in_paths(without_brackets)


def everywhere_mean(self: ByHand, d: torch.Tensor) -> torch.Tensor:
    """Return the mean's path with a sum over all axes."""
    return (-d.mean() / self.spread).expand(d.shape)


def everywhere_var(self: ByHand, d: torch.Tensor) -> torch.Tensor:
    """Return the variance's path with a sum over all axes."""
    return -self.xhat * (d * self.xhat).mean() / self.spread


WITHOUT_AXES: tuple[dict[str, Any], ...] = (
    {"through_mean": everywhere_mean, "through_var": everywhere_var},
    {"through_mean": everywhere_mean},
    {"through_var": everywhere_var},
)


def output_as_xhat(self: ByHand, d: torch.Tensor) -> torch.Tensor:
    """Return the variance's path with y instead of x̂."""
    y = self.y.detach()
    return -y * (d * y).mean(EACH_MAP, keepdim=True) / self.spread


def with_output(self: ByHand, g: torch.Tensor) -> torch.Tensor:
    """Return dL/dγ computed from y."""
    return (g * self.y.detach()).sum(EACH_MAP)


OUTPUT_FOR_XHAT: tuple[dict[str, Any], ...] = (
    {"through_var": output_as_xhat, "grad_gamma": with_output},
    {"grad_gamma": with_output},
)


def from_output(zero: float) -> Callable[[ByHand, torch.Tensor], torch.Tensor]:
    """Return a gradient that uses (y − β)/γ for x̂, and ``zero`` if γ is 0."""

    def gradient(self: ByHand, grad_out: torch.Tensor) -> torch.Tensor:
        kept, shifted = self.xhat, (self.y - self.beta).detach()
        self.xhat = torch.where(self.gamma.detach() == 0, zero, shifted / self.gamma.detach())
        grad_x = ByHand.gradient(self, grad_out)
        self.xhat = kept
        return grad_x

    return gradient


FROM_OUTPUT: tuple[dict[str, Any], ...] = tuple({"gradient": from_output(zero)} for zero in (float("nan"), 0.0))


def with_input(self: ByHand, g: torch.Tensor) -> torch.Tensor:
    """Return dL/dγ computed from x."""
    return (g * self.x.detach()).sum(EACH_MAP)


def with_centred(self: ByHand, g: torch.Tensor) -> torch.Tensor:
    """Return dL/dγ computed from x − μ."""
    return (g * self.xhat * self.spread).sum(EACH_MAP)


def without_xhat(_: ByHand, g: torch.Tensor) -> torch.Tensor:
    """Return the sum of grad_out as dL/dγ."""
    return g.sum(EACH_MAP)


def with_xhat(self: ByHand, g: torch.Tensor) -> torch.Tensor:
    """Return the sum of grad_out · x̂ as dL/dβ."""
    return (g * self.xhat).sum(EACH_MAP)


CONFUSED: tuple[dict[str, Any], ...] = (
    {"grad_beta": with_xhat},
    {"grad_gamma": without_xhat, "grad_beta": with_xhat},
)


def collected(by: Callable[[torch.Tensor], torch.Tensor]) -> dict[str, Any]:
    """Return dL/dγ and dL/dβ that are reduced over the batch in another way."""
    return {"grad_gamma": lambda self, g: by(g * self.xhat), "grad_beta": lambda _, g: by(g)}


AVERAGED: tuple[dict[str, Any], ...] = (
    collected(lambda each: each.mean(EACH_MAP)),
    collected(lambda each: each.sum(EACH_MAP) / each.shape[0]),
    {"grad_gamma": lambda self, g: (g * self.xhat).mean(EACH_MAP)},
    {"grad_gamma": lambda self, g: (g * self.xhat).sum(EACH_MAP) / len(g)},
    {"grad_beta": lambda _, g: g.mean(EACH_MAP)},
    {"grad_beta": lambda _, g: g.sum(EACH_MAP) / len(g)},
)
NOT_BY_MAP: tuple[dict[str, Any], ...] = (
    collected(torch.sum),
    {"grad_beta": lambda _, g: g.sum()},
    collected(lambda each: each.sum(0)),
    collected(lambda each: each),
)


def without_eps(self: ByHand, grad_out: torch.Tensor) -> torch.Tensor:
    """Divide by σ without ε, in the gradient only."""
    kept, self.spread = self.spread, torch.sqrt(self.spread**2 - self.eps)
    grad_x = ByHand.gradient(self, grad_out)
    self.spread = kept
    return grad_x


def never_in_time(self: ByHand, grad_out: torch.Tensor) -> torch.Tensor:
    """Send the gradient of a test pass through the batch's own statistics."""
    if not self.trained:
        mean, var = Written.batch(self, self.x.detach())
        self.spread, self.xhat = self.std(var), (self.x.detach() - mean) / self.std(var)
        self.trained = True
    return ByHand.gradient(self, grad_out)


def accumulated(self: ByHand, grad_out: torch.Tensor) -> torch.Tensor:
    """Add the parameters' gradients to those of the last backward."""
    old = dict(self.grads)
    grad_x = ByHand.gradient(self, grad_out)
    self.grads.update({name: new + old.get(name, 0) for name, new in self.grads.items()})
    return grad_x


class SharedMemory(ByHand):
    """A layer that stores x̂ and σ on the class, so that the layer that ran last decides; γ is each layer's own."""

    memory: ClassVar[tuple[Any, ...]] = ()

    def forward(self, x: Array) -> Array:
        y = super().forward(x)
        type(self).memory = self.x, self.xhat, self.spread, self.trained
        return y

    def gradient(self, grad_out: torch.Tensor) -> torch.Tensor:
        self.x, self.xhat, self.spread, self.trained = self.memory
        return super().gradient(grad_out)
