"""The student's progress: the standing of each part of each exercise in saved notebooks, read without running them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from ncl_course.checking.asking.answer import answers_in, questions_of
from ncl_course.checking.display import RESULT_MIME
from ncl_course.checking.verdict import Verdict
from ncl_course.exercises import EXERCISES, LESSONS, ROOMS
from ncl_course.submission.desk import notebooks_in
from ncl_course.submission.errors import UnreadableNotebookError
from ncl_course.submission.notebook import read_bytes, read_notebook
from ncl_course.submission.recorded import (
    STUB,
    PartName,
    RecordedCell,
    checking_cell,
    defining_cell,
    last_verdicts,
    recorded_cells,
)


class Standing(StrEnum):
    """The standing of a part in a saved notebook."""

    DONE = "done"
    FAILING = "failing"
    WRITTEN = "written"
    OPEN = "open"


@dataclass(frozen=True)
class PartStanding:
    """The standing of one part; ``cell`` is the id of the cell to continue in, or empty."""

    exercise: str
    part: str
    points: float
    standing: Standing
    cell: str = ""


@dataclass(frozen=True)
class LessonStanding:
    """The standing of one lesson.

    Attributes:
        notebook: the file's name, or empty if there is no readable notebook.
        trouble: the reason why the file cannot be read, or empty.
        asked: the number of the lesson's questions that are answered.
        right: the number of those answered right; an answer is locked, so each was right at once.
    """

    lesson: str
    parts: tuple[PartStanding, ...]
    notebook: str = ""
    trouble: str = ""
    asked: int = 0
    right: int = 0

    @property
    def questions(self) -> int:
        """The number of questions that the lesson asks."""
        return len(questions_of(ROOMS[self.lesson]))

    @property
    def done(self) -> int:
        """The number of parts that are done."""
        return sum(part.standing is Standing.DONE for part in self.parts)

    @property
    def score(self) -> float:
        """The points of the parts that are done."""
        return sum(part.points for part in self.parts if part.standing is Standing.DONE)

    @property
    def max_score(self) -> float:
        """The points of all parts."""
        return sum(part.points for part in self.parts)


def standings(folder: Path) -> tuple[LessonStanding, ...]:
    """Return the standing of every lesson, from the notebooks in a folder, in the order of the course."""
    there = notebooks_in(folder, LESSONS)
    return tuple(
        of_file(lesson, there[lesson].path)
        if lesson in there
        else LessonStanding(lesson, nothing_done(lesson), trouble=trouble(folder / f"{lesson}.ipynb"))
        for lesson in LESSONS
    )


def of_file(lesson: str, path: Path) -> LessonStanding:
    """Return the standing of a lesson, given the path of its notebook."""
    raw = read_bytes(path)
    answers = [one for one in answers_in(raw).values() if one.question.room == ROOMS[lesson]]
    standing = of_cells(lesson, recorded_cells(raw, RESULT_MIME), path.name)
    return replace(standing, asked=len(answers), right=sum(one.is_right for one in answers))


def trouble(path: Path) -> str:
    """Return the reason why a file cannot be read; empty if it does not exist or can be read."""
    try:
        if path.exists() or path.is_symlink():
            read_notebook(path)
    except UnreadableNotebookError as error:
        return str(error)
    return ""


def nothing_done(lesson: str) -> tuple[PartStanding, ...]:
    """Return every part of a lesson as open."""
    parts = ((exercise, part) for exercise in EXERCISES if exercise.lesson == lesson for part in exercise.parts)
    return tuple(PartStanding(exercise.name, part.name, part.points, Standing.OPEN) for exercise, part in parts)


def of_cells(lesson: str, cells: Sequence[RecordedCell], notebook: str) -> LessonStanding:
    """Return the standing of a lesson, given the cells of its notebook."""
    said = last_verdicts(cells)
    blank = nothing_done(lesson)
    places = {(one.exercise, one.part): defining_cell(cells, one.exercise, one.part) for one in blank}
    sharing = Counter(place for place in places.values() if place is not None)
    parts = []
    for one in blank:
        name = (one.exercise, one.part)
        place = places[name]
        alone = place is not None and sharing[place] == 1
        stub = place is None or STUB in cells[place].source
        standing = standing_of(said.get(name), stub=stub, alone=alone)
        parts.append(PartStanding(*name, one.points, standing, cell_id(cells, name, places)))
    return LessonStanding(lesson, tuple(parts), notebook)


def standing_of(verdict: str | None, *, stub: bool, alone: bool) -> Standing:
    """Return the standing of a part.

    Args:
        verdict: the latest verdict of its check, or None if the check was not run.
        stub: whether the part's cell still contains a stub.
        alone: whether that cell contains no other part, so that the stub belongs to this one.
    """
    if stub and alone:
        return Standing.OPEN  # whatever an earlier check said, the cell is blank again
    match verdict:
        case Verdict.PASSED:
            return Standing.DONE
        case None | Verdict.MISSING:
            return Standing.OPEN if stub else Standing.WRITTEN
    return Standing.FAILING


def cell_id(cells: Sequence[RecordedCell], name: PartName, places: Mapping[PartName, int | None]) -> str:
    """Return the id of the cell in which a part is written, else of the one that checks it, else ""."""
    place = places[name]
    place = checking_cell(cells, *name) if place is None else place
    return "" if place is None else cells[place].id


def next_part(lessons: Sequence[LessonStanding]) -> tuple[LessonStanding, PartStanding] | None:
    """Return the part to continue with: the first that is not done, or None if all are done."""
    return next(((lesson, p) for lesson in lessons for p in lesson.parts if p.standing is not Standing.DONE), None)
