"""The lecture's claims about batch normalization, tested with the student's own layers in a deep net of sigmoids.

It uses only NumPy, and nothing is tuned in favour of a claim: the plain net gets the best of several learning rates,
and three times as many steps as the normalized nets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ncl_course.experiments.logits import logits_of
from ncl_course.experiments.progress import counting
from ncl_course.language import text
from ncl_course.nn import SGD, Conv2d, Sequential

Array = NDArray[Any]

LECTURE = (("Inception", 31.0, 72.2), ("BN-Baseline", 13.3, 72.7), ("BN-x5", 2.1, 73.0), ("BN-x30", 2.7, 74.8))
"""Ioffe and Szegedy (2015), figure 3, as the lecture shows it: model, millions of steps to 72.2 %, best accuracy."""

DEPTH, MAPS, BATCH, MOMENTUM = 4, 8, 32, 0.9
RATES = (0.01, 0.02, 0.04, 0.08, 0.16)
"""The learning rates to choose from for the plain net."""

STEPS = 1500
"""The number of steps of a training without normalization; with normalization it is a third."""

APART = 1.1
"""The accuracy is measured after the first steps, and then whenever the number of steps has grown by a tenth."""


MEASURED = 300
"""The largest number of validation images: all of the digits', but few of a large data set's, to measure often."""


@dataclass(frozen=True)
class Recipe:
    """One row of the table.

    Attributes:
        name: its key in the messages and in the record.
        batch_norm: whether there is batch normalization before every sigmoid.
        factor: the learning rate, as a multiple of the plain net's.
        share: the number of steps, as a share of the plain net's.
    """

    name: str
    batch_norm: bool
    factor: float
    share: float


PLAIN = Recipe("plain", False, 1, 1)
RECIPES = (
    PLAIN,
    Recipe("bn", True, 1, 1 / 3),
    Recipe("bn_x5", True, 5, 1 / 3),
    Recipe("bn_x30", True, 30, 1 / 3),
    Recipe("plain_x5", False, 5, 1),
    Recipe("plain_x30", False, 30, 1),
)


@dataclass(frozen=True)
class Course:
    """One training: the shares of right validation answers, and the number of steps before each measurement."""

    lr: float
    steps: tuple[int, ...]
    accuracies: tuple[float, ...]

    @property
    def best(self) -> float:
        """The best measured accuracy."""
        return max(self.accuracies)

    def steps_to(self, target: float) -> int | None:
        """Return the number of steps after which the accuracy first reached the target, or None if it never did."""
        return next((step for step, seen in zip(self.steps, self.accuracies, strict=True) if seen >= target), None)


@dataclass(frozen=True)
class Claims:
    """The results.

    Attributes:
        rate: the learning rate chosen for the plain net.
        tried: the best accuracy of the plain net at each rate, with the first seed.
        courses: one course per seed, by the recipe's name.
    """

    rate: float
    tried: dict[float, float]
    courses: dict[str, tuple[Course, ...]]

    def steps_to_plain(self, name: str) -> tuple[int | None, ...]:
        """Return, for each seed, the number of steps to the best accuracy of that seed's plain net."""
        pairs = zip(self.courses[name], self.courses["plain"], strict=True)
        return tuple(course.steps_to(plain.best) for course, plain in pairs)

    def best(self, name: str) -> tuple[float, ...]:
        """Return the best accuracy of each seed."""
        return tuple(course.best for course in self.courses[name])


def run_claims(
    layers: Any,
    train: Callable[..., Any],
    digits: Any,
    *,
    seeds: Sequence[int] = (0, 1),
    rates: Sequence[float] = RATES,
    steps: int = STEPS,
) -> Claims:
    """Train the plain net, and nets with batch normalization and larger learning rates, on standardized images.

    Args:
        layers: the student's layers by name: ``Sigmoid``, ``Flatten``, ``Linear``, ``BatchNorm2d``,
            ``CrossEntropyLoss``.
        train: the student's training loop.
        digits: a data set with its parts ``train`` and ``validation``.
        seeds: each seed gives other initial weights and other batches.
        rates: the plain net's learning rate is the one of these with the best validation accuracy within ``steps``,
            with the first seed; if two are equal, the one that reached it first.
        steps: the number of steps of a training without normalization.
    """
    data, made = digits.standardized(), {}
    total = len(rates) + len(RECIPES) * len(seeds)
    with counting(total, text("training.claims.running", number=total)) as done, np.errstate(all="ignore"):

        def course(recipe: Recipe, lr: float, seed: int) -> Course:
            which = (recipe.batch_norm, lr, seed)
            if which not in made:
                made[which] = learned(layers, train, data, recipe, lr, seed, ceil(steps * recipe.share))
            done()
            return made[which]

        tries = {lr: course(PLAIN, lr, seeds[0]) for lr in rates}
        rate = min(tries, key=lambda lr: (-tries[lr].best, tries[lr].steps_to(tries[lr].best)))
        courses = {
            recipe.name: tuple(course(recipe, rate * recipe.factor, seed) for seed in seeds) for recipe in RECIPES
        }
    return Claims(rate, {lr: tried.best for lr, tried in tries.items()}, courses)


def deep_net(layers: Any, batch_norm: bool, channels: int, size: int, classes: int, rng: np.random.Generator) -> Any:
    """Return [CONV → (BN) → SIGMOID]·4 → FC; the first convolution halves the image with its stride."""
    stack: list[Any] = []
    for number in range(DEPTH):
        source, stride = (MAPS, 1) if number else (channels, 2)
        stack.append(Conv2d(source, MAPS, 3, stride=stride, padding=1, rng=rng))
        if batch_norm:
            stack.append(layers.BatchNorm2d(MAPS))
        stack.append(layers.Sigmoid())
    side = (size + 1) // 2
    return Sequential(*stack, layers.Flatten(), layers.Linear(MAPS * side * side, classes, rng=rng))


def learned(
    layers: Any, train: Callable[..., Any], data: Any, recipe: Recipe, lr: float, seed: int, steps: int
) -> Course:
    """Train a net for that number of steps, and return the course of its accuracy."""
    N, C, H, _ = data.train.x.shape
    net = deep_net(layers, recipe.batch_norm, C, H, len(data.classes), np.random.default_rng([seed, 0]))
    measured: dict[int, float] = {}
    moments, count = frozenset(checkpoints(steps)), 0

    def on_step(*_: Any) -> bool:
        nonlocal count
        count += 1  # the student's own count may start at 1
        if count in moments:
            measured[count] = accuracy(net, data.validation)
        return count >= steps

    train(
        net,
        layers.CrossEntropyLoss(),
        SGD(net, lr, MOMENTUM),
        data.train.x,
        data.train.labels,
        epochs=ceil(steps / ceil(N / BATCH)),
        batch_size=BATCH,
        rng=np.random.default_rng([seed, 1]),
        on_step=on_step,
    )
    return Course(lr, tuple(measured), tuple(measured.values()))


def checkpoints(steps: int) -> list[int]:
    """Return the numbers of steps after which to measure the accuracy: 1, 2, 3, …, then a tenth apart, and the last."""
    moments = [1]
    while moments[-1] < steps:
        moments.append(min(steps, max(moments[-1] + 1, int(moments[-1] * APART))))
    return moments


def accuracy(net: Any, part: Any) -> float:
    """Return the share of right answers in test mode among the first images of a part."""
    answers = logits_of(net, part.x[:MEASURED]).argmax(axis=1)
    return float((answers == part.labels[:MEASURED]).mean())
