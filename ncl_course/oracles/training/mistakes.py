"""The known wrong ways to build and to train a network, as alterations of torch's right one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset

from ncl_course.nn import CNNConfig
from ncl_course.oracles.altered import Misconception
from ncl_course.oracles.layer import Array, to_torch
from ncl_course.oracles.linear.right import CrossEntropyLoss
from ncl_course.oracles.network import SGD, Network
from ncl_course.oracles.normalization.batchnorm import BatchNorm2d
from ncl_course.oracles.training import right as training
from ncl_course.oracles.training.right import Batch, OnStep, assembled, train_step
from ncl_course.oracles.training.template import MISTAKES, template

Build = Callable[[CNNConfig, np.random.Generator], Network]
Step = Callable[..., Any]

# ---- build_cnn -------------------------------------------------------------------------------------------------


def by_pattern(pattern: str) -> Build:
    """Return a network with the layers of another template; torch raises if a layer does not fit the one before."""
    return lambda config, rng: assembled(template(config, pattern), config, rng)


def unpadded(config: CNNConfig, rng: np.random.Generator) -> Network:
    """Build convolutions that cut off the image's margin, and FC layers that fit the rest."""
    return assembled(template(config), config, rng, padded=False)


def first_filters(config: CNNConfig, rng: np.random.Generator) -> Network:
    """Give every block as many filters as the first."""
    return training.build_cnn(replace(config, filters=config.filters[:1] * len(config.filters)), rng)


def own_generator(config: CNNConfig, _rng: np.random.Generator) -> Network:
    """Draw the weights from a generator that is made inside."""
    return training.build_cnn(config, np.random.default_rng(0))


def reversed_dropout(config: CNNConfig, rng: np.random.Generator) -> Network:
    """Give dropout the probability of dropping."""
    dropping = replace(config, keep_prob=1 - config.keep_prob) if config.keep_prob < 1 else config
    return training.build_cnn(dropping, rng)


def not_handed_to(kind: str) -> Build:
    """Return a builder whose layers of one kind draw from another generator than ``rng``."""
    elsewhere = np.random.default_rng(0)

    def build(config: CNNConfig, rng: np.random.Generator) -> Network:
        right, stray = (training.build_cnn(config, some) for some in (rng, elsewhere))
        pairs = zip(template(config), right.layers, stray.layers, strict=True)
        return Network(*(other if name == kind else layer for name, layer, other in pairs))

    return build


def torchs_momentum(config: CNNConfig, rng: np.random.Generator) -> Network:
    """Give batch normalization torch's momentum as α."""
    network = training.build_cnn(config, rng)
    for layer in network.layers:
        if isinstance(layer, BatchNorm2d):
            layer.alpha = 1 - layer.alpha
    return network


# ---- train_step ------------------------------------------------------------------------------------------------


def step_by(
    *,
    mode: Callable[[Network], Any] = Network.train,
    gradient: Callable[[torch.Tensor], torch.Tensor] = lambda grad: grad,
    moves: bool = True,
    returned: str = "before",
) -> Step:
    """Return a training step with something changed in it.

    Args:
        mode: the first method that is called on the network.
        gradient: a function that changes each parameter's gradient.
        moves: whether the optimiser steps.
        returned: the loss ``before`` the update or ``after`` it, or ``nothing``.
    """

    def step(model: Network, loss: CrossEntropyLoss, optimizer: SGD, x: Array, labels: Array) -> float | None:
        mode(model)
        optimizer.zero_grad()
        targets = torch.as_tensor(np.array(labels), dtype=torch.int64)
        value = loss.compute(model.compute(to_torch(x)), targets)
        torch.autograd.backward(value)
        for leaf in model.own.values():
            leaf.grad = gradient(leaf.grad) if leaf.grad is not None else None
        if moves:
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


def left_as_it_is(model: Network) -> None:
    """Leave the network in its mode."""


# ---- train -----------------------------------------------------------------------------------------------------

Order = Callable[[np.random.Generator, int, int], Iterable[int]]


