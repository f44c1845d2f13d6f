"""Measure the cost of the view into a training: the same training with and without it, on one thread, in one run."""

from __future__ import annotations

import statistics
import time
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits

from bench.keys import keys
from bench.training_step import LR, MOMENTUM, ours
from ncl_course.data import Dataset, Part, load_digits
from ncl_course.nn import SGD
from ncl_course.viz import watch_training
from tests.answers.training_right import RIGHT

AIM = 10.0
ROUNDS = 3


def noise(samples: int, shape: tuple[int, int, int]) -> Dataset:
    """Return random images of that shape to train on; their content does not affect the time."""
    rng = np.random.default_rng(1)
    part = Part(rng.normal(size=(samples, *shape)).astype(np.float32), rng.integers(0, 10, samples))
    return Dataset(part, part, part, classes=tuple("0123456789"))


def training(names: dict[str, Any], data: Dataset, epochs: int, *, watched: bool) -> tuple[float, float, list[float]]:
    """Return the processor seconds of one training, those that the view counted itself, and the losses.

    The drawings before the first step and after the last are the cell's picture, so they are not counted.
    """
    model, loss = ours(names, *data.train.x.shape[1:3]), names["CrossEntropyLoss"]()
    optimizer, train = SGD(model, LR, MOMENTUM), RIGHT["train"][0]
    x, labels, sizes = data.train.x, data.train.labels, {"epochs": epochs, "batch_size": 64}
    view = watch_training(model, data) if watched else None
    if view is not None:
        view.begin(epochs * -(-len(labels) // 64))
    start = time.process_time()
    losses = train(
        model, loss, optimizer, x, labels, **sizes, rng=np.random.default_rng(0), on_step=view and view.on_step
    )
    return time.process_time() - start, view.pace.spent + view.ticks.spent if view else 0.0, losses


def row(names: dict[str, Any], name: str, data: Dataset, epochs: int) -> tuple[str, ...]:
    """Return one row of the table: the median of several rounds, alternately with and without the view."""
    rounds = [[training(names, data, epochs, watched=watched) for watched in (False, True)] for _ in range(ROUNDS)]
    assert all(plain[2] == watched[2] for plain, watched in rounds), "the view has changed the training"
    plain, watched = (statistics.median(run[turn][0] for run in rounds) for turn in (0, 1))
    steps = len(rounds[0][0][2])
    return name, str(steps), f"{plain:.2f}", f"{watched:.2f}", f"{100 * (watched / plain - 1):.1f}"


def run() -> None:
    """Print the table."""
    table = Table(title=f"The view into a training (aim: under {AIM:.0f} % of its time)")
    for column in ("images", "steps", "without, s", "with, s", "view, %"):
        table.add_column(column, justify="left" if column == "images" else "right")
    names = keys()
    with threadpool_limits(1):
        table.add_row(*row(names, "digits 1×8×8", load_digits(), 20))
        table.add_row(*row(names, "noise 3×32×32", noise(1024, (3, 32, 32)), 4))
    Console().print(table)
