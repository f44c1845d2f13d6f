"""Classic and inverted dropout on given neurons, computed by the oracles: in training with any mask, and at test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Kind = Literal["classic", "inverted"]

KINDS: tuple[Kind, Kind] = ("classic", "inverted")


def layer_of(kind: Kind, keep_prob: float, rng: np.random.Generator | None = None) -> Any:
    """Return the oracle of that kind."""
    from ncl_course.oracles.dropout.right import ClassicDropout, Dropout

    return {"classic": ClassicDropout, "inverted": Dropout}[kind](keep_prob, rng)


def in_training(kind: Kind, x: Array, kept: Array, keep_prob: float) -> Array:
    """Return the output of the neurons in training if the mask is ``kept``."""
    from ncl_course.oracles.layer import to_torch
    from ncl_course.oracles.settings import own_settings

    with own_settings():
        answer: Array = layer_of(kind, keep_prob).trained(to_torch(x), to_torch(kept)).numpy()
    return answer + 0.0  # a negative neuron that is off gives −0.0


def at_test(kind: Kind, x: Array, keep_prob: float) -> Array:
    """Return the output of the neurons at test time."""
    return layer_of(kind, keep_prob).eval().forward(x)


def is_right(kind: Kind, layer: Callable[..., Any], keep_prob: float = 0.5) -> bool:
    """Return whether a layer's output and gradient under its own mask, and its output at test, equal the oracle's.

    Raises:
        Exception: any error that a student's layer raises.
    """
    made, x = layer(keep_prob, np.random.default_rng(0)), np.random.default_rng(1).normal(size=(40, 50))
    trained, kept = made.forward(x), np.asarray(made.mask)
    right = in_training(kind, x, kept, keep_prob)
    answers = (trained, right), (made.backward(x), right), (made.eval().forward(x), at_test(kind, x, keep_prob))
    return bool(0 < kept.mean() < 1 and all(np.allclose(own, torchs) for own, torchs in answers))
