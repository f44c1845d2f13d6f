"""What is asked of a student: exercises, their parts and points, and the cases that try them."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import Any

import numpy as np

from ncl_course.protocol.play import Kit
from ncl_course.protocol.script import Script

ROOMS = {
    "01_pooling": "pooling",
    "02_activations": "activations",
    "03_linear_softmax": "linear",
    "04_dropout": "dropout",
    "05_normalization": "normalization",
    "06_train_cnn": "training",
}
"""Each lesson's room: the same name in every folder that holds content."""


@dataclass(frozen=True)
class Case:
    """One trial of one part.

    Attributes:
        name: a kebab name; the message ``case.NAME`` says which mistake it catches.
        script: the steps; those with a label are judged, and in order.
        free: several answers are right, and the oracle takes the one nearest to the student's.
    """

    name: str
    script: Script
    free: bool = False


@dataclass(frozen=True)
class Part:
    """What is worth points by itself: ``forward``, ``backward``, ``test_mode``, or ``value`` of a function."""

    name: str
    points: float
    cases: Callable[[np.random.Generator], tuple[Case, ...]]


@dataclass(frozen=True)
class Exercise:
    """One thing that a student writes; ``name`` is its class's or function's name everywhere.

    Its right answer stands in ``oracles/ROOM/right.py`` under the exercise's own name, and its altered oracles in
    ``oracles/ROOM/mistakes.py``. Both import torch, so they are loaded when they are first asked for.

    Attributes:
        lesson: the notebook that it stands in.
        parts: in the order in which a student does them.
        pieces: whether its scripts name pieces of the course, such as ``Conv2d``.
    """

    name: str
    lesson: str
    parts: tuple[Part, ...]
    pieces: bool = False

    @property
    def room(self) -> str:
        """The name of the lesson's folder in ``exercises``, ``oracles`` and ``viz`` and of its file in ``messages``."""
        return ROOMS[self.lesson]

    @cached_property
    def oracle(self) -> Callable[..., Any]:
        """The right answer, computed by torch."""
        answer: Callable[..., Any] = getattr(oracles(self.room, "right"), self.name)
        return answer

    @cached_property
    def misconceptions(self) -> tuple[Any, ...]:
        """The known wrong answers, as altered oracles (``oracles.altered.Misconception``)."""
        wrong: tuple[Any, ...] = oracles(self.room, "mistakes").MISCONCEPTIONS[self.name]
        return wrong

    @cached_property
    def kit(self) -> Kit:
        """The course's pieces by torch, for the scripts that name some."""
        pieces: Kit = oracles("network").PIECES if self.pieces else {}
        return pieces

    @property
    def max_score(self) -> float:
        """The points of all parts."""
        return sum(part.points for part in self.parts)

    def part(self, name: str) -> Part:
        """The part of that name.

        Raises:
            KeyError: there is none; the message lists those that there are.
        """
        for part in self.parts:
            if part.name == name:
                return part
        raise KeyError(f"{self.name} has no part {name!r}; it has {', '.join(part.name for part in self.parts)}")


def oracles(*names: str) -> ModuleType:
    """A module of ``oracles``, by its path there."""
    return importlib.import_module(".".join(("ncl_course.oracles", *names)))
