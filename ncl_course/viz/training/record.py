"""A record of a training to look through afterwards: looks into the network, spread over its steps, never many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ncl_course.viz.training.probe import Array, Look, layers_of, look

MOST, AIM = 60, 45
"""So many frames are kept at most, and so many are aimed at where the number of steps is known."""
EARLY = (0, 1, 2, 4)
"""After so many steps there is a frame whatever the interval, for much happens early."""
MEMORY, LEAST = 64 * 2**20, 12
"""Bytes for all frames together; of a network so large that they would not do, there are fewer frames."""


@dataclass(frozen=True)
class Frame:
    """What was so after some steps.

    Attributes:
        steps: how many steps were done.
        seen: the look into the network, in float32.
        params: each layer's parameters by name, copies in float32.
    """

    steps: int
    seen: Look
    params: tuple[dict[str, Array], ...]

    @property
    def bytes(self) -> int:
        """The memory that its arrays take."""
        return sum(array.nbytes for array in self.arrays())

    def arrays(self) -> Iterator[Array]:
        """All of them."""
        yield from self.seen.outputs
        for params in self.params:
            yield from params.values()


@dataclass
class TrainingRecord:
    """The frames of a training, which thin out as it grows; they depend on no clock, so a training repeats them.

    Attributes:
        frames: in the order of their steps.
        interval: the steps between two frames; it doubles whenever there are too many.
    """

    frames: list[Frame] = field(default_factory=list)
    interval: int = 1

    def plan(self, steps: int) -> None:
        """Make ready for a training that will have so many steps in all."""
        if not self.frames:
            self.interval = max(1, -(-steps // AIM))
        while steps // self.interval > self.most:
            self.double()

    @property
    def most(self) -> int:
        """How many frames there may be."""
        return max(LEAST, min(MOST, MEMORY // max(self.frames[-1].bytes, 1))) if self.frames else MOST

    def wants(self, steps: int) -> bool:
        """Whether there should be a frame after so many steps."""
        return steps % self.interval == 0 or steps in EARLY

    def add(self, model: Any, image: Array, label: int, steps: int) -> None:
        """Look at the network now. A newest frame that was there for being the newest alone makes room."""
        if self.frames and (self.frames[-1].steps == steps or not self.wants(self.frames[-1].steps)):
            self.frames.pop()
        self.frames.append(frame(model, image, label, steps))
        while len(self.frames) > self.most:
            self.double()

    def double(self) -> None:
        """Keep about half of the frames; the newest stays."""
        self.interval *= 2
        self.frames[:-1] = [one for one in self.frames[:-1] if self.wants(one.steps)]


def frame(model: Any, image: Array, label: int, steps: int) -> Frame:
    """What is so now."""
    seen = look(model, image, label)
    outputs = tuple(np.array(output, np.float32) for output in seen.outputs)
    params = tuple(copies(layer) for layer in layers_of(model))
    return Frame(steps, Look(**(vars(seen) | {"outputs": outputs})), params)


def copies(layer: Any) -> dict[str, Array]:
    """A layer's parameters as they are now."""
    return {str(name): np.array(values, np.float32) for name, values in (getattr(layer, "params", None) or {}).items()}


def gradients_of(frames: list[Frame], layer: int) -> Array:
    """The length of a layer's gradient in each frame; NaN where there was none."""
    sizes = (one.seen.gradients[layer] for one in frames)
    return np.array([np.nan if size is None else size for size in sizes])


def ways_left(frames: list[Frame], layer: int) -> Array:
    """How far a layer's parameters are from their last values in each frame, as a share of the way from the first.

    ‖w − w_last‖ / ‖w_first − w_last‖ over all parameters of the layer; NaN where they have not moved.
    """
    flat = [all_in_one(one.params[layer]) for one in frames]
    ways = np.array([np.linalg.norm(now - flat[-1]) for now in flat])
    return ways / ways[0] if ways[0] > 0 else np.full(len(frames), np.nan)


def all_in_one(params: dict[str, Array]) -> Array:
    """All of a layer's parameters as one vector."""
    return np.concatenate([np.zeros(1), *(np.ravel(values).astype(np.float64) for values in params.values())])
