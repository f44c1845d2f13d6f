"""A student's training and torch's side by side: the same initial weights, the same batches, step by step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ncl_course.experiments.by_torch.normalization_trials import digits
from ncl_course.language import text
from ncl_course.nn import SGD, CNNConfig
from ncl_course.oracles import network
from ncl_course.oracles.layer import Array
from ncl_course.oracles.linear.right import CrossEntropyLoss
from ncl_course.oracles.training import right as training

CONFIG = CNNConfig(in_channels=1, image_size=8, num_classes=10, filters=(8, 16), batch_norm=True)
BATCH, LR, MOMENTUM = 32, 0.05, 0.9


@dataclass(frozen=True)
class SideBySide:
    """Two trainings.

    Attributes:
        own: the student's losses, one per step.
        torch: torch's losses.
        differences: after each step, the largest difference of two weights, over all arrays.
    """

    own: tuple[float, ...]
    torch: tuple[float, ...]
    differences: tuple[float, ...]


def beside_torch(
    build: Callable[..., Any], train_step: Callable[..., Any], loss: Any, steps: int = 20, seed: int = 0
) -> SideBySide:
    """Train the network that ``build(config, rng)`` returns and torch's, in float64 with batch norm and momentum.

    The digits get a little noise and the biases are random: at exact ties of a pooling window and at exact zeros of
    ReLU two right layers may differ.

    Args:
        build, train_step: the student's answers to lesson 06.
        loss: the student's loss, an object.

    Raises:
        ValueError: the network's parameters are not those of the template.
    """
    rng = np.random.default_rng(seed)
    own, reference = build(CONFIG, rng), training.build_cnn(CONFIG, np.random.default_rng(seed))
    blur(own, rng)
    give_weights(own, reference)
    optimizers = SGD(own, LR, MOMENTUM), network.SGD(reference, LR, MOMENTUM)
    losses: tuple[list[float], list[float]] = ([], [])
    differences = []
    for x, labels in batches(steps, rng):
        losses[0].append(float(train_step(own, loss, optimizers[0], x, labels)))
        losses[1].append(training.train_step(reference, CrossEntropyLoss(), optimizers[1], x, labels))
        differences.append(difference(own, reference))
    return SideBySide(tuple(losses[0]), tuple(losses[1]), tuple(differences))


def blur(own: Any, rng: np.random.Generator) -> None:
    """Draw random biases, so that no neuron starts exactly at 0."""
    for key, values in own.params.items():
        if key.endswith((".bias", ".beta")):
            values[...] = rng.normal(0, 0.1, values.shape)


def give_weights(own: Any, reference: network.Network) -> None:
    """Copy the student's weights to torch's network, array by array.

    Raises:
        ValueError: the arrays or their shapes are not those of the template.
    """
    mine = {key: np.shape(values) for key, values in own.params.items()}
    right = {key: values.shape for key, values in reference.params.items()}
    if mine != right:
        raise ValueError(text("training.beside_torch.parameters", own=mine, torch=right))
    for key, values in own.params.items():
        reference.params[key][...] = values


def batches(steps: int, rng: np.random.Generator) -> list[tuple[Array, Array]]:
    """Return that number of batches of digits in float64, without two equal pixels."""
    images, labels = (tensor.numpy() for tensor in digits())
    chosen = [rng.choice(len(labels), BATCH, replace=False) for _ in range(steps)]
    return [
        (images[rows].astype(np.float64) + rng.normal(0, 0.05, images[rows].shape), labels[rows]) for rows in chosen
    ]


def difference(own: Any, reference: network.Network) -> float:
    """Return the largest difference of two weights, or NaN if a weight is NaN."""
    return float(np.max([np.abs(values - reference.params[key]).max() for key, values in own.params.items()]))
