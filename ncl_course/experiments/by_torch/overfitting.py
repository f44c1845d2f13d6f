"""A small net that learns a few hundred digits by heart, with and without dropout: the experiment of lesson 04.

The net is torch's. The dropout may be any layer of the course, such as the student's own, called through autograd.
Nothing here is an answer to an exercise.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit
from numpy.typing import NDArray

from ncl_course.oracles.optimizer import SGD
from ncl_course.oracles.settings import own_settings

Array = NDArray[Any]


@dataclass(frozen=True)
class Digits:
    """Images as rows (N, 64) of numbers from 0 to 1 with their labels (N,): some to learn from, others for the test."""

    x: Array
    labels: Array
    x_test: Array
    labels_test: Array


@dataclass(frozen=True)
class Curves:
    """The mean loss and the share of right answers after each epoch, in test mode, on learned samples and on others."""

    train_loss: Array
    test_loss: Array
    train_right: Array
    test_right: Array


class Through(torch.autograd.Function):
    """A layer of the course as a function that autograd can differentiate."""

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, layer: Any) -> torch.Tensor:
        ctx.layer = layer
        with torch.enable_grad():  # an oracle as the layer uses autograd itself
            return torch.tensor(np.asarray(layer.forward(x.detach().numpy().copy())), dtype=x.dtype)

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> tuple[torch.Tensor, None]:
        (grad_out,) = grads
        with torch.enable_grad():
            grad_x = np.asarray(ctx.layer.backward(grad_out.numpy().copy()))
        return torch.tensor(grad_x, dtype=grad_out.dtype), None


def through(layer: Any, x: torch.Tensor) -> torch.Tensor:
    """Return the layer's output for ``x``, or ``x`` itself if there is no layer."""
    if layer is None:
        return x
    y: torch.Tensor = Through.apply(x, layer)  # type: ignore[no-untyped-call]
    return y


class Net(torch.nn.Module):
    """A net with 64 pixels, two hidden layers with ReLU and the given layer after each, and ten logits."""

    def __init__(self, layers: tuple[Any, Any], width: int) -> None:
        super().__init__()
        self.layers = layers
        sizes = (64, width, width, 10)
        self.linear = torch.nn.ModuleList(torch.nn.Linear(m, n, dtype=torch.float64) for m, n in pairwise(sizes))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return logits (N, 10)."""
        for linear, layer in zip(self.linear, self.layers, strict=False):
            x = through(layer, F.relu(linear(x)))
        logits: torch.Tensor = self.linear[-1](x)
        return logits

    def judge(self, x: Array, labels: Array) -> tuple[float, float]:
        """Return the mean loss and the share of right answers, in test mode."""
        given = [layer for layer in self.layers if layer is not None]
        for layer in given:
            layer.eval()
        with torch.no_grad():
            logits, wanted = self(torch.tensor(x)), torch.tensor(labels)
        for layer in given:
            layer.train()
        return float(F.cross_entropy(logits, wanted)), float((logits.argmax(-1) == wanted).double().mean())


def train_net(
    digits: Digits, layers: tuple[Any, Any], *, width: int = 128, epochs: int = 40, batch: int = 50, seed: int = 0
) -> Curves:
    """Train with SGD and momentum; the same seed gives the same net and the same batches."""
    with own_settings():
        torch.manual_seed(seed)
        return learn(Net(layers, width), digits, epochs, batch, seed)


def learn(net: Net, digits: Digits, epochs: int, batch: int, seed: int) -> Curves:
    """Train one net, and judge it after each epoch."""
    order = np.random.default_rng(seed)
    optimizer = SGD(net.parameters(), lr=0.1, momentum=0.9)
    x, labels = torch.tensor(digits.x), torch.tensor(digits.labels)
    seen = []
    for _ in range(epochs):
        for rows in np.array_split(order.permutation(len(x)), len(x) // batch):
            optimizer.zero_grad()
            F.cross_entropy(net(x[rows]), labels[rows]).backward()  # type: ignore[no-untyped-call]
            optimizer.step()
        seen.append((net.judge(digits.x, digits.labels), net.judge(digits.x_test, digits.labels_test)))
    (train_loss, train_right), (test_loss, test_right) = np.array(seen).transpose(1, 2, 0)
    return Curves(train_loss, test_loss, train_right, test_right)
