"""``manual.csv``: points and comments that a person gives beside the grader's, read again at every run.

Its columns are ``student`` (a name or number as in results.json), ``lesson``, ``exercise`` (may be empty), ``points``
and ``comment``. The file is the instructor's: the grader never changes it. A spreadsheet may have saved it,
with semicolons, a decimal comma, a byte order mark, a first line ``sep=;``, or in cp1251.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ncl_course.exercises import EXERCISES, LESSONS
from ncl_course.files import write_atomically
from ncl_course.grading.entry import ByHand
from ncl_course.grading.errors import PolicyError
from ncl_course.grading.handed_in.names import composed
from ncl_course.grading.sheets.rows import TOO_MANY, table
from ncl_course.grading.sheets.words import number_in, plain_spaces
from ncl_course.language import text

NAME = "manual.csv"
HEAD = ("student", "lesson", "exercise", "points", "comment")


@dataclass(frozen=True)
class Manual:
    """Points that a person gave or took, for a whole lesson or one exercise of it, and why."""

    line: int
    student: str
    lesson: str
    exercise: str
    points: float
    comment: str

    @property
    def given(self) -> ByHand:
        """Return it in the form of an entry, which has the student and the lesson already."""
        return ByHand(self.exercise, self.points, self.comment)


def read_manual(folder: Path) -> tuple[Manual, ...]:
    """Read the lines of the folder's ``manual.csv``; without such a file there are none.

    Raises:
        PolicyError: if it cannot be read, or if lines cannot be understood; the message names all of them.
    """
    path = folder / NAME
    rows = table(path, ("student", "lesson", "points"), HEAD) if path.exists() else []
    found = [(number, row, complaint(row)) for number, row in rows if any(row.values())]
    wrong = [text("marks.manual.line", number=number, why=why) for number, _, why in found if why]
    if wrong:
        raise PolicyError("\n".join([text("marks.manual.wrong", path=path), *wrong]))
    return tuple(
        Manual(
            n,
            composed(plain_spaces(row["student"])),
            row["lesson"],
            row["exercise"],
            number_in(row["points"]) or 0.0,
            row["comment"],
        )
        for n, row, _ in found
    )


def complaint(row: dict[str, str]) -> str:
    """Say what is wrong with a line; empty if nothing is."""
    exercises = [exercise.name for exercise in EXERCISES if exercise.lesson == row["lesson"]]
    if row.get(TOO_MANY):
        return text("marks.manual.cells", found=row[TOO_MANY])
    if not row["student"]:
        return text("marks.manual.no_student")
    if row["lesson"] not in LESSONS:
        return text("marks.manual.lesson", found=row["lesson"], all=", ".join(LESSONS))
    if row["exercise"] and row["exercise"] not in exercises:
        return text("marks.manual.exercise", found=row["exercise"], lesson=row["lesson"], all=", ".join(exercises))
    if number_in(row["points"]) is None:
        return text("marks.manual.points", found=row["points"])
    return ""


def strangers(manual: Iterable[Manual], known: Iterable[tuple[frozenset[str], str]]) -> list[Manual]:
    """Return the lines whose student handed in nothing for that lesson, according to the results."""
    there = {(name, lesson) for names, lesson in known for name in names}
    return [line for line in manual if (line.student, line.lesson) not in there]


def namesakes(student: str, known: Iterable[str]) -> list[str]:
    """Return the numbers in parentheses of the students who share a name, if it is the name of several."""
    start = f"{student} ("
    return sorted({name[len(student) + 1 :] for name in known if name.startswith(start) and name.endswith(")")})


def offer(folder: Path) -> None:
    """Create an empty ``manual.csv`` if there is none."""
    if not (folder / NAME).exists():
        write_atomically(folder / NAME, ",".join(HEAD) + "\r\n")
