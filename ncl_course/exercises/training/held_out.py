"""Real digits for ``train``: the student's network learns some of them, and others test it.

The labels of the others stay on the trusted side: the script contains none of them, and torch computes the accuracy
from the parameters and running statistics that came back. The classes are renamed at random, so that weights that
were learned elsewhere are useless.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ncl_course.exercises.arrays import Array
from ncl_course.exercises.training.small_networks import SmallNetwork
from ncl_course.protocol.script import Generator, Piece, Ref, Remark, Rule, Step, Tensor, Trace, apply, get

TRAINING, TEST = 600, 400
EPOCHS, BATCH = 4, 40
LEAST = 0.75
"""The required share of right answers on the held-out digits; a right training always gets more."""

NETWORK = SmallNetwork(
    (
        Piece("Conv2d", (1, 6, 3), {"padding": 1}),
        Piece("BatchNorm2d", (6,)),
        Piece("ReLU"),
        Piece("MaxPool2d", (2,)),
        Piece("Flatten"),
        Piece("Linear", (96, 10)),
    ),
    learning_rate=0.05,
    momentum=0.9,
    spread=0.1,
)


@dataclass(frozen=True)
class Digits:
    """Images (N, 1, 8, 8) and labels (N,) to learn from, others for the test, and the seed of all random numbers."""

    x: Array
    labels: Array
    test_x: Array
    test_labels: Array
    seed: int

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> Digits:
        """Draw digits without repetition, and rename their ten classes."""
        from ncl_course.data import all_digits

        images, labels = all_digits()
        chosen = rng.choice(len(images), TRAINING + TEST, replace=False)
        images, labels = images[chosen].astype(np.float64), rng.permutation(10)[labels[chosen]]
        parts = images[:TRAINING], labels[:TRAINING], images[TRAINING:], labels[TRAINING:]
        return cls(*parts, int(rng.integers(2**32)))


def reads_digits(digits: Digits) -> Iterator[Step]:
    """Yield the steps that train a network, read back all that training changed, and test it on the held-out digits."""
    made = tuple(NETWORK.made(np.random.default_rng(digits.seed)))
    seen = tuple(NETWORK.seen(within=1e-4))
    objects = Ref("model"), Ref("loss"), Ref("optimizer")
    arrays = Tensor(digits.x), Tensor(digits.labels)
    yield from made
    yield apply(*objects, *arrays, epochs=EPOCHS, batch_size=BATCH, rng=Generator(digits.seed), label="")
    yield from (Step(step.kind, step.obj, step.method) for step in seen)
    places = {step.method: len(made) + 1 + number for number, step in enumerate(seen)}
    yield get("model", "training", label="accuracy", rule=accurate(digits, places))


def accurate(digits: Digits, places: dict[str, int]) -> Rule:
    """Require that the network recognises most held-out digits; ``places`` numbers the steps that read the network."""

    def rule(trace: Trace, _step: int) -> Remark | None:
        from ncl_course.oracles.training.accuracy import accuracy

        share = accuracy(NETWORK.layers, {path: trace[n].value for path, n in places.items()}, digits)
        if share >= LEAST:
            return None
        return Remark("accuracy", {"share": f"{100 * share:.0f}", "least": f"{100 * LEAST:.0f}"})

    return rule
