"""The functions that a student calls in a notebook, from ``ask`` and ``check`` to ``course_map``."""

from __future__ import annotations

import sys
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

from ncl_course.checking.display import display, show
from ncl_course.checking.wanted import known_part, wanted
from ncl_course.errors import CheckFailed, StoppedError, UnknownExerciseError
from ncl_course.exercises import EXERCISES, Exercise
from ncl_course.language import text
from ncl_course.protocol.foreign import foreign
from ncl_course.protocol.play import Kit

_done: dict[tuple[str, str], Any] = {}
_taken: list[Any] = []
_told: set[tuple[str, str]] = set()


def check(target: Any, part: str | None = None) -> None:
    """Compare your class or function with torch, and show what is right and what is not.

    Args:
        target: the class or function that you wrote; the exercise is found by its name.
        part: the part to check, for example ``"forward"``; all parts by default.

    Raises:
        CheckFailed: if a part did not pass; the panel above says why.
        UnknownExerciseError: if there is no such exercise or part.
    """
    from ncl_course.checking.answers import notebook_answers, second_answers
    from ncl_course.checking.kernel.called import with_called
    from ncl_course.checking.kernel.history import beside_history
    from ncl_course.checking.kernel.quiet import quiet
    from ncl_course.checking.kernel.timed import Timed, limit_of, stopped
    from ncl_course.checking.run import judge

    around = sys._getframe(1).f_globals
    exercise = wanted(target, around)
    names = [chosen.name for chosen in exercise.parts] if part is None else [known_part(exercise, part)]
    try:
        with quiet():
            answers = [notebook_answers(exercise, name) for name in names]
            limit = limit_of(exercise)
            subject = Timed(
                target,
                limit,
                kit(exercise),
                late=lambda: say(text("checking.panel.time_is_over", seconds=f"{limit:g}")),
            )
            judged = judge(exercise, subject, answers, again=partial(second_answers, exercise))
        result = beside_history(with_called(judged, target, _done), target, around)
    except KeyboardInterrupt as interrupt:
        result = stopped(exercise, names, interrupt)
    _done.update({(exercise.name, done.part): done for done in result.parts})
    with quiet():
        show(result)
        tell_what_will_not_count(exercise.name, target)
    if result.score < result.max_score:
        raise CheckFailed(failed_line(result, part))


def ask(name: str, answer: str | float | None = None) -> None:
    """Ask a question: choose or type, lock the answer, and read why others answer otherwise. It is not graded.

    The saved notebook keeps the answer, and running the cell again shows it.

    Args:
        name: the question's name, for example ``"pooling.rows-left"``.
        answer: your answer, a number or the letter of a choice, where no form can be shown.

    Raises:
        UnknownExerciseError: if there is no such question, or ``answer`` is not an answer to it.
    """
    from ncl_course.checking.asking.ask import ask_question

    ask_question(name, answer)


def tell_what_will_not_count(name: str, target: Any) -> None:
    """Say once that an exercise calls packages that are not there when it is graded."""
    packages = ", ".join(foreign(target))
    if packages and (name, packages) not in _told:
        _told.add((name, packages))
        say(text("checking.check.will_not_count", name=name, packages=packages))


def say(sentence: str) -> None:
    """Show a sentence."""
    display({"text/plain": sentence, "text/html": f"<p>{escape(sentence)}</p>"})


def progress(lesson: str) -> None:
    """Show which exercises of a lesson this session has checked, and with what result.

    Args:
        lesson: the lesson's name, for example ``"01_pooling"``.

    Raises:
        UnknownExerciseError: if the lesson has no exercises.
    """
    from ncl_course.checking import render

    if all(exercise.lesson != lesson for exercise in EXERCISES):
        raise UnknownExerciseError(text("checking.progress.empty", lesson=lesson))
    display({"text/plain": render.progress_plain(lesson, _done), "text/html": render.progress_html(lesson, _done)})


def course_map(folder: str | Path = ".") -> None:
    """Show the whole course: what is done and what is open, read from your saved notebooks without running them.

    Args:
        folder: the folder with your notebooks; by default the one of this notebook. In Colab they can be on your Drive:
            ``course_map(folder="/content/drive/MyDrive/ncl_course")`` after ``drive.mount("/content/drive")``.
    """
    from ncl_course.checking import map_view
    from ncl_course.checking.course_map import standings
    from ncl_course.checking.searched import Searched

    place = Path(folder).expanduser().resolve()
    lessons = standings(place)
    missing = [one.lesson for one in lessons if not one.notebook and not one.trouble]
    hint = Searched("course_map", place, missing).hint()
    html = map_view.map_html(lessons, hint, beside=place == Path.cwd().resolve())
    display({"text/plain": map_view.map_plain(lessons, hint), "text/html": html})


def own_layers(folder: str | Path = ".", *, quiet: bool = False) -> Any:
    """Take your own layers from the notebooks beside this one, and show which are there and which pass.

    If a layer is missing or does not pass its check, torch replaces it, so that you can go on.

    Args:
        folder: the folder with your notebooks of lessons 01 to 05; by default the one of this notebook. In Colab they
            can be on your Drive: ``own_layers(folder="/content/drive/MyDrive/ncl_course")`` after
            ``drive.mount("/content/drive")``.
        quiet: whether to show nothing.

    Raises:
        StoppedError: if you interrupt it.

    Returns:
        The layers by name: ``layers = own_layers()``, then ``layers.ReLU()``, ``layers.MaxPool2d(2)``, …
    """
    from ncl_course.checking import own, render
    from ncl_course.checking.answers import every_answer

    try:
        taken = own.own_layers(Path(folder).expanduser(), every_answer)
    except KeyboardInterrupt:
        raise StoppedError(text("checking.check.own_layers_stopped")) from None
    _taken[:] = [taken]
    if not quiet:
        hint = taken.searched.hint()
        display({"text/plain": render.own_plain(taken.taken, hint), "text/html": render.own_html(taken.taken, hint)})
    return taken


def kit(exercise: Exercise) -> Kit:
    """Return the pieces for an exercise's code: the given ones, and the layers that ``own_layers`` took last."""
    if not exercise.pieces:
        return {}
    if not _taken:
        own_layers(quiet=True)
    return _taken[0].kit


def failed_line(result: Any, part: str | None) -> str:
    """Return the line under the panel of a check that did not pass."""
    from ncl_course.checking.grids import number
    from ncl_course.checking.verdict import Verdict

    name = result.exercise if part is None else f'{result.exercise}, "{part}"'
    if result.verdict is Verdict.MISSING:
        unfinished = any(done.state == "unfinished" for done in result.parts)
        return text("checking.check.unfinished_line" if unfinished else "checking.check.missing_line", name=name)
    return text("checking.check.failed_line", name=name, score=number(result.score), max_score=number(result.max_score))
