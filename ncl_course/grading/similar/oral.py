"""Choose two questions for each student's short oral defence, from the student's own lines and misconceptions. Pure.

A question about a line needs its author and no memory: what does it do with another input? The lines are read as text;
nothing of a notebook is run. A question follows from a sign in the line, such as ``argmax``, and from its exercise.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ncl_course.checking.view import named
from ncl_course.exercises import EXERCISES
from ncl_course.grading.entry import Entry
from ncl_course.grading.term.excerpts import block
from ncl_course.language import text

ASKED = 2
LONGEST, MOST_CODE, IN_ALL = 160, 20_000, 200_000
"""Characters of a line that is quoted, of an exercise's code that is read, and of all cells of a student that are read.
The course's own solutions have 36,000 in all."""

SIGNS: Mapping[str, str] = {
    "argmax": r"\bargmax\(",
    "equal_max": r"==\s*\w*max|==.*\.max\(",
    "stride": r"\b(?:self\.)?(?:stride|step)\b\s*[*:)+-]|[*+]\s*(?:self\.)?(?:stride|step)\b",
    "accumulate": r"\+=|\bnp\.add\.at\(",
    "exp": r"\bnp\.exp\(",
    "where": r"\bnp\.(?:where|maximum)\(",
    "keepdims": r"keepdims\s*=\s*True",
    "axes": r"axis\s*=\s*\(|\.(?:mean|var|sum|std)\([-\d(]",
    "transpose": r"\.T\b|\btranspose\(",
    "mask": r"\bmask\b",
    "random": r"\brng\.\w+\(",
    "eps": r"\beps\b",
    "running": r"\brunning_\w+",
    "reshape": r"\breshape\(",
    "permutation": r"\bpermutation\(",
}
"""The kinds of lines that a question is known for, by the message's key; an earlier one wins in a line."""


@dataclass(frozen=True)
class Question:
    """A question, with the line that it is about; of a misconception there may be none."""

    exercise: str
    asked: str
    line: str = ""


@dataclass(frozen=True)
class Defence:
    """One student's questions."""

    student: str
    questions: tuple[Question, ...]


def defence(student: str, cells: Sequence[str], entries: Iterable[Entry] = ()) -> Defence:
    """Return a student's questions: one on a misconception if there is one, the others on different kinds of lines."""
    about = [Question(*one) for one in misconceptions(entries)]
    read = within(cells)
    lines = [question for exercise in EXERCISES for question in on_lines(exercise.name, read)]
    chosen = sorted(about, key=lambda one: order(student, one))[:1]
    for question in sorted(lines, key=lambda one: order(student, one)):
        if len(chosen) < ASKED and question.asked not in {one.asked for one in chosen}:
            chosen.append(question)
    return Defence(student, tuple(chosen))


def within(cells: Iterable[str], most: int = IN_ALL) -> list[str]:
    """Return the first cells that have so many characters together; each is cut to the code that is read."""
    kept, left = [], most
    for cell in cells:
        kept.append(cell[: min(MOST_CODE, left)])
        left -= len(kept[-1])
        if not left:
            break
    return kept


def misconceptions(entries: Iterable[Entry]) -> list[tuple[str, str]]:
    """Return the exercise and the question for each misconception of a student."""
    found = dict.fromkeys(name for entry in entries for one in entry.exercises for name in one.misconceptions)
    asked = []
    for identity in found:
        exercise, _, name = identity.partition(".")
        asked.append((exercise, text("grading.oral.misconception", title=named(exercise, name).title)))
    return asked


def on_lines(exercise: str, cells: Sequence[str]) -> list[Question]:
    """Return the questions that the lines of an exercise allow."""
    code = ""
    for cell in cells:
        code = block(cell, rf"(?:class|def) {re.escape(exercise)}\b") or code
    found = []
    for line in code.splitlines():
        plain = line.partition("#")[0].strip()
        kind = next((kind for kind, sign in SIGNS.items() if re.search(sign, plain[:LONGEST])), "")
        if kind and not plain.startswith(("def ", "class ", "import ", "from ")):
            found.append(Question(exercise, text(f"grading.oral.{kind}"), plain[:LONGEST]))
    return found


def order(student: str, question: Question) -> str:
    """Return a place in an order that differs from student to student and is the same in every run."""
    return hashlib.sha256(f"{student}\n{question}".encode("utf-8", "surrogatepass")).hexdigest()
