"""What is asked of a student: exercises, their parts and points, and the cases that try them."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ncl_course.protocol.play import Kit
from ncl_course.protocol.script import Script


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

    Attributes:
        lesson: the notebook that it stands in.
        parts: in the order in which a student does them.
        oracles: the module that holds the right answer under the exercise's own name. It imports torch, so it
            is only loaded when it is first asked for.
        mistakes: the module whose ``MISCONCEPTIONS`` holds the exercise's altered oracles.
        pieces: the module whose ``PIECES`` an oracle gets where a script names some; empty: no script does.
    """

    name: str
    lesson: str
    parts: tuple[Part, ...]
    oracles: str
    mistakes: str
    pieces: str = ""

    @cached_property
    def oracle(self) -> Callable[..., Any]:
        """The right answer, computed by torch."""
        answer: Callable[..., Any] = getattr(importlib.import_module(self.oracles), self.name)
        return answer

    @cached_property
    def misconceptions(self) -> tuple[Any, ...]:
        """The known wrong answers, as altered oracles (``oracles.altered.Misconception``)."""
        wrong: tuple[Any, ...] = importlib.import_module(self.mistakes).MISCONCEPTIONS[self.name]
        return wrong

    @cached_property
    def kit(self) -> Kit:
        """The course's pieces by torch, for the scripts that name some."""
        pieces: Kit = importlib.import_module(self.pieces).PIECES if self.pieces else {}
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
