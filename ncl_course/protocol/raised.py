"""Describe an exception of a student's code in a few plain texts."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable
from typing import Any

from ncl_course.nn.sentences import words_of
from ncl_course.protocol.script import Raised
from ncl_course.protocol.stubs import STUB, unfinished
from ncl_course.protocol.words import shortened

TEMPORARY = re.compile(r"[\\/]ipykernel_\d+[\\/]")
"""The folder of IPython's temporary files; the package ipykernel itself has no number in its name."""

MAX_TEXT = 500
"""The number of characters that are kept of an exception's or a warning's text."""

explainers: list[Callable[[OSError], str]] = []
"""Functions that say why the system has refused something, or return an empty string; the sandbox adds its own."""


def describe(error: BaseException, target: Any = None) -> Raised:
    """Describe an exception: its type, its message, and the deepest line of the student's own code.

    ``target`` is the student's class or function, if one was called.
    """
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if is_students(frame.filename)]
    where = f"{frames[-1].lineno}: {frames[-1].line}" if frames else ""
    try:
        message = words_of(error)
        if isinstance(error, OSError) and type(error).__module__ == "builtins":
            message = ": ".join(filter(None, (message, *(why(error) for why in explainers))))
        message = shortened(message, MAX_TEXT)
    except Exception:  # the __str__ of a student's own exception may raise
        message = ""
    hint = unfinished(error, target, is_students) if type(error).__name__ == STUB else ""
    return Raised(type(error).__name__, message, where[:MAX_TEXT], hint[:MAX_TEXT])


def is_students(filename: str) -> bool:
    """Return whether a traceback's file is a cell: IPython's temporary file or the grader's ``<cell 3>``."""
    return filename.startswith(("<cell", "<ipython-input")) or TEMPORARY.search(filename) is not None
