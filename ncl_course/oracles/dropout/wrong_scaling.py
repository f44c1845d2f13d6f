"""Wrong formulas of dropout: with p in the wrong place, missing, or used twice."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from ncl_course.oracles.dropout.right import RandomMask
from ncl_course.oracles.layer import Array, to_torch

Train = Callable[[float, torch.Tensor, torch.Tensor], torch.Tensor]
Test = Callable[[float, torch.Tensor], torch.Tensor]


def formulas(oracle: type[RandomMask], train: Train | None = None, test: Test | None = None) -> type[RandomMask]:
    """Return the oracle with other formulas of keep_prob, x and, in training, the mask, and with their gradients."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def trained(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            return train(self.keep_prob, x, mask) if train else super().trained(x, mask)

        def tested(self, x: torch.Tensor) -> torch.Tensor:
            return test(self.keep_prob, x) if test else super().tested(x)

    return Altered


def at_test_dropped(oracle: type[RandomMask], formula: Train) -> type[RandomMask]:
    """Return the oracle that switches off neurons at test, too; the student's own zeros show which ones."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def tested(self, x: torch.Tensor) -> torch.Tensor:
            shape = tuple(x.shape)
            mask = self.seen(shape)
            if mask is None or mask.all() or not mask.any():
                mask = self.draw(shape)
            return formula(self.keep_prob, x, torch.tensor(mask, dtype=x.dtype))

    return Altered


def values_alone(oracle: type[RandomMask], altered: type[RandomMask]) -> type[RandomMask]:
    """Return the altered oracle with its own outputs, and with the gradients of the right one."""

    class Altered(altered):  # type: ignore[misc,valid-type]
        def compute(self, x: torch.Tensor) -> torch.Tensor:
            wrong: torch.Tensor = super().compute(x)
            right = oracle.tested(self, x) if self.at_test else oracle.trained(self, x, to_torch(self.mask))
            return right + (wrong - right).detach()

    return Altered


def integer_output(oracle: type[RandomMask]) -> type[RandomMask]:
    """Return the oracle whose output in training is an array of whole numbers."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def forward(self, x: Array) -> Array:
            y: Array = super().forward(x)
            return y if self.at_test else y.astype(np.int64)

    return Altered


def not_zeroed(oracle: type[RandomMask]) -> type[RandomMask]:
    """Return the oracle that leaves other numbers than 0 at switched-off neurons, of the output and of the gradient.

    They are the student's own, since a student can write anything there; played alone, the oracle writes ones.
    """

    def left(self: RandomMask, right: torch.Tensor) -> torch.Tensor:
        answer = self.students_answer()
        fits = answer is not None and answer.shape == tuple(right.shape) and answer.dtype.kind == "f"
        written = torch.tensor(np.array(answer, dtype=np.float64)) if fits else torch.ones_like(right)
        return torch.where(torch.tensor(self.mask), right, written)

    class Altered(oracle):  # type: ignore[misc,valid-type]
        def trained(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            return left(self, super().trained(x, mask))

        def gradient(self, grad_out: torch.Tensor) -> torch.Tensor:
            right: torch.Tensor = super().gradient(grad_out)
            return right if self.at_test else left(self, right)

    return Altered
