"""Wrong loops over epochs and batches: torch's right training with something changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any

import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset

from ncl_course.oracles.layer import Array, to_torch
from ncl_course.oracles.linear.right import CrossEntropyLoss
from ncl_course.oracles.network import SGD, Network
from ncl_course.oracles.training import right as training
from ncl_course.oracles.training.right import Batch, OnStep, train_step
from ncl_course.oracles.training.wrong_steps import Step

Order = Callable[[np.random.Generator, int, int], Iterable[int]]
Cut = Callable[[list[int], int], list[list[int]]]
Draw = Callable[[np.random.Generator, int, int], Iterable[Iterable[int]]]


def train_by(
    *,
    order: Order = lambda rng, size, _epoch: rng.permutation(size),
    drop_last: bool = False,
    cut: Cut | None = None,
    draw: Draw | None = None,
    prepare: Callable[[SGD, int], None] = lambda _optimizer, _epoch: None,
    labels_follow: bool = True,
    images_follow: bool = True,
    labels_apart: bool = False,
    one_step: Step = train_step,
    calls: bool = True,
    asks: Callable[[Any], bool] = bool,
    stops: str = "at once",
    unfinished: bool = True,
    stopping_counts: bool = True,
    stopping_loss: bool = True,
    always_asked: bool = False,
    result: Callable[[list[list[float]]], Any] = lambda epochs: list(chain.from_iterable(epochs)),
) -> Callable[..., Any]:
    """Return a training with something changed in it.

    Args:
        order: the order of an epoch's images, a function of the generator, their number and the epoch's number.
        drop_last: whether a short last batch is left out.
        cut: the function that cuts an epoch's order into batches of a size; None cuts it right.
        one_step: the training step.
        draw: the function that draws an epoch's batches from the generator, the number of images and the batch size;
            None cuts the epoch's order.
        prepare: what is done to the optimiser before an epoch.
        labels_follow: whether the labels are put into the images' order.
        images_follow: whether the images are put into the labels' order.
        labels_apart: whether the labels are put into an order of their own.
        calls: whether ``on_step`` is called.
        asks: whether its return value may stop the training.
        stops: how much such a value stops: the training ``at once``, or only the ``epoch``.
        unfinished: whether the losses of an epoch count that was stopped.
        stopping_counts: whether the step that stops an epoch has a number of its own.
        stopping_loss: whether the loss of a step that stops the training is kept.
        always_asked: whether a training without ``on_step`` asks as well, and hears None.
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
        stopped = 0
        data = TensorDataset(to_torch(x), torch.as_tensor(np.array(labels), dtype=torch.int64))
        losses: list[list[float]] = []
        for epoch in range(epochs):
            losses.append([])
            prepare(optimizer, epoch)
            pieces = None if draw is None else [[int(place) for place in one] for one in draw(rng, len(x), batch_size)]
            drawn = [int(place) for place in (order(rng, len(x), epoch) if pieces is None else ())]
            if labels_apart or not labels_follow:
                given = torch.as_tensor(np.array(labels), dtype=torch.int64)
                moved = torch.empty_like(given)
                moved[drawn] = given[rng.permutation(len(x))] if labels_apart else given[: len(drawn)]
                data = TensorDataset(data.tensors[0], moved)
            if not images_follow:
                stay = torch.empty_like(data.tensors[0])
                stay[drawn] = to_torch(x)[: len(drawn)]
                data = TensorDataset(stay, data.tensors[1])
            cut_so = cut if pieces is None else lambda _order, _size, pieces=pieces: pieces
            for batch in loaded(data, batch_size, drawn, drop_last=drop_last, cut=cut_so):
                losses[-1].append(one_step(model, loss, optimizer, *(tensor.numpy() for tensor in batch)))
                done = sum(map(len, losses)) - stopped
                told = on_step(done - 1, losses[-1][-1]) if calls and on_step is not None else None
                if (always_asked or (calls and on_step is not None)) and asks(told):
                    stopped += not stopping_counts
                    losses[-1] = losses[-1] if stopping_loss else losses[-1][:-1]
                    if stops == "at once":
                        return result(losses if unfinished else losses[:-1])
                    break
        return result(losses)

    return train


def loaded(
    data: TensorDataset, batch_size: int, order: list[int], *, drop_last: bool, cut: Cut | None
) -> Iterable[Batch]:
    """Return the batches of one epoch."""
    if cut is not None:
        return [(data.tensors[0][rows], data.tensors[1][rows]) for rows in cut(order, batch_size)]
    return DataLoader(data, batch_size=batch_size, sampler=order, drop_last=drop_last)


def starts(order: list[int], size: int) -> range:
    """Return where the batches of an epoch start."""
    return range(0, len(order), size)


