"""Exercises, their parts and points, and the cases that test a student's answer."""

from __future__ import annotations

import importlib.util
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
"""The room of each lesson: the folder of this name in every package that holds content."""


@dataclass(frozen=True)
class Case:
    """One test of one part.

    Attributes:
        name: a name in kebab case; the message ``case.NAME`` says which mistake the case catches.
        script: the steps; those with a label are judged in order.
        free: several answers are right, and the oracle takes the one nearest to the student's.
    """

    name: str
    script: Script
    free: bool = False


@dataclass(frozen=True)
class Part:
    """A part with its own points: ``forward``, ``backward``, ``test_mode``, or ``value`` for a function."""

    name: str
    points: float
    cases: Callable[[np.random.Generator], tuple[Case, ...]]


@dataclass(frozen=True)
class Exercise:
    """One exercise; ``name`` is the name of the student's class or function everywhere.

    Its right answer is in ``oracles/ROOM/right.py`` under the exercise's own name, and its altered oracles are in
    ``oracles/ROOM/mistakes.py``. Both import torch, so they are loaded only when they are needed.

    Attributes:
        lesson: the name of the notebook that contains the exercise.
        parts: the parts, in the order in which a student does them.
        pieces: whether its scripts use pieces of the course, such as ``Conv2d``.
    """

    name: str
    lesson: str
    parts: tuple[Part, ...]
    pieces: bool = False

    @property
    def room(self) -> str:
        """The lesson's folder in ``exercises``, ``oracles`` and ``viz``, and its file in ``messages``."""
        return ROOMS[self.lesson]

    @cached_property
    def oracle(self) -> Callable[..., Any]:
        """The right answer, computed by torch."""
        return getattr(oracles(self.room, "right"), self.name)

    @cached_property
    def misconceptions(self) -> tuple[Any, ...]:
        """The known wrong answers, as altered oracles (``oracles.altered.Misconception``)."""
        return oracles(self.room, "mistakes").MISCONCEPTIONS[self.name]

    @cached_property
    def terms(self) -> Callable[[Any], Any] | None:
        """The function that returns the terms of a result, for naming a wrong sum; None if the room has none."""
        name = f"ncl_course.oracles.{self.room}.terms"
        if importlib.util.find_spec(name) is None:
            return None
        return oracles(self.room, "terms").terms

    @cached_property
    def kit(self) -> Kit:
        """The torch versions of the course's pieces, for scripts that use them."""
        return oracles("network").PIECES if self.pieces else {}

    @property
    def max_score(self) -> float:
        """The sum of the points of all parts."""
        return sum(part.points for part in self.parts)

    def part(self, name: str) -> Part:
        """Return the part of that name.

        Raises:
            KeyError: there is no such part; the message lists the parts.
        """
        for part in self.parts:
            if part.name == name:
                return part
        raise KeyError(f"{self.name} has no part {name!r}; it has {', '.join(part.name for part in self.parts)}")


def oracles(*names: str) -> ModuleType:
    """Return a module of ``oracles`` by its path below that package."""
    return importlib.import_module(".".join(("ncl_course.oracles", *names)))
