"""The cases of ``CrossEntropyLoss``: labels of every integer dtype, ±1000 in one batch, square batches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import DTypeLike

from ncl_course.exercises.arrays import LARGE, Array, normal
from ncl_course.exercises.exercise import Case
from ncl_course.exercises.linear.softmax import FAR, HUGE, WIDE
from ncl_course.exercises.trials import Trials, Use
from ncl_course.protocol.script import Layout, Script, Tensor, call

SIZES = (
    ("two-classes", 1, 2),
    ("one-sample", 1, 3),
    ("two-samples", 2, 3),
    ("many-samples", 5, 3),
    ("many-classes", 2, 6),
    ("batch-equals-classes", 3, 3),
    ("batch-equals-classes", 4, 4),
)
"""The case's name, the number of samples and the number of classes."""

KINDS = (np.int8, np.uint8, np.int16, np.int32, np.uint32, np.uint64)
"""Integer dtypes of labels, in addition to int64."""


@dataclass(frozen=True)
class Loss(Use):
    """The loss of a batch ``x`` of logits. It takes no upstream gradient and cannot be a layer of a network."""

    CALLABLE: ClassVar[bool] = False
    SAME_AT_TEST: ClassVar[bool] = False

    labels: Array = field(default_factory=lambda: np.zeros(0, np.int64))

    def forward(self, obj: str = "layer", layout: Layout = Layout.C, method: str = "forward") -> Script:
        of_labels = Layout.C if layout is Layout.TRANSPOSED else layout  # labels have one axis
        given = Tensor(self.x, layout), Tensor(self.labels, of_labels)
        return (call(obj, method, *given, label="forward", silent=self.silent),)

    def backward(self, grad_out: Array, obj: str = "layer", layout: Layout = Layout.C) -> Script:  # noqa: ARG002 - none
        """Return a judged call of ``backward()``; its scale is 1/N."""
        return (call(obj, "backward", label="backward", scale=1 / len(self.x), silent=self.silent),)


def some_labels(rng: np.random.Generator, N: int, C: int, dtype: DTypeLike = np.int64) -> Array:
    """Return a label for each sample: neighbours differ, and if N = C > 2, one label occurs twice and one never."""
    labels = (rng.integers(C) + np.arange(N)) % C
    labels[-1] = labels[0] if N == C > 2 else labels[-1]
    return labels.astype(dtype)


def logits(rng: np.random.Generator, N: int, C: int) -> Array:
    """Return multiples of 0.5 from −2 to 2 as logits, so that no probability is tiny."""
    return rng.integers(-4, 5, (N, C)) / 2


def cases(trials: Trials) -> Iterator[Case]:
    """Yield the cases of either pass."""
    rng = trials.rng

    def loss(x: Array, dtype: DTypeLike = np.int64) -> Loss:
        return Loss(x, labels=some_labels(rng, len(x), x.shape[1], dtype))

    def huge(x: Array, *labels: int) -> Loss:
        return Loss(x, silent=True, labels=np.array(labels))

    for name, N, C in SIZES:
        yield trials.one(name, loss(logits(rng, N, C)))
    yield trials.one("one-label", Loss(logits(rng, 3, 4), labels=np.full(3, 2)))
    yield trials.one("equal-logits", loss(np.zeros((2, 4))))
    yield trials.one("sure-and-right", loss(np.eye(3) * 8 - 3))
    yield trials.one("one-class", loss(normal(rng, 3, 1)))
    yield trials.one("loss-2000", huge(HUGE[:1], 2))
    yield trials.one("softmax-huge-negative", huge(HUGE[1:2], 2))
    yield trials.one("softmax-huge", huge(HUGE, 2, 0, 2, 0))
    yield trials.one("softmax-huge", huge(HUGE, 0, 1, 0, 1))
    yield trials.one("softmax-huge", huge(HUGE.astype(np.float32), 2, 0, 2, 0))
    yield trials.one("rows-far-apart", huge(FAR, 1, 0))
    yield trials.one("softmax-wide", huge(WIDE, 0, 2, 1, 3))
    # eight classes: it is not to be among the smallest failing cases, which choose the name
    yield trials.one("large-values", huge(np.array([[LARGE, 3 * LARGE, *np.zeros(6)]]), 0))
    yield trials.one("large-offset", loss(1000.0 + normal(rng, 3, 4)))
    for kind in KINDS:
        yield trials.one("label-dtype", loss(logits(rng, 3, 4), kind))
    yield trials.one("label-dtype", loss(logits(rng, 200, 3), np.int8))
    for N, C in rng.integers(1, 8, (3, 2)):
        yield trials.one("random", loss(normal(rng, int(N), int(C))))
    yield from trials.arrays(loss(normal(rng, 3, 4)), loss(normal(rng, 6, 4)))
    first, again, resized = (loss(normal(rng, *shape)) for shape in ((3, 4), (3, 4), (2, 5)))
    yield from trials.contract(first, again, resized)
    yield trials.one("large-sizes", Loss(logits(rng, 3, 300), labels=np.array([299, 140, 200])))
    yield trials.one("large-sizes", loss(logits(rng, 300, 3)))
    yield trials.one("large-sizes", many_logits())


def many_logits() -> Loss:
    """Return a batch of more than 32,767 logits: a position in it does not fit in int16.

    The last sample's own logit is by far the smallest, so the loss shows if another one is taken.
    """
    x = np.zeros((128, 257), np.float32)
    x[-1, -1] = -30
    return Loss(x, labels=np.arange(129, 257))
