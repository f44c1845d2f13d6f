"""The objects that a script passes to a student's code: the given pieces by name, and a recorder of training steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ncl_course.nn import SGD, CNNConfig, Conv2d, Sequential

GO_ON = (None, False, 0)
"""Answers of ``on_step`` that do not stop a training: a function without ``return`` gives the first."""

STOP = np.True_
"""An answer that stops it: a condition such as ``loss < 0.1`` gives NumPy's True, which ``is True`` does not accept."""


class Watcher:
    """Stands for ``on_step``: records each step and its loss, and asks to stop after a given number of calls.

    Until then it returns ``GO_ON`` in turn.

    Args:
        stop_after: the number of calls after which it returns ``STOP``; None means never.
    """

    def __init__(self, stop_after: int | None = None) -> None:
        self.stop_after = stop_after
        self.seen: list[tuple[int, float]] = []

    def __call__(self, step: int, loss: float) -> object:
        self.seen.append((step, loss))
        stops = self.stop_after is not None and len(self.seen) >= self.stop_after
        return STOP if stops else GO_ON[(len(self.seen) - 1) % len(GO_ON)]

    @property
    def steps(self) -> NDArray[Any]:
        """The numbers of the steps, in the order of the calls."""
        return np.array([step for step, _ in self.seen], dtype=np.int64)

    @property
    def losses(self) -> NDArray[Any]:
        """The losses passed with these steps."""
        return np.array([loss for _, loss in self.seen], dtype=np.float64)


GIVEN: dict[str, Callable[..., Any]] = {
    "Conv2d": Conv2d,
    "Sequential": Sequential,
    "SGD": SGD,
    "CNNConfig": CNNConfig,
    "Watcher": Watcher,
}
"""The pieces that students are given; a kit also holds the students' own layers."""
