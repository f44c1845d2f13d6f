"""The steps of ``torch.optim.SGD``, which imports torch's compiler when it is first made: a second in every process."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch.optim.sgd import sgd


class SGD:
    """g ← g + λ·w, v ← momentum·v + g, w ← w − lr·v, computed by torch's own function; λ is the decay.

    Attributes:
        lr: the learning rate, which may be changed between two steps.
    """

    def __init__(
        self, parameters: Iterable[torch.Tensor], lr: float, momentum: float = 0.0, weight_decay: float = 0.0
    ) -> None:
        self.parameters = list(parameters)
        self.lr, self.momentum, self.weight_decay = lr, momentum, weight_decay
        self.velocities: list[list[torch.Tensor | None]] = [[None] for _ in self.parameters]

    def zero_grad(self) -> None:
        """Reset the gradients of the previous step."""
        for parameter in self.parameters:
            parameter.grad = None

    @torch.no_grad()
    def step(self) -> None:
        """Update once every parameter that has a gradient."""
        for parameter, velocity in zip(self.parameters, self.velocities, strict=True):
            if parameter.grad is not None:
                sgd(
                    [parameter], [parameter.grad], velocity,
                    lr=self.lr, momentum=self.momentum, weight_decay=self.weight_decay,
                    foreach=False, dampening=0.0, nesterov=False, maximize=False,
                )  # fmt: skip
