"""The cases of ``train_step``: one training step, two and twenty, equal to torch's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from ncl_course.exercises.arrays import Array, normal
from ncl_course.exercises.exercise import Case
from ncl_course.exercises.training.rules import drawn_in_training
from ncl_course.exercises.training.small_networks import (
    LINEAR,
    PLAIN,
    STRICT,
    WITH_BATCHNORM,
    WITH_DROPOUT,
    SmallNetwork,
)
from ncl_course.protocol.script import Layout, Ref, Step, Tensor, apply, call, get

STEPS = 20
CLASSES = 4


def batch(rng: np.random.Generator, size: int, dtype: type = np.float64) -> tuple[Array, Array]:
    """Return images (size, 1, 4, 4) and their labels (size,)."""
    return normal(rng, size, 1, 4, 4, dtype=dtype), rng.integers(0, CLASSES, size)


def step(x: Array, labels: Array, within: float = STRICT, layout: Layout = Layout.C) -> Step:
    """Return one training step; its loss is judged."""
    objects = Ref("model"), Ref("loss"), Ref("optimizer")
    return apply(*objects, Tensor(x, layout), Tensor(labels), within=within)


def once(rng: np.random.Generator, network: SmallNetwork, size: int) -> tuple[Step, ...]:
    """Return one training step, and readings of all that it changed."""
    return (*network.made(rng), step(*batch(rng, size)), *network.seen())


def twice(rng: np.random.Generator, network: SmallNetwork, *between: Step, sizes: tuple[int, int]) -> Iterator[Step]:
    """Yield two training steps, with the steps ``between`` in between."""
    yield from network.made(rng)
    yield step(*batch(rng, sizes[0]))
    yield from between
    yield step(*batch(rng, sizes[1]))
    yield from network.seen()


def many(rng: np.random.Generator, network: SmallNetwork) -> Iterator[Step]:
    """Yield twenty training steps that take three batches in turn."""
    batches = [batch(rng, 6) for _ in range(3)]
    yield from network.made(rng)
    for number in range(STEPS):
        yield step(*batches[number % len(batches)])
    yield from network.seen()


def in_mode(rng: np.random.Generator, network: SmallNetwork, mode: str) -> Iterator[Step]:
    """Yield a training step on a network that was left in that mode."""
    yield from network.made(rng)
    yield call("model", mode)
    yield step(*batch(rng, 5))
    yield from network.seen()


def thinned(rng: np.random.Generator) -> Iterator[Step]:
    """Yield a training step on a network with dropout that was left in test mode; the mode after the step is free."""
    x, labels = batch(rng, 3)
    yield from SmallNetwork(WITH_DROPOUT).made(rng)
    yield call("model", "eval")
    yield apply(Ref("model"), Ref("loss"), Ref("optimizer"), Tensor(x), Tensor(labels), label="")
    place = [piece.name for piece in WITH_DROPOUT].index("Dropout")
    yield get("model", f"layers.{place}.mask", label="mask", rule=drawn_in_training((3, 5)))


def in_float32(rng: np.random.Generator, network: SmallNetwork) -> Iterator[Step]:
    """Yield a training step on float32 images."""
    yield from network.made(rng)
    yield step(*batch(rng, 5, np.float32), within=1e-4)
    yield from network.seen(within=1e-4)


def by_name(rng: np.random.Generator, network: SmallNetwork) -> Iterator[Step]:
    """Yield a training step that gets every argument by name."""
    x, labels = batch(rng, 3)
    named: dict[str, Any] = {"model": Ref("model"), "loss": Ref("loss"), "optimizer": Ref("optimizer")}
    yield from network.made(rng)
    yield apply(x=Tensor(x), labels=Tensor(labels), within=STRICT, **named)
    yield from network.seen()


def cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """Return the cases: from one step of one layer to twenty steps of a network with batch normalization."""
    plain, heavy = SmallNetwork(PLAIN), SmallNetwork(PLAIN, 0.05, momentum=0.9)
    normalized, decayed = SmallNetwork(WITH_BATCHNORM, 0.05, momentum=0.9), replace(heavy, weight_decay=0.05)
    x, labels = batch(rng, 4)
    return (
        Case("step-one-layer", once(rng, SmallNetwork(LINEAR), 1)),
        Case("step-one-layer-batch", once(rng, SmallNetwork(LINEAR, 0.5), 3)),
        Case("step-network", once(rng, plain, 4)),
        Case("step-batchnorm", once(rng, SmallNetwork(WITH_BATCHNORM), 5)),
        Case("step-after-eval", tuple(in_mode(rng, SmallNetwork(WITH_BATCHNORM), "eval"))),
        Case("step-dropout", tuple(thinned(rng))),
        Case("step-after-train", tuple(in_mode(rng, SmallNetwork(WITH_BATCHNORM), "train"))),
        Case("step-twice-momentum", tuple(twice(rng, heavy, sizes=(4, 4)))),
        Case("step-weight-decay", tuple(twice(rng, decayed, sizes=(4, 4)))),
        Case("step-eval-between", tuple(twice(rng, normalized, call("model", "eval"), sizes=(5, 4)))),
        Case("step-batch-sizes", tuple(twice(rng, heavy, sizes=(5, 2)))),
        Case("step-large-images", (*plain.made(rng), step(100 * x, labels), *plain.seen())),
        Case("step-float32", tuple(in_float32(rng, plain))),
        Case("keywords", tuple(by_name(rng, plain))),
        Case("layout-transposed", (*plain.made(rng), step(x, labels, layout=Layout.TRANSPOSED), *plain.seen())),
        Case("layout-read-only", (*plain.made(rng), step(x, labels, layout=Layout.READ_ONLY), *plain.seen())),
        Case("step-small-labels", (*plain.made(rng), step(x, labels.astype(np.uint8)), *plain.seen())),
        Case("large-sizes", once(rng, plain, 300)),
        Case("step-twenty", tuple(many(rng, heavy))),
        Case("step-twenty-batchnorm", tuple(many(rng, normalized))),
    )
