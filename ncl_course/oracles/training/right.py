"""Building and training a network by torch: the right answers to lesson 06.

The lecture's template (section 6): INPUT → [[CONV → (BN) → RELU]·N → POOL?]·M → [FC → RELU → (DROPOUT)]·K → FC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset

from ncl_course.nn import CNNConfig
from ncl_course.oracles.layer import Array, TorchLayer, to_torch
from ncl_course.oracles.linear.right import CrossEntropyLoss
from ncl_course.oracles.network import PIECES, SGD, Network
from ncl_course.oracles.settings import own_settings
from ncl_course.oracles.training.template import template

Batch = tuple[torch.Tensor, torch.Tensor]
OnStep = Callable[[int, float], object]


@own_settings()
def build_cnn(config: CNNConfig, rng: np.random.Generator) -> Network:
    """Return the template's layers with sizes that fit torch's output of the layer before."""
    return assembled(template(config), config, rng)


def assembled(
    names: tuple[str, ...], config: CNNConfig, rng: np.random.Generator, *, padding: int | None = None
) -> Network:
    """Return a network of these layers; a test image goes through each layer, and its shape sizes the next layer.

    ``padding`` None is the config's: half of the kernel.
    """
    x = torch.zeros(1, config.in_channels, config.image_size, config.image_size, dtype=torch.float64)
    filters = iter(np.repeat(config.filters, config.convs).tolist())
    widths = iter((*config.hidden, config.num_classes))
    layers: list[TorchLayer] = []
    for name in names:
        match name:
            case "Conv2d":
                k = config.kernel_size
                p = k // 2 if padding is None else padding
                layer = PIECES[name](x.shape[1], next(filters), k, padding=p, rng=rng)
            case "Linear":
                layer = PIECES[name](x[0].numel(), next(widths), rng=rng)
            case "BatchNorm2d":
                layer = PIECES[name](x.shape[1])
            case "MaxPool2d":
                layer = PIECES[name](2)
            case "Dropout":
                layer = PIECES[name](config.keep_prob, rng=rng)
            case _:
                layer = PIECES[name]()
        layers.append(layer)
        x = Network(layer).eval().compute(x).detach()
    return Network(*layers)


@own_settings()
def train_step(model: Network, loss: CrossEntropyLoss, optimizer: SGD, x: Array, labels: Array) -> float:
    """Make one step of torch's optimiser in training mode, and return the loss before the step."""
    model.train()
    optimizer.zero_grad()
    value = loss.compute(model.compute(to_torch(x)), torch.as_tensor(np.array(labels), dtype=torch.int64))
    torch.autograd.backward(value)
    optimizer.step()
    return float(value.detach())


@own_settings()
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
    onwards: bool = False,
) -> list[float]:
    """Train with torch's DataLoader in the order that ``rng`` draws for each epoch, and return all losses.

    An epoch shuffles the images as they are given or, ``onwards``, as the last epoch has left them: both are right.
    """
    losses: list[float] = []
    for step, (images, targets) in enumerate(batches(x, labels, epochs, batch_size, rng, onwards=onwards)):
        losses.append(train_step(model, loss, optimizer, images.numpy(), targets.numpy()))
        if on_step is not None and on_step(step, losses[-1]):
            break
    return losses


train.others = (partial(train, onwards=True),)  # type: ignore[attr-defined]


def batches(
    x: Array, labels: Array, epochs: int, batch_size: int, rng: np.random.Generator, *, onwards: bool
) -> Iterator[Batch]:
    """Yield all batches of all epochs, including the short last batch of each epoch."""
    data = TensorDataset(to_torch(x), torch.as_tensor(np.array(labels), dtype=torch.int64))
    order = np.arange(len(x))
    for _ in range(epochs):
        drawn = rng.permutation(len(x))
        order = order[drawn] if onwards else drawn
        yield from DataLoader(data, batch_size=batch_size, sampler=order.tolist())
