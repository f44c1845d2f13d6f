"""The life of a network: its settings, its steps, its history, and the states that were kept; without any picture."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from ncl_course.nn import CNNConfig
from ncl_course.viz.training.history import TrainingHistory
from ncl_course.viz.training.probe import Array, Labelled, accuracy

MEASURED = 100
"""The number of images of each part on which the accuracies are measured."""
RUNNING = ("running_mean", "running_var")
"""The arrays beside the parameters that a trained layer needs."""


class Data(Protocol):
    """A data set such as ``ncl_course.data`` loads."""

    @property
    def train(self) -> Labelled:
        """The images to learn from."""

    @property
    def validation(self) -> Labelled:
        """The images to measure the accuracy on and to look at."""

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes."""


@dataclass
class Settings:
    """The numbers that act on the next step.

    Attributes:
        lr: the learning rate.
        momentum: the momentum, in [0, 1).
        batch: the number of images of a step.
        decay: the weight decay λ.
    """

    lr: float = 0.05
    momentum: float = 0.9
    batch: int = 32
    decay: float = 0.0

    def change(self, name: str, value: float) -> None:
        """Set one number, within its range.

        Raises:
            ValueError: if there is no such number, or if the value is outside its range.
        """
        least, most = {"lr": (0.0, 100.0), "momentum": (0.0, 0.999), "batch": (1, 1024), "decay": (0.0, 10.0)}[name]
        if not least <= value <= most:
            raise ValueError(f"{name} expects a number from {least} to {most} but got {value}")
        setattr(self, name, int(value) if name == "batch" else float(value))


@dataclass(frozen=True)
class Maker:
    """The functions that make a network and change it.

    Attributes:
        build: makes a network from a config and a generator.
        train_step: makes one step and returns the loss.
        loss: makes a loss.
        optimizer: makes an optimiser from a network and a learning rate; its settings can be changed.
    """

    build: Callable[[CNNConfig, np.random.Generator], Any]
    train_step: Callable[..., float]
    loss: Callable[[], Any]
    optimizer: Callable[..., Any]


@dataclass(frozen=True)
class Snapshot:
    """A kept state: the template, copies of all arrays and gradients, and the history up to it."""

    config: CNNConfig
    arrays: dict[str, Array]
    grads: dict[str, Array]
    history: TrainingHistory
    trained: list[float]
    examples: int
    ms_example: float


@dataclass
class Life:
    """One network at a time, from its first step on.

    Attributes:
        config: the network's template.
        history: the losses, and the accuracies on validation images.
        trained: the accuracies on training images, measured at the same steps.
        examples: the number of images that the steps have used.
        ms_example: the milliseconds of the latest step for each image of its batch.
    """

    maker: Maker
    data: Data
    config: CNNConfig
    settings: Settings = field(default_factory=Settings)
    seed: int = 0

    def __post_init__(self) -> None:
        self.history, self.trained = TrainingHistory(), list[float]()
        self.start(self.config)

    def start(self, config: CNNConfig) -> None:
        """Make a new network of that template, and forget the old one's history.

        Raises:
            Exception: if the network cannot be built; the old one then lives on.
        """
        model = self.maker.build(config, np.random.default_rng(self.seed))
        loss, optimizer = self.maker.loss(), self.maker.optimizer(model, self.settings.lr)
        self.config, self.model, self.loss, self.optimizer = config, model, loss, optimizer
        self.history, self.trained = TrainingHistory(), []
        self.examples, self.ms_example = 0, 0.0
        self.rng, self.order, self.at = np.random.default_rng(self.seed), np.empty(0, np.int64), 0

    def step(self) -> None:
        """Make one step with the current settings."""
        now = self.settings
        self.optimizer.lr, self.optimizer.momentum, self.optimizer.weight_decay = now.lr, now.momentum, now.decay
        chosen = self.batch()
        x, labels = self.data.train.x[chosen], self.data.train.labels[chosen]
        start = time.perf_counter()
        with np.errstate(all="ignore"):  # a silly learning rate is one of the things to try
            loss = self.maker.train_step(self.model, self.loss, self.optimizer, x, labels)
        self.ms_example = 1e3 * (time.perf_counter() - start) / len(chosen)
        self.examples += len(chosen)
        self.history.add_loss(loss)

    def batch(self) -> Array:
        """Return the numbers of the next images; each epoch has an order of its own."""
        if self.at >= len(self.order):
            self.order, self.at = self.rng.permutation(len(self.data.train.labels)), 0
        chosen = self.order[self.at : self.at + self.settings.batch]
        self.at += self.settings.batch
        return chosen

    def measure(self) -> None:
        """Measure both accuracies."""
        with np.errstate(all="ignore"):
            share = accuracy(self.model, self.data.validation, MEASURED)
            known = accuracy(self.model, self.data.train, MEASURED)
        if share is None or known is None:
            return
        if self.history.measured[-1:] == [self.history.steps]:
            self.trained.pop()
        self.history.add_accuracy(share)
        self.trained.append(known)

    @property
    def decay_loss(self) -> float:
        """The weight decay's part of the loss, λ/2 times the sum of all squared parameters."""
        squares = sum(float(np.sum(np.square(one, dtype=np.float64))) for one in self.model.params.values())
        return self.settings.decay / 2 * squares

    def keep(self) -> Snapshot:
        """Return a copy of the current state."""
        arrays, grads = copied(self.arrays()), copied(self.model.grads)
        history = TrainingHistory(*(list(values) for values in vars(self.history).values()))
        return Snapshot(self.config, arrays, grads, history, [*self.trained], self.examples, self.ms_example)

    def load(self, kept: Snapshot) -> None:
        """Go back to a kept state; the optimiser's velocity starts at 0 again."""
        self.start(kept.config)
        for name, array in self.arrays().items():
            array[...] = kept.arrays[name]
        for name, grad in copied(kept.grads).items():
            number, of_layer = name.split(".", 1)
            self.model.layers[int(number)].grads[of_layer] = grad
        self.model.grads.update(copied(kept.grads))  # ready-made layers leave them to the network
        self.history = TrainingHistory(*(list(values) for values in vars(kept.history).values()))
        self.trained, self.examples, self.ms_example = [*kept.trained], kept.examples, kept.ms_example

    def arrays(self) -> Mapping[str, Array]:
        """Return the network's live arrays by name: all that its answers depend on."""
        found: dict[str, Array] = dict(self.model.params)
        for number, layer in enumerate(self.model.layers):
            for name in RUNNING:
                if isinstance(getattr(layer, name, None), np.ndarray):
                    found[f"{number}.{name}"] = getattr(layer, name)
        return found


def copied(arrays: Mapping[str, Array]) -> dict[str, Array]:
    """Return copies of named arrays."""
    return {name: np.array(array) for name, array in arrays.items()}
