"""What a script hands to a student's code: the given pieces by name, and a watcher of a training's steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ncl_course.nn import SGD, CNNConfig, Conv2d, Sequential


class Watcher:
    """Stands for ``on_step``: writes down each step and its loss, and asks to stop after so many.

    Until then it answers None, as a function without ``return`` does.

    Args:
        stop_after: calls after which the answer is True; None: never.
    """

    def __init__(self, stop_after: int | None = None) -> None:
        self.stop_after = stop_after
        self.seen: list[tuple[int, float]] = []

    def __call__(self, step: int, loss: float) -> bool | None:
        self.seen.append((step, loss))
        return True if self.stop_after is not None and len(self.seen) >= self.stop_after else None

    @property
    def steps(self) -> NDArray[Any]:
        """The numbers of the steps, in the order of the calls."""
        return np.array([step for step, _ in self.seen], dtype=np.int64)

    @property
    def losses(self) -> NDArray[Any]:
        """The losses that came with them."""
        return np.array([loss for _, loss in self.seen], dtype=np.float64)


GIVEN: dict[str, Callable[..., Any]] = {
    "Conv2d": Conv2d,
    "Sequential": Sequential,
    "SGD": SGD,
    "CNNConfig": CNNConfig,
    "Watcher": Watcher,
}
"""The pieces that students are given; their own layers stand beside these in a kit."""
