"""Lesson 04: the cases of dropout's test mode: nothing is random, and no mask is used."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ncl_course.exercises.arrays import normal
from ncl_course.exercises.dropout import masks
from ncl_course.exercises.dropout.steps import Tested, cases, drop, halves, mask
from ncl_course.exercises.exercise import Case
from ncl_course.exercises.trials import TO_TEST, TO_TRAINING, Backward
from ncl_course.protocol.script import Script, Tensor, call


def test_mode_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """Return the cases of either layer's forward and backward pass after ``eval()``."""
    trials = Backward(rng)
    return (
        trials.one("dropout-test-first", drop(rng, halves(rng, 3, 8), 0.8, Tested)),
        *cases(trials, Tested),
        trials.one("dropout-keep-one", drop(rng, halves(rng, 3, 6), 1.0, Tested)),
        *(Case(name, script, free=True) for name, script in between_modes(rng)),
        after_a_varied_mask(rng),
    )


def after_a_varied_mask(rng: np.random.Generator) -> Case:
    """Return the case of test mode after a training forward whose mask must vary: a layer has to have two modes.

    By chance, a row of 24 neurons is kept or dropped as a whole less than once in eight million times. So a mask that
    is shared among samples passes here, and fails in the cases of the forward pass alone.
    """
    train, tested = drop(rng, halves(rng, 24, 24), 0.5), Tested(halves(rng, 3, 8))
    trained, drawn = call("layer", "forward", Tensor(train.x)), mask(masks.varied(24, 24))
    script = *train.make(), trained, drawn, TO_TEST, *tested.forward(), *tested.backward(tested.upstream(rng))
    return Case("dropout-test-after-training", script, free=True)


def between_modes(rng: np.random.Generator) -> Iterator[tuple[str, Script]]:
    """Yield the cases that switch between test and training mode, with one layer and with two."""
    train, tested = drop(rng, halves(rng, 4, 8), 0.6), Tested(halves(rng, 4, 8))
    made, trained = train.make(), call("layer", "forward", Tensor(train.x))
    seen, back = tested.forward(), tested.backward(tested.upstream(rng))
    stays = mask(masks.still_there(2))
    another = tested.on(normal(rng, 5, 3)).forward()
    yield "dropout-test-twice", (*made, TO_TEST, *seen, *seen)
    yield "dropout-test-after-training", (*made, trained, TO_TEST, *seen, *back)
    yield "dropout-test-after-training", (*made, trained, TO_TEST, *another, *seen)
    yield "dropout-mask-stays", (*made, *train.run(), TO_TEST, call("layer", "forward", Tensor(tested.x)), stays)
    yield "dropout-switched-back", (*made, TO_TEST, *seen, TO_TRAINING, *back)
    yield "dropout-switched-back", (*made, trained, TO_TEST, *seen, TO_TRAINING, *back)
    yield "dropout-after-test", (*made, TO_TEST, trained, TO_TRAINING, *train.run(), *back)
    yield "dropout-two-modes", (*made, *train.make("other"), TO_TEST, *seen, *train.run("other")[:1], *back)
