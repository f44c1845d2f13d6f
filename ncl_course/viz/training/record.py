"""A record of a training to look through afterwards: a limited number of looks, spread over its steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ncl_course.viz.training.probe import Array, Look, layers_of, look

MOST, AIM = 60, 45
"""The largest number of frames, and the intended number if the number of steps is known."""
EARLY = (0, 1, 2, 4)
"""The steps that get a frame whatever the interval, because much happens early."""
MEMORY, LEAST = 64 * 2**20, 12
"""The memory of all frames together in bytes, and the smallest number of frames even if they need more."""


@dataclass(frozen=True)
class Frame:
    """The network after some steps.

    Attributes:
        steps: the number of finished steps.
        seen: the look into the network, in float32.
        params: each layer's parameters by name, copies in float32.
    """

    steps: int
    seen: Look
    params: tuple[dict[str, Array], ...]

    @property
    def bytes(self) -> int:
        """The memory of its arrays."""
        return sum(array.nbytes for array in self.arrays())

    def arrays(self) -> Iterator[Array]:
        """Yield all its arrays."""
        yield from self.seen.outputs
        for params in self.params:
            yield from params.values()


@dataclass
class TrainingRecord:
    """The frames of a training, which thin out as it grows; they depend on no clock, so a training repeats them.

    Attributes:
        frames: the frames in the order of their steps.
        interval: the number of steps between two frames; it doubles whenever there are too many frames.
    """

    frames: list[Frame] = field(default_factory=list)
    interval: int = 1

    def plan(self, steps: int) -> None:
        """Prepare for a training with that number of steps in all."""
        if not self.frames:
            self.interval = max(1, -(-steps // AIM))
        while steps // self.interval > self.most:
            self.double()

    @property
    def most(self) -> int:
        """The largest number of frames."""
        return max(LEAST, min(MOST, MEMORY // max(self.frames[-1].bytes, 1))) if self.frames else MOST

    def wants(self, steps: int) -> bool:
        """Return whether there should be a frame after that number of steps."""
        return steps % self.interval == 0 or steps in EARLY

    def add(self, model: Any, image: Array, label: int, steps: int) -> None:
        """Look at the network now. The previous frame is removed if it was kept only because it was the newest."""
        if self.frames and (self.frames[-1].steps == steps or not self.wants(self.frames[-1].steps)):
            self.frames.pop()
        self.frames.append(frame(model, image, label, steps))
        while len(self.frames) > self.most:
            self.double()

    def double(self) -> None:
        """Keep about half of the frames, including the newest."""
        self.interval *= 2
        self.frames[:-1] = [one for one in self.frames[:-1] if self.wants(one.steps)]


def frame(model: Any, image: Array, label: int, steps: int) -> Frame:
    """Return a frame of the network's current state."""
    seen = look(model, image, label)
    outputs = tuple(np.array(output, np.float32) for output in seen.outputs)
    params = tuple(copies(layer) for layer in layers_of(model))
    return Frame(steps, Look(**(vars(seen) | {"outputs": outputs})), params)


def copies(layer: Any) -> dict[str, Array]:
    """Return copies of a layer's current parameters."""
    return {str(name): np.array(values, np.float32) for name, values in (getattr(layer, "params", None) or {}).items()}


def gradients_of(frames: list[Frame], layer: int) -> Array:
    """Return the length of a layer's gradient in each frame, or NaN if there was none."""
    sizes = (one.seen.gradients[layer] for one in frames)
    return np.array([np.nan if size is None else size for size in sizes])


def ways_left(frames: list[Frame], layer: int) -> Array:
    """Return the distance of a layer's parameters from their last values in each frame, relative to the first frame.

    ‖w − w_last‖ / ‖w_first − w_last‖ over all parameters of the layer, or NaN if they have not moved.
    """
    flat = [all_in_one(one.params[layer]) for one in frames]
    ways = np.array([np.linalg.norm(now - flat[-1]) for now in flat])
    return ways / ways[0] if ways[0] > 0 else np.full(len(frames), np.nan)


def all_in_one(params: dict[str, Array]) -> Array:
    """Return all of a layer's parameters as one vector."""
    return np.concatenate([np.zeros(1), *(np.ravel(values).astype(np.float64) for values in params.values())])
