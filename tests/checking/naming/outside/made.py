"""Make a wrong layer from a right one in another style, and judge it as a notebook and as a grader would."""

from __future__ import annotations

import importlib
import math
import re
from functools import cache
from typing import Any

import numpy as np

from ncl_course.checking.answers import Answers
from ncl_course.checking.result import ExerciseResult
from ncl_course.checking.run import Here, judge
from ncl_course.exercises import find
from ncl_course.nn import Layer
from tests.answers import KIT, RIGHT
from tests.answers.training_right import BatchNorm2d, Dropout, Flatten, Linear, MaxPool2d, ReLU


class Softmax(RIGHT["Softmax"][0]): ...  # type: ignore[misc]


OWN = (BatchNorm2d, Dropout, Flatten, Linear, MaxPool2d, ReLU, Softmax)
"""The layers of earlier lessons under their own names, as a notebook of lesson 06 holds them."""


def edited(source: str, *changes: str) -> str:
    """Return the source with each of the changes, given as old text, new text, old text, new text, ..."""
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        if old not in source:
            raise ValueError(f"{old!r} is not in the source")
        source = source.replace(old, new, 1)
    return source


def made(source: str) -> tuple[str, Any]:
    """Return the exercise's name and the object that the source defines."""
    name = re.findall(r"^(?:class|def) (\w+)", source, re.MULTILINE)[-1]
    namespace: dict[str, Any] = {**KIT, **{one.__name__: one for one in OWN}, "np": np, "math": math, "Layer": Layer}
    namespace["train_step"] = RIGHT["train_step"][0]
    exec(compile(source, f"<{name}>", "exec"), namespace)
    return name, namespace[name]


def judged(source: str, seed: int) -> ExerciseResult:
    """Judge what the source defines, on the cases of a seed."""
    name, target = made(source)
    return judge(find(name), Here(target, KIT), answers(name, seed))


@cache
def answers(name: str, seed: int) -> list[Answers]:
    """Return the right answers to all parts of an exercise on a seed."""
    return [Answers(find(name), part.name, seed) for part in find(name).parts]


def rows(room: str) -> tuple[tuple[str, ...], ...]:
    """Return the wrong answers of one room."""
    found: tuple[tuple[str, ...], ...] = importlib.import_module(f"tests.checking.naming.outside.{room}").WRONG
    return found


def sources(room: str) -> list[str]:
    """Return the right answers of one room."""
    module = importlib.import_module(f"tests.checking.naming.outside.{room}")
    return [value for name, value in vars(module).items() if name.isupper() and isinstance(value, str)]
