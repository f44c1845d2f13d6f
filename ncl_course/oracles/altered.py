"""Mistakes that any layer can make, as alterations of its oracle.

Each function takes an oracle's class and returns a class that makes the mistake. A ``Misconception`` gives a
mistake its stable name; alterations share a name if students make the same mistake in several ways.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from ncl_course.oracles.layer import Array, TorchLayer


@dataclass(frozen=True)
class Misconception:
    """A known wrong way to do an exercise: its name in kebab case, and the altered oracle that makes the mistake.

    ``beside`` is True if the altered oracle, like the right one, has to see the student's results in a free case: a
    mistake with the student's own random mask can be recognised only with that mask. ``by_shape`` is True if a mistake
    fixes only the shape of a result: the numbers in an array of a wrong shape depend on the way of writing.
    """

    name: str
    altered: Callable[..., Any]
    beside: bool = False
    by_shape: bool = False


def forward_as(oracle: type[TorchLayer], formula: Callable[[Any, torch.Tensor], torch.Tensor]) -> type[TorchLayer]:
    """Return the oracle with another forward formula, and with the gradient of that formula."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        adapts = False

        def compute(self, x: torch.Tensor) -> torch.Tensor:
            self.right = super().compute
            return formula(self, x)

    return Altered


def backward_as(oracle: type[TorchLayer], formula: Callable[[Any, torch.Tensor], torch.Tensor]) -> type[TorchLayer]:
    """Return the oracle with a right forward pass and another formula for dL/dx."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        adapts = False

        def gradient(self, grad_out: torch.Tensor) -> torch.Tensor:
            self.right_gradient = super().gradient
            return formula(self, grad_out)

    return Altered


def stale_cache(oracle: type[TorchLayer]) -> type[TorchLayer]:
    """Return the oracle whose ``backward`` uses the first forward instead of the latest."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def forward(self, x: Array) -> Array:
            kept = getattr(self, "kept", None)
            out: Array = super().forward(x)
            self.kept = kept or (self.x, self.y, self.leaves)
            self.x, self.y, self.leaves = self.kept
            return out

    return Altered


def stale_from_backward(oracle: type[TorchLayer]) -> type[TorchLayer]:
    """Return the oracle that keeps what its first ``backward`` used, so that later calls use that forward again."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def gradient(self, grad_out: torch.Tensor) -> torch.Tensor:
            self.kept = getattr(self, "kept", None) or (self.x, self.y, self.leaves)
            self.x, self.y, self.leaves = self.kept
            return super().gradient(grad_out)

    return Altered


def shared_cache(oracle: type[TorchLayer]) -> type[TorchLayer]:
    """Return the oracle that stores its inputs for ``backward`` on the class, so that instances overwrite them."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def forward(self, x: Array) -> Array:
            out: Array = super().forward(x)
            type(self).shared = (self.x, self.y, self.leaves)
            return out

        def gradient(self, grad_out: torch.Tensor) -> torch.Tensor:
            self.x, self.y, self.leaves = type(self).shared
            return super().gradient(grad_out)

    return Altered


def shared_input(oracle: type[TorchLayer]) -> type[TorchLayer]:
    """Return the oracle that stores its input on the class; ``backward`` uses the latest one and its own parameters."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def forward(self, x: Array) -> Array:
            type(self).latest = x
            return super().forward(x)

        def gradient(self, grad_out: torch.Tensor) -> torch.Tensor:
            if self.latest.shape != tuple(self.x.shape):
                raise ValueError("shapes do not fit")
            super().forward(self.latest)
            return super().gradient(grad_out)

    return Altered


def shared_grads(oracle: type[TorchLayer]) -> type[TorchLayer]:
    """Return the oracle with one dict of gradients for all instances; it shows the latest ``backward`` of any."""
    common: dict[str, Array] = {}

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def gradient(self, grad_out: torch.Tensor) -> torch.Tensor:
            self.grads = common
            return super().gradient(grad_out)

    return Altered


def shared_buffers(oracle: type[TorchLayer]) -> type[TorchLayer]:
    """Return the oracle whose instances write their gradients into common arrays, one for each shape and dtype."""
    common: dict[tuple[Any, ...], Array] = {}

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def gradient(self, grad_out: torch.Tensor) -> torch.Tensor:
            grad_x: torch.Tensor = super().gradient(grad_out)
            for name, values in self.grads.items():
                self.grads[name] = common.setdefault((values.shape, values.dtype), np.empty_like(values))
                self.grads[name][...] = values
            return grad_x

    return Altered


def accumulated_gradient(oracle: type[TorchLayer]) -> type[TorchLayer]:
    """Return the oracle whose second ``backward`` adds to the first one's result."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def gradient(self, grad_out: torch.Tensor) -> torch.Tensor:
            self.total: torch.Tensor = super().gradient(grad_out) + getattr(self, "total", 0.0)
            return self.total

    return Altered


def accumulated_since_forward(oracle: type[TorchLayer]) -> type[TorchLayer]:
    """Return the oracle whose second ``backward`` after one forward adds to the first one's result."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        total: torch.Tensor | float = 0.0

        def forward(self, x: Array) -> Array:
            self.total = 0.0
            return super().forward(x)

        def gradient(self, grad_out: torch.Tensor) -> torch.Tensor:
            total: torch.Tensor = super().gradient(grad_out) + self.total
            self.total = total
            return total

    return Altered


def upstream_forgotten(oracle: type[TorchLayer]) -> type[TorchLayer]:
    """Return the oracle whose gradient is the layer's own derivative, not multiplied by ``grad_out``."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def gradient(self, grad_out: torch.Tensor) -> torch.Tensor:
            return super().gradient(torch.ones_like(grad_out))

    return Altered


GENERAL: tuple[tuple[str, Callable[[type[TorchLayer]], type[TorchLayer]]], ...] = (
    ("stale-cache", stale_cache),
    ("stale-cache", stale_from_backward),
    ("shared-between-instances", shared_cache),
    ("gradient-accumulated", accumulated_gradient),
    ("gradient-accumulated", accumulated_since_forward),
    ("upstream-forgotten", upstream_forgotten),
)


def general(oracle: type[TorchLayer], *names: str) -> tuple[Misconception, ...]:
    """Return the mistakes of this module with these names, made with an exercise's oracle."""
    return tuple(Misconception(name, alter(oracle)) for name, alter in GENERAL if name in names)
