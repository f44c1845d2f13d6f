"""How many images a network knows whose parameters and running statistics a student's training has left behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ncl_course.oracles.network import PIECES, Network
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


def accuracy(pieces: Sequence[Piece], state: Mapping[str, Any], held_out: HeldOut) -> float:
    """The share of images that torch's network with that state gets right, in test mode.

    Args:
        pieces: the network's layers.
        state: arrays by the paths where they were read (``params.0.weight``, ``layers.1.running_mean``).
            Where one is none, or of another shape, or not finite, nothing is right.
    """
    model = Network(*(PIECES[piece.name](*piece.args, **piece.kwargs) for piece in pieces))
    for path, values in state.items():
        place = follow(model, path)
        if not isinstance(values, np.ndarray) or values.shape != place.shape or not np.isfinite(values).all():
            return 0.0
        place[...] = values
    logits = model.eval().forward(held_out.test_x)
    return float(np.mean(logits.argmax(1) == held_out.test_labels))
