"""Fill a platform's sheet for a term: Moodle's one column with the total, and each column of Canvas with a lesson."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ncl_course.grading.errors import SheetError
from ncl_course.grading.reports.cohort import fixed, number
from ncl_course.grading.sheets.columns import Columns, canvas_assignment, columns_of, columns_of_lesson, listed
from ncl_course.grading.sheets.feedback import NAME
from ncl_course.grading.sheets.table import Sheet
from ncl_course.grading.term.gradebook import Row, Term
from ncl_course.language import text

WHOLE = 100.0


@dataclass(frozen=True)
class Total:
    """A student's term as a mark out of 100, for a sheet."""

    row: Row
    lessons: Sequence[str]
    max_score: float = WHOLE

    @property
    def student(self) -> str:
        """The student's name in the results."""
        return self.row.student

    @property
    def numbers(self) -> frozenset[str]:
        """The numbers that platforms gave to the student, and the roster's."""
        found = {number for entry in self.row.marks.values() for number in entry.numbers}
        return frozenset(found or filter(None, (self.row.id,)))

    @property
    def graded(self) -> bool:
        """Whether there is a total."""
        return self.row.total is not None

    @property
    def mark(self) -> float | None:
        """The percentage of the term."""
        return self.row.percent


def totals(term: Term) -> list[Total]:
    """Return the totals of all students who have handed in something."""
    return [Total(row, term.lessons) for row in term.rows if row.marks or row.total is None]


def summary(total: Total) -> list[str]:
    """Return the lines of the comment beside a total: each lesson, and what counts in the end."""
    said = []
    for lesson in total.lessons:
        entry = total.row.marks.get(lesson)
        if entry is None:
            said.append(text("marks.term.missing", lesson=lesson))
        else:
            said.append(
                text("marks.term.lesson", lesson=lesson, mark=number(entry.mark), max_score=number(entry.max_score))
            )
    percent = fixed(total.row.percent, 1)
    return [f"{NAME}: {text('marks.term.total', percent=percent)}", *said, f"— {NAME}"]


def demand_columns(sheet: Sheet, asked: dict[str, str], lessons: Sequence[str]) -> None:
    """Refuse a sheet of Canvas's in which no column, or more than one, belongs to a lesson that is handed in.

    Raises:
        SheetError: if there is none, or if it is not clear which one it is.
    """
    columns = columns_of(sheet, asked)
    if columns.platform == "canvas" and "grade" not in asked:
        lesson_columns(sheet, columns, lessons)


def lesson_columns(sheet: Sheet, columns: Columns, lessons: Sequence[str]) -> dict[str, int]:
    """Return the column of each lesson that has one; with one lesson, that may be the sheet's only column.

    Raises:
        SheetError: if no lesson has one, or if it is not clear which one it is.
    """
    if len(lessons) == 1:
        return {lessons[0]: canvas_assignment(sheet, lessons[0], columns.points)}
    found = {lesson: columns_of_lesson(sheet, lesson, columns.points) for lesson in lessons}
    unclear = [lesson for lesson, there in found.items() if len(there) > 1]
    if unclear or not any(found.values()):
        lesson = ", ".join(unclear or lessons)
        raise SheetError(text("marks.sheet.which", lesson=lesson, headers=listed(sheet.headers), path=sheet.path))
    return {lesson: there[0] for lesson, there in found.items() if there}
