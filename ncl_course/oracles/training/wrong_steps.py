"""Wrong training steps: torch's right one with something changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from ncl_course.oracles.layer import Array, to_torch
from ncl_course.oracles.linear.right import CrossEntropyLoss
from ncl_course.oracles.network import SGD, Network
from ncl_course.oracles.training.right import train_step

Step = Callable[..., Any]


def step_by(
    *,
    mode: Callable[[Network], Any] = Network.train,
    gradient: Callable[[torch.Tensor], torch.Tensor] = lambda grad: grad,
    logits: Callable[[torch.Tensor], torch.Tensor] = lambda logits: logits,
    moves: int = 1,
    returned: str = "before",
) -> Step:
    """Return a training step with something changed in it.

    Args:
        mode: the first method that is called on the network.
        gradient: a function that changes each parameter's gradient.
        logits: a function that changes the logits before the loss.
        moves: how many times the optimiser steps.
        returned: the loss ``before`` the update or ``after`` it, or ``nothing``.
    """

    def step(model: Network, loss: CrossEntropyLoss, optimizer: SGD, x: Array, labels: Array) -> float | None:
        mode(model)
        optimizer.zero_grad()
        targets = torch.as_tensor(np.array(labels), dtype=torch.int64)
        value = loss.compute(logits(model.compute(to_torch(x))), targets)
        torch.autograd.backward(value)
        for leaf in model.own.values():
            leaf.grad = gradient(leaf.grad) if leaf.grad is not None else None
        for _ in range(moves):
            optimizer.step()
        if returned == "after":
            value = loss.compute(model.compute(to_torch(x)), targets)
        return None if returned == "nothing" else float(value.detach())

    return step


def divided(model: Network, loss: CrossEntropyLoss, optimizer: SGD, x: Array, labels: Array) -> float:
    """Divide the gradient by the batch size once more."""
    size = len(x)
    value: float = step_by(gradient=lambda grad: grad / size)(model, loss, optimizer, x, labels)
    return value


def summed(model: Network, loss: CrossEntropyLoss, optimizer: SGD, x: Array, labels: Array) -> float:
    """Sum the loss over the batch instead of averaging it."""
    return train_step(model, loss, optimizer, x, labels) * len(x)


def softmax(logits: torch.Tensor) -> torch.Tensor:
    """Return the probabilities."""
    return torch.softmax(logits, -1)


def softmax_without_gradient(logits: torch.Tensor) -> torch.Tensor:
    """Return the probabilities, and pass their gradient on as that of the logits."""
    return logits + (softmax(logits) - logits).detach()


def updated_first(model: Network, loss: CrossEntropyLoss, optimizer: SGD, x: Array, labels: Array) -> float:
    """Let the optimiser step before backward, so that it uses the gradients of the step before."""
    model.train()
    value = loss.compute(model.compute(to_torch(x)), torch.as_tensor(np.array(labels), dtype=torch.int64))
    grads = torch.autograd.grad(value, list(model.own.values()))
    if all(leaf.grad is None for leaf in model.own.values()):
        raise KeyError("no gradient yet")
    optimizer.step()
    for leaf, grad in zip(model.own.values(), grads, strict=True):
        leaf.grad = grad
    return float(value.detach())


def left_as_it_is(model: Network) -> None:
    """Leave the network in its mode."""
