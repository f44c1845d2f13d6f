"""Lesson 04: the cases of dropout's backward pass, after a forward in training mode."""

from __future__ import annotations

import numpy as np

from ncl_course.exercises.dropout import masks
from ncl_course.exercises.dropout.steps import MANY, cases, drop, halves, mask
from ncl_course.exercises.exercise import Case
from ncl_course.exercises.trials import TO_TEST, Backward


def backward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """Return the cases of the backward pass of either layer, which uses the mask of the latest forward.

    No case needs a forward in test mode, so students who have not written it yet lose no points here.
    """
    trials = Backward(rng)
    many = drop(rng, np.ones(MANY, np.float32), 0.5)
    return (
        trials.one("dropout-one-sample", drop(rng, halves(rng, 1, 8), 0.5)),
        *cases(trials),
        trials.one("dropout-zeros", drop(rng, halves(rng, 6, 8) * rng.integers(0, 2, (6, 8)), 0.8)),
        trials.one("dropout-zeros", drop(rng, np.zeros((4, 8)), 0.6)),
        trials.one("dropout-keep-one", drop(rng, halves(rng, 3, 6), 1.0)),
        trials.one("large-sizes", many, grad_out=np.resize(np.array([1, -2], np.float32), MANY)),
        switched(rng),
        drawn_around_a_backward(rng),
    )


def switched(rng: np.random.Generator) -> Case:
    """Return the case that calls ``eval()`` between forward and backward: the mode of the forward counts."""
    use = drop(rng, halves(rng, 4, 8), 0.6)
    return Case("dropout-switched", (*use.make(), *use.run(), TO_TEST, *use.backward(use.upstream(rng))), free=True)


def drawn_around_a_backward(rng: np.random.Generator) -> Case:
    """Return the case forward, backward, forward: the second mask is new, even if ``backward`` has changed the first.

    The first mask must not be the same for all neurons, since then there would be nothing to do in ``backward``. Both
    axes are long, so that even a mask that is shared along one of them does not occur twice by chance.
    """
    use = drop(rng, halves(rng, 24, 24), 0.5)
    there, back = use.run()[0], use.backward(use.upstream(rng))
    first, again = mask(masks.varied(24, 24)), mask(masks.drawn_anew(2))
    return Case("dropout-fresh-after-backward", (*use.make(), there, first, *back, there, again), free=True)
