"""Describe an exception of a student's code in a few plain texts."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable
from typing import Any

from ncl_course.nn.sentences import Sentence, said
from ncl_course.protocol.meant import meant
from ncl_course.protocol.script import Raised
from ncl_course.protocol.stubs import STUB, unfinished
from ncl_course.protocol.words import shortened

TEMPORARY = re.compile(r"[\\/]ipykernel_\d+[\\/]")
"""The folder of IPython's temporary files; the package ipykernel itself has no number in its name."""

MAX_TEXT = 500
"""The number of characters that are kept of an exception's or a warning's text."""

MOST_ARGUMENTS = 4
"""The number of an exception's arguments that are searched for a sentence."""

explainers: list[Callable[[OSError], str]] = []
"""Functions that say why the system has refused something, or return an empty string; the sandbox adds its own."""


def describe(error: BaseException, target: Any = None) -> Raised:
    """Describe an exception: its type, its message, and the deepest line of the student's own code.

    ``target`` is the student's class or function, if one was called.
    """
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if is_students(frame.filename)]
    where = f"{frames[-1].lineno}: {frames[-1].line}" if frames else ""
    try:
        message = shortened(sentence_in(error) or explained(error), MAX_TEXT)
    except Exception:  # the __str__ of a student's own exception may raise
        message = ""
    hint = unfinished(error, target, is_students) if type(error).__name__ == STUB else meant(error, target)
    return Raised(type(error).__name__, message, where[:MAX_TEXT], hint[:MAX_TEXT])


def sentence_in(error: BaseException) -> Sentence | None:
    """Return the sentence that an exception was raised with, or that of the exception which it passes on."""
    arguments = error.args[:MOST_ARGUMENTS]
    passed_on = [one.args[:MOST_ARGUMENTS] for one in arguments if isinstance(one, BaseException)]
    found = (one for part in (arguments, *passed_on) for one in part if isinstance(one, Sentence))
    return next(found, None)


def explained(error: BaseException) -> str:
    """Return the message of an exception; if the system has refused something, also why."""
    message = str(error)
    if not isinstance(error, OSError) or type(error).__module__ != "builtins":
        return message
    why = next(filter(None, (explain(error) for explain in explainers)), "")
    return said("refused.system", "{message}: {why}", message=message, why=why) if why else message


def is_students(filename: str) -> bool:
    """Return whether a traceback's file is a cell: IPython's temporary file or the grader's ``<cell 3>``."""
    return filename.startswith(("<cell", "<ipython-input")) or TEMPORARY.search(filename) is not None
