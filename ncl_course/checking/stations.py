"""The path of an image through a network, as the lecture draws it, with the exercises that belong to each layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ncl_course.checking.course_map import LessonStanding, PartStanding


@dataclass(frozen=True)
class Station:
    """One layer on the path; the message ``map.station.NAME`` holds the lecture's name for it.

    Attributes:
        lesson: the lesson in which students write it, or empty if it is given.
        names: the lesson's exercises that belong here; empty means all that no other station has.
        optional: whether the lecture's template has it in brackets.
    """

    name: str
    lesson: str = ""
    names: frozenset[str] = frozenset()
    optional: bool = False


WAY = (
    Station("input"),
    Station("conv"),
    Station("bn", "05_normalization", optional=True),
    Station("relu", "02_activations"),
    Station("pool", "01_pooling", optional=True),
    Station("fc", "03_linear_softmax"),
    Station("dropout", "04_dropout", optional=True),
    Station("softmax", "03_linear_softmax", frozenset({"Softmax", "CrossEntropyLoss"})),
)
"""The stations in the order in which an image passes them."""

ALL_TOGETHER = Station("train", "06_train_cnn")
"""The station that surrounds all others."""


def parts_at(station: Station, lessons: Sequence[LessonStanding]) -> tuple[PartStanding, ...]:
    """Return the standings of the parts that belong to a station."""
    elsewhere = {name for other in WAY if other.lesson == station.lesson for name in other.names} - station.names
    parts = (part for lesson in lessons if lesson.lesson == station.lesson for part in lesson.parts)
    return tuple(
        part for part in parts if part.exercise in station.names or not (station.names or part.exercise in elsewhere)
    )
