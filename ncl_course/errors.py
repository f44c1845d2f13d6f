"""What can go wrong, as one tree: catch ``CourseError`` to catch all of it.

CourseError
├── CheckFailed              a check did not pass; the panel above has said why
├── UnknownExerciseError     check was given something that is no exercise
├── LessonError              a lesson's source cannot be built
├── ReleaseError             the student's distribution cannot be written
├── lab.LabError             the course cannot be opened
├── selfcheck.NoLessonError  a notebook is no lesson of the course
├── data.DataError           images cannot be had; the message says how to get them
├── submission.errors …      a notebook cannot be read
└── grading.errors …         a cohort cannot be graded as asked
"""

from __future__ import annotations


class CourseError(Exception):
    """The course's own errors; their message says what was expected, what came, and what to try."""


class PanelError(CourseError):
    """An error whose explanation is on the screen already: in a notebook it is one line, not a traceback."""

    def _render_traceback_(self) -> list[str]:
        # IPython asks this in place of formatting a traceback. It asks twice, so nothing may happen here.
        return [str(self)]


class CheckFailed(PanelError):  # noqa: N818 - the name is part of the public contract
    """A check did not pass."""


class UnknownExerciseError(PanelError):
    """``check`` was given something that is no exercise."""


class LessonError(CourseError):
    """A lesson's source cannot be built; the message names the lesson and the cell."""


class ReleaseError(CourseError):
    """The student's distribution cannot be written as asked; the message says what to change."""
