"""``check``, ``progress``, ``own_layers`` and ``course_map``, as a student calls them in a notebook."""

from __future__ import annotations

import difflib
import sys
from functools import cache
from pathlib import Path
from typing import Any

from ncl_course.errors import CheckFailed, UnknownExerciseError
from ncl_course.exercises import EXERCISES, Exercise, find
from ncl_course.language import text
from ncl_course.protocol.play import Kit

SEED = 0
"""Cases in a notebook derive from the exercise's name and this, so a check repeats."""

RESULT_MIME = "application/vnd.ncl-course.result+json"

_done: dict[tuple[str, str], Any] = {}
_taken: list[Any] = []


def check(target: Any, part: str | None = None) -> None:
    """Compare your class or function with torch, and show what is right and what is not.

    Args:
        target: the class or function that you wrote; the exercise is found by its name.
        part: one part alone, for example ``"forward"``; all of them where it is not given.

    Raises:
        CheckFailed: a part did not pass; the panel above says why.
        UnknownExerciseError: there is no such exercise or part.
    """
    from ncl_course.checking.run import Here, judge

    exercise = wanted(target, sys._getframe(1).f_globals)
    names = [chosen.name for chosen in exercise.parts] if part is None else [known_part(exercise, part)]
    result = judge(exercise, Here(target, kit(exercise)), [answers(exercise.name, name) for name in names])
    _done.update({(exercise.name, done.part): done for done in result.parts})
    show(result)
    if result.score < result.max_score:
        raise CheckFailed(failed_line(result, part))


def progress(lesson: str) -> None:
    """Show which exercises of a lesson this session has checked, and with what result."""
    from ncl_course.checking import render

    if all(exercise.lesson != lesson for exercise in EXERCISES):
        raise UnknownExerciseError(text("progress.empty", lesson=lesson))
    display({"text/plain": render.progress_plain(lesson, _done), "text/html": render.progress_html(lesson, _done)})


def course_map(folder: str | Path = ".") -> None:
    """Show the whole course: what is done and what is open, read from your saved notebooks without running them.

    Args:
        folder: where your notebooks are.
    """
    from ncl_course.checking import map_view
    from ncl_course.checking.course_map import standings

    lessons = standings(Path(folder))
    display({"text/plain": map_view.map_plain(lessons), "text/html": map_view.map_html(lessons)})


def own_layers(folder: str | Path = ".", *, quiet: bool = False) -> Any:
    """Take your own layers from the notebooks beside this one, and show which are there and which pass.

    Where one is missing or does not pass its check, torch stands in for it, so that you can go on.

    Args:
        folder: where your notebooks of lessons 01 to 05 are.
        quiet: show nothing.

    Returns:
        the layers by name: ``layers = own_layers()``, then ``layers.ReLU()``, ``layers.MaxPool2d(2)``, …
    """
    from ncl_course.checking import own, render

    taken = own.own_layers(Path(folder), every_answer)
    _taken[:] = [taken]
    if not quiet:
        display({"text/plain": render.own_plain(taken.taken), "text/html": render.own_html(taken.taken)})
    return taken


def kit(exercise: Exercise) -> Kit:
    """The pieces that an exercise's code is handed: the given ones, and the layers that ``own_layers`` took last."""
    if not exercise.pieces:
        return {}
    if not _taken:
        own_layers(quiet=True)
    pieces: Kit = _taken[0].kit
    return pieces


def every_answer(exercise: Exercise) -> list[Any]:
    """The right answers to all parts of an exercise."""
    return [answers(exercise.name, part.name) for part in exercise.parts]


@cache
def answers(exercise: str, part: str) -> Any:
    """The right answers for a notebook, computed when first needed: this is where torch is loaded."""
    from ncl_course.checking.answers import Answers

    found = find(exercise)
    assert found is not None, exercise
    return Answers(found, part, SEED)


def wanted(target: Any, around: dict[str, Any]) -> Exercise:
    """The exercise that ``target`` is an attempt at, by its own name or by the one that it is bound to.

    Args:
        target: a class or a function.
        around: the caller's names; a lambda has no other name than the one it stands under there.

    Raises:
        UnknownExerciseError: its name is no exercise's, or it is an object and not the class.
    """
    name = getattr(target, "__name__", None)
    bound = (exercise for exercise in EXERCISES if around.get(exercise.name) is target)
    exercise = (find(name) or next(bound, None)) if isinstance(name, str) else None
    if exercise is not None and callable(target):
        return exercise
    if find(type(target).__name__) is not None:
        raise UnknownExerciseError(text("check.instance", name=type(target).__name__))
    shown = name if isinstance(name, str) else repr(target)[:40]
    close = difflib.get_close_matches(shown, [e.name for e in EXERCISES], n=1)
    guess = text("check.did_you_mean", close=close[0]) if close else ""
    example = close[0] if close else EXERCISES[0].name
    raise UnknownExerciseError(text("check.unknown", name=shown, close=guess, example=example))


def known_part(exercise: Exercise, part: str) -> str:
    """The part's name, where the exercise has it.

    Raises:
        UnknownExerciseError: it does not.
    """
    names = [known.name for known in exercise.parts]
    if part not in names:
        parts = ", ".join(map(repr, names))
        raise UnknownExerciseError(text("check.unknown_part", name=exercise.name, part=repr(part), parts=parts))
    return part


def show(result: Any) -> None:
    """Show a result as a panel; the record rides along, so that other tools can read it from the notebook."""
    from ncl_course.checking import render

    display({"text/plain": render.plain(result), "text/html": render.html(result), RESULT_MIME: result.record()})


def display(bundle: dict[str, Any]) -> None:
    """Show a bundle in the notebook, or print its text where there is none."""
    try:
        from IPython import get_ipython
        from IPython.display import publish_display_data
    except ImportError:
        get_ipython = None
    if get_ipython is None or get_ipython() is None:
        print(bundle["text/plain"])
    else:
        publish_display_data(bundle)


def failed_line(result: Any, part: str | None) -> str:
    """The one line under the panel of a check that did not pass."""
    from ncl_course.checking.verdict import Verdict
    from ncl_course.checking.view import number

    name = result.exercise if part is None else f'{result.exercise}, "{part}"'
    if result.verdict is Verdict.MISSING:
        return text("check.missing_line", name=name)
    return text("check.failed_line", name=name, score=number(result.score), max_score=number(result.max_score))