def train_by(
    *,
    order: Order = lambda rng, size, _epoch: rng.permutation(size),
    drop_last: bool = False,
    calls: bool = True,
    asks: Callable[[Any], bool] = bool,
    stops: str = "at once",
    result: Callable[[list[list[float]]], Any] = lambda epochs: list(chain.from_iterable(epochs)),
) -> Callable[..., Any]:
    """Return a training with something changed in it.

    Args:
        order: the order of an epoch's images, a function of the generator, their number and the epoch's number.
        drop_last: whether a short last batch is left out.
        calls: whether ``on_step`` is called.
        asks: whether its return value may stop the training.
        stops: how much such a value stops: the training ``at once``, or only the ``epoch``.
        result: the function that computes the return value from the losses of each epoch.
    """

    def train(
        model: Network,
        loss: CrossEntropyLoss,
        optimizer: SGD,
        x: Array,
        labels: Array,
        *,
        epochs: int,
        batch_size: int,
        rng: np.random.Generator,
        on_step: OnStep | None = None,
    ) -> Any:
        data = TensorDataset(to_torch(x), torch.as_tensor(np.array(labels), dtype=torch.int64))
        losses: list[list[float]] = []
        for epoch in range(epochs):
            losses.append([])
            drawn = [int(place) for place in order(rng, len(x), epoch)]
            for batch in loaded(data, batch_size, drawn, drop_last=drop_last):
                losses[-1].append(train_step(model, loss, optimizer, *(tensor.numpy() for tensor in batch)))
                done = sum(map(len, losses))
                if calls and on_step is not None and asks(on_step(done - 1, losses[-1][-1])):
                    if stops == "at once":
                        return result(losses)
                    break
        return result(losses)

    return train


def loaded(data: TensorDataset, batch_size: int, order: list[int], *, drop_last: bool) -> Iterable[Batch]:
    """Return the batches of one epoch."""
    loader: Iterable[Batch] = DataLoader(data, batch_size=batch_size, sampler=order, drop_last=drop_last)
    return loader


def once(rng: np.random.Generator, size: int, _epoch: int) -> Iterable[int]:
    """Use the same order for every epoch, drawn in the first."""
    state = rng.bit_generator.state
    order = rng.permutation(size)
    rng.bit_generator.state = state
    return order


def from_itself(_rng: np.random.Generator, size: int, epoch: int) -> Iterable[int]:
    """Return an order that is not drawn from ``rng``."""
    return np.random.default_rng(epoch).permutation(size)


def last_of_each(epochs: list[list[float]]) -> list[float]:
    """Return one loss per epoch: that of its last step."""
    return [losses[-1] for losses in epochs if losses]


def mean_of_each(epochs: list[list[float]]) -> list[float]:
    """Return one loss per epoch: the mean over its steps."""
    return [float(np.mean(losses)) for losses in epochs if losses]


MISCONCEPTIONS: dict[str, tuple[Misconception, ...]] = {
    "build_cnn": (
        *(Misconception(name, by_pattern(pattern)) for name, pattern in MISTAKES.items()),
        Misconception("padding-missing", unpadded),
        Misconception("filters-of-the-first-block", first_filters),
        Misconception("rng-ignored", own_generator),
        *(Misconception("rng-ignored", not_handed_to(name)) for name in ("Conv2d", "Linear", "Dropout")),
        Misconception("alpha-of-torch", torchs_momentum),
        Misconception("keep-prob-turned-round", reversed_dropout),
    ),
    "train_step": (
        Misconception("not-in-training-mode", step_by(mode=left_as_it_is)),
        Misconception("not-in-training-mode", step_by(mode=Network.eval)),
        Misconception("loss-after-the-update", step_by(returned="after")),
        Misconception("no-update", step_by(moves=False)),
        Misconception("uphill", step_by(gradient=lambda grad: -grad)),
        Misconception("averaged-twice", divided),
        Misconception("loss-summed", summed),
        Misconception("loss-not-returned", step_by(returned="nothing")),
    ),
    "train": (
        Misconception("last-batch-dropped", train_by(drop_last=True)),
        Misconception("not-shuffled", train_by(order=lambda _rng, size, _epoch: range(size))),
        Misconception("shuffled-once", train_by(order=once)),
        Misconception("rng-ignored", train_by(order=from_itself)),
        Misconception("on-step-not-called", train_by(calls=False)),
        Misconception("never-stops", train_by(asks=lambda _answer: False)),
        Misconception("stops-unasked", train_by(asks=lambda answer: answer is not False)),
        Misconception("stops-unasked", train_by(asks=lambda answer: not answer)),
        Misconception("stops-only-the-epoch", train_by(stops="epoch")),
        Misconception("one-loss-an-epoch", train_by(result=last_of_each)),
        Misconception("one-loss-an-epoch", train_by(result=mean_of_each)),
        Misconception("losses-not-returned", train_by(result=lambda _epochs: None)),
    ),
}
