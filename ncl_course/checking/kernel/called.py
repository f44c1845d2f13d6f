"""Say which other exercise the student's code calls and has not passed: its mistake may be the only one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import CodeType
from typing import Any

from ncl_course.checking.result import ExerciseResult, PartResult
from ncl_course.checking.verdict import Verdict
from ncl_course.exercises import EXERCISES, Exercise
from ncl_course.language import text

WRONG = (Verdict.FAILED, Verdict.ERROR)


def with_called(result: ExerciseResult, target: Any, done: Mapping[tuple[str, str], PartResult]) -> ExerciseResult:
    """Return a result whose first wrong part says which called exercise does not pass its own check.

    Args:
        result: the result of the student's class or function.
        target: that class or function.
        done: the latest result of each part that was checked, by the names of the exercise and of the part.
    """
    wrong = next((part for part in result.parts if part.verdict in WRONG and part.state != "undecided"), None)
    if wrong is None or wrong.note:
        return result
    named = {name for code in codes(target) for name in (*code.co_names, *code.co_freevars)}
    for other in EXERCISES:
        called = other.name in named and (other.lesson, other.name) != (result.lesson, result.exercise)
        if called and other.lesson == result.lesson and is_wrong(other, done):
            noted = replace(wrong, note=text("checking.panel.called", name=other.name))
            return replace(result, parts=tuple(noted if part is wrong else part for part in result.parts))
    return result


def is_wrong(exercise: Exercise, done: Mapping[tuple[str, str], PartResult]) -> bool:
    """Return whether the first part of an exercise was checked and is wrong: what others call is its forward pass."""
    first = done.get((exercise.name, exercise.parts[0].name))
    return first is not None and first.verdict in WRONG


def codes(target: Any) -> Iterator[CodeType]:
    """Yield the code of a function, or of each method that a class and its bases have; and the code within it."""
    owners = target.__mro__ if isinstance(target, type) else ()
    functions = [target, *(value for owner in owners for value in vars(owner).values())]
    left = [code for one in functions if isinstance(code := getattr(one, "__code__", None), CodeType)]
    while left:
        code = left.pop()
        yield code
        left += [inner for inner in code.co_consts if isinstance(inner, CodeType)]
