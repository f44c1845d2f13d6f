"""Count the images that a network classifies correctly with the arrays that a student's training has left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ncl_course.oracles.network import PIECES, Network
from ncl_course.oracles.settings import own_settings
from ncl_course.protocol.play import follow
from ncl_course.protocol.script import Piece


class HeldOut(Protocol):
    """Images (N, C, H, W) and their labels (N,)."""

    @property
    def test_x(self) -> NDArray[Any]:
        """The images."""

    @property
    def test_labels(self) -> NDArray[Any]:
        """Their labels."""


@own_settings()
def accuracy(pieces: Sequence[Piece], state: Mapping[str, Any], held_out: HeldOut) -> float:
    """Return the share of images that torch's network with that state classifies correctly, in test mode.

    Args:
        pieces: the network's layers.
        state: arrays by the paths from which they were read (``params.0.weight``, ``layers.1.running_mean``).
            If one of them is missing, complex, not finite or of a wrong shape, no answer is right.
    """
    model = Network(*(PIECES[piece.name](*piece.args, **piece.kwargs) for piece in pieces))
    for path, values in state.items():
        place = follow(model, path)
        if not is_state(values, place.shape):
            return 0.0
        place[...] = values
    logits = model.eval().forward(held_out.test_x)
    return float(np.mean(logits.argmax(1) == held_out.test_labels))


def is_state(values: object, shape: tuple[int, ...]) -> bool:
    """Return whether a value is an array of real, finite numbers with that shape."""
    return (
        isinstance(values, np.ndarray)
        and values.shape == shape
        and values.dtype.kind in "biuf"
        and bool(np.isfinite(values).all())
    )
