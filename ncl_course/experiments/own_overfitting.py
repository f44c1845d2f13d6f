"""Dropout's gap with the student's own network: a large network learns few digits, with dropout and without."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ncl_course.experiments.logits import logits_of
from ncl_course.experiments.progress import counting
from ncl_course.language import text
from ncl_course.nn import SGD, CNNConfig

PARTS = ("train", "validation", "test")
SAMPLES, EPOCHS, BATCH, KEEP = 200, 60, 20, 0.5
FILTERS, HIDDEN = (8,), (256,)
RATE, MOMENTUM = 0.02, 0.9


@dataclass(frozen=True)
class Judged:
    """One trained network in test mode: loss and share of right answers by the part's name."""

    loss: dict[str, float]
    right: dict[str, float]

    @property
    def gap(self) -> float:
        """The difference between the loss on the test part and the loss on the learned images."""
        return self.loss["test"] - self.loss["train"]


@dataclass(frozen=True)
class Overfitting:
    """The results, one network per seed.

    Attributes:
        samples: the number of digits that the networks learned from.
        keep_prob: the probability of keeping a neuron.
    """

    samples: int
    keep_prob: float
    without: tuple[Judged, ...]
    with_dropout: tuple[Judged, ...]


def run_overfitting(
    layers: Any,
    build_cnn: Callable[..., Any],
    train: Callable[..., Any],
    digits: Any,
    *,
    seeds: Sequence[int] = (0, 1, 2, 3),
    samples: int = SAMPLES,
    epochs: int = EPOCHS,
    keep_prob: float = KEEP,
) -> Overfitting:
    """Train the student's network on the first digits of the training part, without and with dropout for each seed.

    Both networks of a seed start from the same weights. The seed determines the batches and masks.
    """
    few = type(digits.train)(digits.train.x[:samples], digits.train.labels[:samples])
    parts = {"train": few, "validation": digits.validation, "test": digits.test}
    total = 2 * len(seeds)

    def trained(keep: float, seed: int) -> Judged:
        _, C, H, _ = few.x.shape
        config = CNNConfig(C, H, len(digits.classes), FILTERS, hidden=HIDDEN, keep_prob=keep)
        net, rng = build_cnn(config, np.random.default_rng([seed, 0])), np.random.default_rng([seed, 1])
        loss, optimizer = layers.CrossEntropyLoss(), SGD(net, RATE, MOMENTUM)
        train(net, loss, optimizer, few.x, few.labels, epochs=epochs, batch_size=BATCH, rng=rng)
        done()
        return judge(net, layers.CrossEntropyLoss(), parts)

    with counting(total, text("training.claims.running", number=total)) as done:
        pairs = [(trained(1.0, seed), trained(keep_prob, seed)) for seed in seeds]
    without, with_dropout = zip(*pairs, strict=True)
    return Overfitting(samples, keep_prob, without, with_dropout)


def judge(net: Any, loss: Any, parts: dict[str, Any]) -> Judged:
    """Return the loss and the share of right answers on each part, in test mode."""
    logits = {name: logits_of(net, part.x) for name, part in parts.items()}
    return Judged(
        {name: float(loss.forward(logits[name], part.labels)) for name, part in parts.items()},
        {name: float((logits[name].argmax(axis=1) == part.labels).mean()) for name, part in parts.items()},
    )
