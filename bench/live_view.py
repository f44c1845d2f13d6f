"""Measure the instrument: its share of a training's time, and a frame beside one that matplotlib would draw instead.

The trainings run on one thread each, with and without the instrument in turn, and each of the two is the first in every
other round. All times are processor times; the share is the median of the rounds' shares. Beside it stands what the
instrument does between the steps of its own run, which is steadier, because both numbers come from one run. The frames
compared show the same network: one sends numbers and maps that the browser draws, the other is a PNG of the same
curves, maps and predictions.
"""

from __future__ import annotations

import json
import statistics
import threading
import time
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits

from bench.keys import keys
from bench.measure import milliseconds
from bench.training_step import ours
from ncl_course.data import Dataset, load_digits, load_fashion
from ncl_course.nn import SGD, CNNConfig
from ncl_course.oracles.training import ready
from ncl_course.viz.training.live.frame import Frame
from ncl_course.viz.training.live.instrument import Instrument
from ncl_course.viz.training.live.life import Life, Maker, Settings
from ncl_course.viz.training.live.notebook import RARELY
from ncl_course.viz.training.live.rhythm import LEARNED
from ncl_course.viz.training.probe import look
from ncl_course.viz.training.scene import TrainingPicture
from tests.answers.training_right import RIGHT

AIM, FRAME_AIM = 15.0, 100.0
ROUNDS, FRAMES = 5, 20
STEPS, STEPS_OF_00 = 600, 1000


def plain(maker: Maker, data: Dataset, config: CNNConfig, batch: int, steps: int) -> float:
    """Return the processor seconds of a training alone, in a thread of its own as in the instrument."""
    life = Life(maker, data, config, Settings(batch=batch))

    def train() -> None:
        for _ in range(steps):
            life.step()

    thread = threading.Thread(target=train)
    start = time.process_time()
    thread.start()
    thread.join()
    return time.process_time() - start


def watched(
    maker: Maker, data: Dataset, config: CNNConfig, batch: int, steps: int, every: int
) -> tuple[float, float, Instrument]:
    """Return the processor seconds of the same training in the instrument, at full speed, and those of its steps."""
    made = Instrument(maker, data, config, Settings(batch=batch), steps)
    made.hold, made.measured_every = 0, every
    step, took = made.life.step, list[float]()
    made.life.step = lambda: took.append(milliseconds(step))  # type: ignore[method-assign]
    start = time.process_time()
    made.run()
    spent = time.process_time() - start
    made.close()
    made.thread.join()  # the memory of an ended thread serves the next one, as it does after ``plain``
    return spent, sum(took) / 1e3, made


def row(
    name: str,
    maker: Maker,
    data: Dataset,
    config: CNNConfig,
    batch: int,
    steps: int = STEPS,
    every: int = LEARNED,
) -> tuple[str, ...]:
    """Return one row of the table."""

    def alone_first() -> tuple[float, float, float, Instrument]:
        return plain(maker, data, config, batch, steps), *watched(maker, data, config, batch, steps, every)

    def watched_first() -> tuple[float, float, float, Instrument]:
        seen = watched(maker, data, config, batch, steps, every)
        return plain(maker, data, config, batch, steps), *seen

    alone_first()  # the first trainings of a process are slower
    rounds = [watched_first() if number % 2 else alone_first() for number in range(ROUNDS)]
    alone, beside = (statistics.median(run[turn] for run in rounds) for turn in (0, 1))
    share = 100 * (statistics.median(run[1] / run[0] for run in rounds) - 1)
    between = 100 * (statistics.median(run[1] / run[2] for run in rounds) - 1)
    made = rounds[-1][3]
    frame = Frame(made.life, 0)
    ours = statistics.median(milliseconds(lambda: Frame(made.life, 0)) for _ in range(FRAMES))
    size = len(frame.bytes) + len(json.dumps(frame.content))
    part = data.validation

    def seen() -> Any:
        return look(made.model, part.x[0], part.labels[0])

    picture = TrainingPicture(made.history, seen(), data.classes, steps)

    def drawn() -> int:
        picture.follow(made.history, seen(), steps)
        return len(picture.frame())

    png = drawn()
    theirs = statistics.median(milliseconds(drawn) for _ in range(FRAMES))
    figures = (f"{ours:.0f}", f"{size / 1024:.0f}", f"{theirs:.0f}", f"{png / 1024:.0f}")
    return name, f"{alone:.2f}", f"{beside:.2f}", f"{share:.1f}", f"{between:.1f}", *figures


def run() -> None:
    """Print the table."""
    title = f"The instrument (aims: under {AIM:.0f} % of the training's time, a frame under {FRAME_AIM:.0f} ms)"
    table = Table(title=title)
    for column in (
        "network",
        "without, s",
        "with, s",
        "share, %",
        "inside, %",
        "frame, ms",
        "KiB",
        "as PNG, ms",
        "KiB ",
    ):
        table.add_column(column, justify="left" if column == "network" else "right")
    names = keys()

    def build(config: CNNConfig, rng: np.random.Generator) -> Any:  # noqa: ARG001 - it has a generator of its own
        return ours(names, config.in_channels, config.image_size)

    own = Maker(build, RIGHT["train_step"][0], names["CrossEntropyLoss"], SGD)
    torch = Maker(ready.build_cnn, ready.train_step, ready.CrossEntropyLoss, ready.SGD)
    normed = CNNConfig(1, 28, 10, filters=(16, 32), batch_norm=True)
    with threadpool_limits(1):
        start = CNNConfig(1, 28, 10, (8, 16))
        table.add_row(*row("00, ready-made, 1×28×28", torch, load_fashion(), start, 32, STEPS_OF_00, RARELY))
        table.add_row(*row("06, readable keys, 1×28×28", own, load_fashion(), normed, 32))
        table.add_row(
            *row("digits, readable keys, 1×8×8", own, load_digits(), CNNConfig(1, 8, 10, (16, 32), batch_norm=True), 64)
        )
    Console(width=140).print(table)
