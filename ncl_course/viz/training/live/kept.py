"""A kept state of the instrument: a network with all that was seen of it up to then."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ncl_course.viz.training.live.frame import Frame, Times
from ncl_course.viz.training.live.life import Snapshot
from ncl_course.viz.training.record import TrainingRecord


@dataclass(frozen=True)
class Kept:
    """A kept state.

    Attributes:
        network: the network with its curves.
        frames: the frames up to it.
        times: the times of the network's layers, to which its later frames still add theirs.
        record: the looks up to it, to scrub through.
    """

    network: Snapshot
    frames: list[Frame]
    times: Times
    record: TrainingRecord


def unshared(record: TrainingRecord) -> TrainingRecord:
    """Return a record of the same looks, to which the other one's later looks are not added."""
    return replace(record, frames=[*record.frames])
