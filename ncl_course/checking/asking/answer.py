"""An answer to a question: read from what a reader typed or chose, and kept in the saved notebook."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from ncl_course.checking.display import ANSWER_MIME
from ncl_course.exercises import LESSONS, QUESTIONS, Question, question
from ncl_course.exercises.asked import RIGHT
from ncl_course.submission.desk import notebooks_in
from ncl_course.submission.errors import UnreadableNotebookError
from ncl_course.submission.notebook import read_bytes
from ncl_course.submission.recorded import recorded_answers

LETTERS = {"en": "abcdefgh", "ru": "абвгдежз"}
"""The letters of the choices in each language; an answer may be written with either."""
LONGEST = 40
"""The largest number of characters that are read as a number."""


@dataclass(frozen=True)
class Answer:
    """An answer that was given.

    Attributes:
        question: the question.
        given: the name of the choice, or the number that was typed.
    """

    question: Question
    given: str | float

    @property
    def choice(self) -> str:
        """The name of the choice; empty for a number that belongs to none."""
        return self.given if isinstance(self.given, str) else self.question.named(self.given)

    @property
    def is_right(self) -> bool:
        """Whether the answer is right."""
        return self.choice == RIGHT

    def record(self) -> dict[str, Any]:
        """Return the answer as it is kept in the cell's output."""
        return {"schema": 1, "question": self.question.name, "given": self.given, "right": self.is_right}


def read(asked: Question, words: str | float) -> Answer | None:
    """Return the answer that a reader has written: a number, or the letter of a choice; None if it is neither.

    Example:
        >>> read(Question("a.b", {"right": 3.75}, typed=True), "3,75").is_right
        True
    """
    if not asked.typed:
        letter = str(words).strip().rstrip(").").lower() or " "
        place = max(letters.find(letter) for letters in LETTERS.values())
        return Answer(asked, asked.order[place]) if 0 <= place < len(asked.order) else None
    value = number_in(str(words))
    return None if value is None else Answer(asked, value)


def number_in(words: str) -> float | None:
    """Return the number in a text, with a decimal comma or point, or as a fraction; None if there is no number."""
    plain = words.strip().replace(",", ".").replace("\N{MINUS SIGN}", "-").replace(" ", "")
    try:
        value = float(Fraction(plain)) if len(plain) <= LONGEST and "e" not in plain.lower() else math.nan
    except (ValueError, ArithmeticError):
        return None
    return value if math.isfinite(value) else None


def known(recorded: Mapping[str, str | float]) -> dict[str, Answer]:
    """Return the recorded answers that the questions of the course allow."""
    found = {}
    for name, given in recorded.items():
        asked = question(name)
        if asked is None or (given not in asked.choices if isinstance(given, str) else not asked.typed):
            continue
        if isinstance(given, str) or math.isfinite(given):
            found[name] = Answer(asked, given)
    return found


def answers_in(raw: bytes) -> dict[str, Answer]:
    """Return the answers in a notebook, by the question's name, given its file's bytes.

    Raises:
        UnreadableNotebookError: if they are not a notebook.
    """
    return known(recorded_answers(raw, ANSWER_MIME))


def saved_answers(folder: Path) -> dict[str, Answer]:
    """Return the answers in the notebook that is running, or else in all notebooks of a folder."""
    running = Path(os.environ.get("JPY_SESSION_NAME", ""))  # set by Jupyter's server: the notebook's path
    paths = [running] if running.is_file() else [desk.path for desk in notebooks_in(folder, LESSONS).values()]
    found: dict[str, Answer] = {}
    for path in paths:
        try:
            found |= answers_in(read_bytes(path))
        except (UnreadableNotebookError, OSError):
            continue
    return found


def questions_of(room: str) -> tuple[Question, ...]:
    """Return the questions that a room's lesson asks."""
    return tuple(one for one in QUESTIONS if one.room == room)
