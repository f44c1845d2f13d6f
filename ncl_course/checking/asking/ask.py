"""Ask a question in a notebook; its answer rides in the cell's output, where the saved file keeps it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ncl_course.checking.asking import view
from ncl_course.checking.asking.answer import Answer, read, saved_answers
from ncl_course.checking.display import ANSWER_MIME, display
from ncl_course.errors import UnknownExerciseError
from ncl_course.exercises import Question, question
from ncl_course.language import text
from ncl_course.still import Still, in_notebook

_given: dict[str, Answer] = {}
_read: list[bool] = []


def ask_question(name: str, given: str | float | None = None) -> None:
    """Show a question, or its answer if there is one already.

    Args:
        name: the question's name.
        given: the answer, for readers who write it here instead of into the form.

    Raises:
        UnknownExerciseError: if there is no such question, or ``given`` is not an answer to it.
    """
    asked = question(name)
    if asked is None:
        raise UnknownExerciseError(text("checking.ask.unknown", name=name))
    answer = earlier(asked)
    if given is not None and answer is None:
        answer = read(asked, given)
        if answer is None:
            raise UnknownExerciseError(text("checking.ask.not_an_answer", given=given))
        _given[name] = answer
    if answer is not None or not in_notebook():
        display(bundle(asked, answer))
    else:
        show_form(asked)


def earlier(asked: Question) -> Answer | None:
    """Return the answer that was given before, in this session or in the saved notebook."""
    if not _read:
        _read.append(True)  # once, before Jupyter saves a notebook whose outputs it has cleared
        _given.update(saved_answers(Path()))
    return _given.get(asked.name)


def show_form(asked: Question) -> None:
    """Show the form; when the reader locks the answer, the result takes the form's place in the cell's output."""

    def locked(answer: Answer) -> None:
        _given[asked.name] = answer
        still.end(bundle(asked, answer))

    try:
        from ncl_course.checking.asking.form import Form

        still = Still(Form(asked, locked).box)
    except ImportError:  # ipywidgets is not installed: the question is text
        display(bundle(asked, None))
    else:
        still.show(bundle(asked, None))


def bundle(asked: Question, answer: Answer | None) -> dict[str, Any]:
    """Return what a notebook shows and keeps of a question."""
    shown = {"text/plain": view.plain(asked, answer), "text/html": view.html(asked, answer)}
    return shown if answer is None else {**shown, ANSWER_MIME: answer.record()}
