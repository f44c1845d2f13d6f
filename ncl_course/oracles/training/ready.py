"""A network of ready-made layers that trains by torch, with settings that can be changed between two steps.

Lesson 00 shows it before its reader has written a layer.
"""

from __future__ import annotations

from ncl_course import nn
from ncl_course.oracles.linear.right import CrossEntropyLoss
from ncl_course.oracles.training.right import build_cnn, train_step

__all__ = ["SGD", "CrossEntropyLoss", "build_cnn", "train_step"]


class SGD(nn.SGD):
    """The course's own optimiser on torch's gradients: ``model.grads`` holds the latest ones."""

    def zero_grad(self) -> None:
        """Forget the gradients of the step before."""
        for leaf in self.model.own.values():
            leaf.grad = None

    def step(self) -> None:
        """Take over torch's gradients, and update every parameter once."""
        self.model.grads.update({key: leaf.grad.numpy() for key, leaf in self.model.own.items()})
        super().step()