CUTS: tuple[Cut, ...] = (
    lambda order, size: [order[number : number + size] for number in range(len(starts(order, size)))],
    lambda order, size: [order[number :: len(starts(order, size))] for number in range(len(starts(order, size)))],
    lambda order, size: [order[:size] for _ in starts(order, size)],
    lambda order, size: [order[start:] for start in starts(order, size)],
    lambda order, size: [order[: start + size] for start in starts(order, size)],
    lambda order, size: [order[start : start + size + 1] for start in starts(order, size)],
    lambda order, size: [order[start : start + size - 1] or order[start:] for start in starts(order, size)],
    lambda order, size: [order[max(0, start - 1) : start + size] for start in starts(order, size)],
    lambda order, size: [order[start : start + size] for start in range(len(order))],
    lambda order, size: [order[start : start + size] for start in range(0, len(order), size + 1)],
    lambda order, size: [order[start : start + size] for start in range(0, len(order), max(1, size - 1))],
    lambda order, size: [order[start : start + size] for start in starts(order, size)][1:],
    lambda order, size: [order[-size:] for _ in starts(order, size)],
    lambda order, size: [order[start : start + size] for start in starts(order, size)][::-1],
    lambda order, size: [order[start : start + size] for start in starts(order[:-1], size)],
)
"""Wrong ways to cut an order: overlapping, interleaved, repeated, growing, one image more or less, left out."""


def number_of_batches(size: int, batch_size: int) -> int:
    """Return how many batches an epoch has, the short last one included."""
    return -(-size // batch_size)


AT_RANDOM: tuple[Draw, ...] = (
    lambda rng, n, size: [rng.choice(n, min(size, n), replace=False) for _ in range(number_of_batches(n, size))],
    lambda rng, n, size: [rng.choice(n, min(size, n), replace=False) for _ in range(max(1, n // size))],
    lambda rng, n, size: [rng.choice(n, size) for _ in range(number_of_batches(n, size))],
    lambda rng, n, size: [rng.choice(n, size) for _ in range(max(1, n // size))],
    lambda rng, n, size: [rng.permutation(n)[:size] for _ in range(number_of_batches(n, size))],
    lambda rng, n, size: [rng.permutation(n)[start : start + size] for start in range(0, n, size)],
)
"""Each batch is drawn by itself from all images; integers(0, n, size) draws the same as choice(n, size)."""

WHOLE_BATCHES: tuple[Draw, ...] = (
    lambda rng, n, size: [range(start, min(start + size, n)) for start in rng.permutation(range(0, n, size))],
    lambda rng, n, size: [rng.permutation(range(start, min(start + size, n))) for start in range(0, n, size)],
)
"""The order of the batches is drawn, or that of the images in each batch; which images are in a batch is not."""

OTHER_ORDERS: tuple[Order, ...] = (
    lambda rng, size, _epoch: np.argsort(rng.random(size)),
    lambda rng, size, _epoch: np.argsort(rng.permutation(size)),
    lambda rng, size, _epoch: rng.choice(size, size, replace=False),
    lambda rng, size, _epoch: rng.permutation(size)[::-1],
)
"""Other orders that are drawn from the generator."""

DECAYS = (0.1, 0.5, 0.9, 0.95, 0.99)
"""The factors by which students reduce the learning rate."""


def decaying(by: float) -> Callable[[SGD, int], None]:
    """Return a preparation that multiplies the learning rate before each epoch but the first."""

    def prepare(optimizer: SGD, epoch: int) -> None:
        optimizer.lr *= by if epoch else 1.0

    return prepare


def decaying_step(by: float) -> Step:
    """Return a training step that multiplies the learning rate after it."""

    def step(model: Network, loss: CrossEntropyLoss, optimizer: SGD, x: Array, labels: Array) -> float:
        value = train_step(model, loss, optimizer, x, labels)
        optimizer.lr *= by
        return value

    return step


def more_epochs(by: int) -> Callable[..., Any]:
    """Return a training with more epochs, or with fewer."""

    def train(*args: Any, epochs: int, **kwargs: Any) -> Any:
        return training.train(*args, epochs=max(0, epochs + by), **kwargs)

    return train


def once(rng: np.random.Generator, size: int, _epoch: int) -> Iterable[int]:
    """Use the same order for every epoch, drawn in the first."""
    state = rng.bit_generator.state
    order = rng.permutation(size)
    rng.bit_generator.state = state
    return order


def from_itself(_rng: np.random.Generator, size: int, epoch: int) -> Iterable[int]:
    """Return an order that is not drawn from ``rng``."""
    return np.random.default_rng(epoch).permutation(size)


def all_but_the_last(epochs: list[list[float]]) -> list[float]:
    """Return the losses without that of the last step."""
    return list(chain.from_iterable(epochs))[:-1]


def last_of_each(epochs: list[list[float]]) -> list[float]:
    """Return one loss per epoch: that of its last step."""
    return [losses[-1] for losses in epochs if losses]


def first_of_each(epochs: list[list[float]]) -> list[float]:
    """Return one loss per epoch: that of its first step."""
    return [losses[0] for losses in epochs if losses]


def one_epoch(*args: Any, epochs: int, **kwargs: Any) -> Any:
    """Return from inside the loop over the epochs; without an epoch there is no return."""
    return training.train(*args, epochs=1, **kwargs) if epochs else None


def mean_of_each(epochs: list[list[float]]) -> list[float]:
    """Return one loss per epoch: the mean over its steps."""
    return [float(np.mean(losses)) for losses in epochs if losses]
