"""One case's recorded answer, and how it follows a student's own choice if several answers are right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ncl_course.protocol.script import Trace

Array = NDArray[Any]


@dataclass(frozen=True)
class Expected:
    """The right answer to a case, as torch gave it.

    Attributes:
        trace: the right value of each step that is compared; other steps have None.
        masks: by the number of a step, the number of the forward whose random mask its result has. The trace holds the
            result of a mask that keeps everything.
        drawn: whether such a mask is unusual, so that the trace itself is not the answer.
        bounds: by the number of a step, the smallest and the largest right values, where a slope at a kink is free.
        reach: by the number of a step, the largest right value of each place, where each part of a map's gradient, a
            power of two, goes to any one of several places.
        open: the answer follows the student's in a way that is not recorded: another answer may be right, too.
    """

    trace: Trace
    masks: Mapping[int, int] = field(default_factory=dict)
    drawn: bool = False
    bounds: Mapping[int, tuple[Array, Array]] = field(default_factory=dict)
    reach: Mapping[int, Array] = field(default_factory=dict)
    open: bool = False

    def beside(self, student: Trace) -> Trace:
        """Return the right answer that is nearest to the student's."""
        nearest = list(self.trace)
        for step, forward in self.masks.items():
            kept = students_mask(student, forward, nearest[step].value.shape)
            if kept is not None:
                nearest[step] = replace(nearest[step], value=np.where(kept, nearest[step].value, 0))
        for step, (low, high) in self.bounds.items():
            answer = array_at(student, step)
            if answer is not None and answer.shape == low.shape:
                finite = np.nan_to_num(answer.real.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
                nearest[step] = replace(nearest[step], value=np.clip(finite, low, high).astype(low.dtype))
        for step, reach in self.reach.items():
            answer = array_at(student, step)
            if answer is not None and answer.shape == reach.shape:
                nearest[step] = replace(nearest[step], value=shared_out(reach, answer))
        return tuple(nearest)


def shared_out(reach: Array, answer: Array) -> Array:
    """Return the right gradient (N, C, H, W) whose parts go where the student's answer has them.

    ``reach`` is the sum of the parts that may go to each place. The bits of a sum of powers of two show its parts.
    """
    maps, received = (
        np.abs(np.nan_to_num(a.real, posinf=0, neginf=0)).reshape(-1, *a.shape[2:]) for a in (reach, answer)
    )
    made = np.zeros_like(maps)
    bit = 1.0
    while bit <= maps.max():
        may, has = (np.floor(a / bit) % 2 == 1 for a in (maps, received))
        place = (2 * may + has).reshape(len(maps), -1).argmax(1)
        made.reshape(len(maps), -1)[np.arange(len(maps)), place] += bit * may.any((1, 2))
        bit *= 2
    sign = np.sign(reach.sum((2, 3), keepdims=True))
    return np.asarray(sign * made.reshape(reach.shape), reach.dtype)


def students_mask(student: Trace, forward: int, shape: tuple[int, ...]) -> NDArray[np.bool_] | None:
    """Return the mask that the student's layer kept, read in the step after a forward.

    If that is not a mask, it is where the forward's result is not 0; None if that has not this shape either.
    """
    mask, answer = array_at(student, forward + 1), array_at(student, forward)
    if mask is not None and mask.dtype.kind in "biuf" and fits(mask.shape, shape):
        return np.broadcast_to(mask != 0, shape)
    return answer != 0 if answer is not None and answer.shape == shape else None


def fits(shape: tuple[int, ...], to: tuple[int, ...]) -> bool:
    """Return whether an array of the first shape broadcasts to the second."""
    try:
        return np.broadcast_shapes(shape, to) == to
    except ValueError:
        return False


def array_at(trace: Trace, step: int) -> Array | None:
    """Return the array that a step gave, or None if it gave something else, or was not reached."""
    value = trace[step].value if step < len(trace) else None
    return value if isinstance(value, np.ndarray) else None
