"""Find the exercise that a student means, by the name of the checked object; suggest one if the name is unknown."""

from __future__ import annotations

import difflib
from typing import Any

from ncl_course.errors import UnknownExerciseError
from ncl_course.exercises import EXERCISES, Exercise, find
from ncl_course.language import text
from ncl_course.protocol.foreign import package

LIBRARIES = ("torch", "tensorflow", "keras", "jax", "flax", "scipy", "sklearn")
"""Packages that have classes or functions with the names of exercises."""


def wanted(target: Any, around: dict[str, Any]) -> Exercise:
    """Return the exercise that ``target`` is an attempt at, by its own name or by the name that it is bound to.

    Args:
        target: a class or a function.
        around: the caller's variables, since a lambda has only the name of the variable that it is bound to.

    Raises:
        UnknownExerciseError: if no exercise has its name, if it is an object and not a class, or if a library made it.
    """
    name = getattr(target, "__name__", None)
    bound = (exercise for exercise in EXERCISES if around.get(exercise.name) is target)
    exercise = (find(name) or next(bound, None)) if isinstance(name, str) else None
    owner = package(getattr(target, "__module__", None))
    if exercise is not None and owner in LIBRARIES:
        raise UnknownExerciseError(text("checking.check.not_yours", name=exercise.name, package=owner))
    if exercise is not None and callable(target):
        return exercise
    if find(type(target).__name__) is not None:
        raise UnknownExerciseError(text("checking.check.instance", name=type(target).__name__))
    shown = name if isinstance(name, str) else repr(target)[:40]
    close = difflib.get_close_matches(shown, [e.name for e in EXERCISES], n=1)
    guess = text("checking.check.did_you_mean", close=close[0]) if close else ""
    example = close[0] if close else EXERCISES[0].name
    raise UnknownExerciseError(text("checking.check.unknown", name=shown, close=guess, example=example))


def known_part(exercise: Exercise, part: str) -> str:
    """Return the part's name if the exercise has that part.

    Raises:
        UnknownExerciseError: if the exercise does not have it.
    """
    names = [known.name for known in exercise.parts]
    if part not in names:
        parts = ", ".join(map(repr, names))
        raise UnknownExerciseError(
            text("checking.check.unknown_part", name=exercise.name, part=repr(part), parts=parts)
        )
    return part
