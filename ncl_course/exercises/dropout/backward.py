"""Lesson 04: the cases of dropout's backward pass, after a forward in training mode."""

from __future__ import annotations

import numpy as np

from ncl_course.exercises.dropout import masks
from ncl_course.exercises.dropout.steps import cases, drop, halves, mask
from ncl_course.exercises.exercise import Case
from ncl_course.exercises.trials import TO_TEST, Backward


def backward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """The backward pass of either layer: the mask of the latest forward, whatever has happened since.

    No forward in test mode is asked for: who has not written it yet loses no point here.
    """
    trials = Backward(rng)
    return (
        trials.one("dropout-one-sample", drop(rng, halves(rng, 1, 8), 0.5)),
        *cases(trials),
        trials.one("dropout-zeros", drop(rng, halves(rng, 6, 8) * rng.integers(0, 2, (6, 8)), 0.8)),
        trials.one("dropout-zeros", drop(rng, np.zeros((4, 8)), 0.6)),
        trials.one("dropout-keep-one", drop(rng, halves(rng, 3, 6), 1.0)),
        switched(rng),
        drawn_around_a_backward(rng),
    )


def switched(rng: np.random.Generator) -> Case:
    """``eval()`` between forward and backward: backward belongs to the forward."""
    use = drop(rng, halves(rng, 4, 8), 0.6)
    return Case("dropout-switched", (*use.make(), *use.run(), TO_TEST, *use.backward(use.upstream(rng))), free=True)


def drawn_around_a_backward(rng: np.random.Generator) -> Case:
    """Forward, backward, forward: the second mask is a new one, whatever ``backward`` has done with the first.

    Both axes are long: a mask that is shared along one of them does not come twice by chance either.
    """
    use = drop(rng, halves(rng, 24, 24), 0.5)
    there, back = use.run(), use.backward(use.upstream(rng))
    again = there[0], mask(masks.drawn_anew(2))
    return Case("dropout-fresh-after-backward", (*use.make(), *there, *back, *again), free=True)
