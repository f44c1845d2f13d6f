"""The cases of ``train``: batches, their order, the number of steps, and real digits at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from ncl_course.exercises.exercise import Case
from ncl_course.exercises.training.held_out import Digits, reads_digits
from ncl_course.exercises.training.rules import counted, differs, repeats
from ncl_course.exercises.training.small_networks import LINEAR, PLAIN, STRICT, WITH_BATCHNORM, SmallNetwork
from ncl_course.exercises.training.stepping import batch
from ncl_course.protocol.script import Generator, Ref, Step, Tensor, apply, call, get, make

OBJECTS = (Ref("model"), Ref("loss"), Ref("optimizer"))


def trained(rng: np.random.Generator, size: int, labels_as: str = "int64", **choices: Any) -> Step:
    """Return a training on ``size`` images; its losses are judged."""
    x, labels = batch(rng, size)
    seed = Generator(int(rng.integers(2**32)))
    return apply(*OBJECTS, Tensor(x), Tensor(labels.astype(labels_as)), **choices, rng=seed, within=STRICT)


def whole(
    rng: np.random.Generator, network: SmallNetwork, size: int, epochs: int, batch_size: int, labels_as: str = "int64"
) -> tuple[Step, ...]:
    """Return a training, and readings of all that it changed."""
    step = trained(rng, size, labels_as, epochs=epochs, batch_size=batch_size)
    return (*network.made(rng), step, *network.seen())


def watched(rng: np.random.Generator, network: SmallNetwork, stop_after: int | None, size: int) -> Iterator[Step]:
    """Yield a training of two epochs of three batches with an ``on_step`` that watches it and may stop it."""
    steps = [*network.made(rng), make("watcher", "Watcher", stop_after)]
    yield from steps
    yield trained(rng, size, epochs=2, batch_size=4, on_step=Ref("watcher"))
    yield get("watcher", "steps", label="steps", rule=counted(len(steps)))
    yield get("watcher", "losses", label="losses", within=STRICT)
    yield from network.seen()


def twice(rng: np.random.Generator, network: SmallNetwork, *, same: bool) -> Iterator[Step]:
    """Yield trainings of two equal networks, with generators of the same seed or not, and compare their losses."""
    seed = int(rng.integers(2**31))
    x, labels = batch(rng, 12)
    first = tuple(network.made(np.random.default_rng(seed)))
    for number, other in enumerate((seed, seed + (not same))):
        yield from first
        rule = (repeats if same else differs)(len(first)) if number else None
        step = apply(*OBJECTS, Tensor(x), Tensor(labels), label="", epochs=1, batch_size=2, rng=Generator(other))
        yield replace(step, rule=rule, label="value" if rule else "")


def from_eval(rng: np.random.Generator, network: SmallNetwork) -> tuple[Step, ...]:
    """Return a training of a network that was left in test mode."""
    made = *network.made(rng), call("model", "eval")
    return (*made, trained(rng, 7, epochs=2, batch_size=3), *network.seen())


def cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """Return the cases: from one batch to several epochs, some of them stopped, and the digits."""
    linear, plain = SmallNetwork(LINEAR), SmallNetwork(PLAIN, 0.05, momentum=0.9)
    normalized = SmallNetwork(WITH_BATCHNORM, 0.05, momentum=0.9)
    return (
        Case("train-one-batch", whole(rng, linear, size=3, epochs=1, batch_size=3)),
        Case("train-two-batches", whole(rng, linear, size=4, epochs=1, batch_size=2)),
        Case("train-short-last-batch", whole(rng, linear, size=5, epochs=1, batch_size=2)),
        Case("train-large-batch", whole(rng, linear, size=3, epochs=2, batch_size=10)),
        Case("train-two-epochs", whole(rng, plain, size=8, epochs=2, batch_size=4)),
        Case("train-batches-of-one", whole(rng, plain, size=4, epochs=3, batch_size=1)),
        Case("train-no-epoch", whole(rng, linear, size=4, epochs=0, batch_size=2)),
        Case("train-small-labels", whole(rng, linear, size=6, epochs=1, batch_size=3, labels_as="uint8")),
        Case("large-sizes", whole(rng, linear, size=300, epochs=1, batch_size=100)),
        Case("large-sizes", whole(rng, linear, size=520, epochs=1, batch_size=260)),
        Case("train-batchnorm", whole(rng, normalized, size=10, epochs=4, batch_size=5)),
        Case("train-after-eval", from_eval(rng, normalized)),
        Case("train-watched", tuple(watched(rng, plain, None, 10))),
        Case("train-stopped-at-once", tuple(watched(rng, plain, 1, 10))),
        Case("train-stopped", tuple(watched(rng, plain, 2, 10))),
        Case("train-stopped-between-epochs", tuple(watched(rng, plain, 3, 10))),
        Case("train-stopped-later", tuple(watched(rng, normalized, 4, 11))),
        Case("train-repeats", tuple(twice(rng, linear, same=True))),
        Case("train-other-seed", tuple(twice(rng, linear, same=False))),
        Case("train-digits", tuple(reads_digits(Digits.drawn(rng)))),
    )
