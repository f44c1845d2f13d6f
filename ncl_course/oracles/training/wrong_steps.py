"""Wrong training steps: torch's right one with something changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
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
    images: Callable[[torch.Tensor], torch.Tensor] = lambda x: x,
    logits: Callable[[torch.Tensor], torch.Tensor] = lambda logits: logits,
    clip: Callable[[list[torch.Tensor]], Any] = lambda _leaves: None,
    passes: int = 1,
    moves: int = 1,
    by_hand: str = "",
    returned: str = "before",
) -> Step:
    """Return a training step with something changed in it.

    Args:
        mode: the first method that is called on the network.
        gradient: a function that changes each parameter's gradient.
        images: a function that changes the images before the network.
        logits: a function that changes the logits before the loss.
        clip: a function that changes the gradients of all parameters together.
        passes: how many forward passes it makes; the last one counts.
        moves: how many times the optimiser steps.
        by_hand: ``before`` or ``after``, if it also subtracts lr · gradient itself, before or after the optimiser.
        returned: the loss ``before`` the update or ``after`` it, or ``nothing``.
    """

    def step(model: Network, loss: CrossEntropyLoss, optimizer: SGD, x: Array, labels: Array) -> float | None:
        mode(model)
        optimizer.zero_grad()
        targets = torch.as_tensor(np.array(labels), dtype=torch.int64)
        for _ in range(passes - 1):
            model.compute(images(to_torch(x)))
        value = loss.compute(logits(model.compute(images(to_torch(x)))), targets)
        torch.autograd.backward(value)
        for leaf in model.own.values():
            leaf.grad = gradient(leaf.grad) if leaf.grad is not None else None
        clip(list(model.own.values()))
        if by_hand == "before":
            move(model, optimizer)
        for _ in range(moves):
            optimizer.step()
        if by_hand == "after":
            move(model, optimizer)
        if returned == "after":
            value = loss.compute(model.compute(to_torch(x)), targets)
        return None if returned == "nothing" else float(value.detach())

    return step


def move(model: Network, optimizer: SGD) -> None:
    """Subtract lr · gradient from each parameter."""
    with torch.no_grad():
        for leaf in model.own.values():
            if leaf.grad is not None:
                leaf.sub_(optimizer.lr * leaf.grad)


def divided(model: Network, loss: CrossEntropyLoss, optimizer: SGD, x: Array, labels: Array) -> float:
    """Divide the gradient by the batch size once more."""
    size = len(x)
    return step_by(gradient=lambda grad: grad / size)(model, loss, optimizer, x, labels)


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


BOUNDS = (0.1, 0.5, 1.0, 5.0, 10.0)
"""The bounds at which students clip gradients."""


def clipped(bounds: Iterable[float]) -> Iterator[Step]:
    """Yield steps with gradients that are clipped number by number, or all together by their norm."""
    for most in bounds:
        yield step_by(gradient=lambda grad, most=most: grad.clamp(-most, most))  # type: ignore[misc]
        yield step_by(clip=lambda leaves, most=most: torch.nn.utils.clip_grad_norm_(leaves, most))  # type: ignore[misc]


RESCALED: tuple[Step, ...] = tuple(
    step_by(images=images)
    for images in (
        lambda x: x / 255,
        lambda x: x - x.mean(),
        lambda x: (x - x.mean()) / x.std(correction=0),
        lambda x: (x - x.mean()) / (x.std(correction=0) + 1e-8),
        lambda x: x / x.max(),
        lambda x: (x - x.mean(0)) / (x.std(0, correction=0) + 1e-8),
    )
)
"""Steps on images that are scaled or centred first."""


def left_as_it_is(model: Network) -> None:
    """Leave the network in its mode."""
