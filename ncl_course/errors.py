"""The course's errors as one tree: catch ``CourseError`` to catch them all.

CourseError
├── CheckFailed              a check did not pass; the panel above has said why
├── StoppedError             the student has interrupted a call of the course
├── NoTorchError             this needs torch, which is not installed
├── UnknownExerciseError     check was given something that is not an exercise
├── LessonError              a lesson's source cannot be built
├── ReleaseError             the student's distribution cannot be written
├── lab.LabError             the course cannot be opened
├── desk.NoHomeError         the system knows no home folder of this user
├── hand_in.HandInError      there is nothing to hand in
├── selfcheck.NoLessonError  a notebook is not a lesson of the course
├── data.DataError           images are not available; the message says how to get them
├── submission.errors …      a notebook cannot be read
└── grading.errors …         a cohort cannot be graded as requested
"""

from __future__ import annotations


class CourseError(Exception):
    """The base of the course's own errors. The message says what was expected, what was received, and what to try."""


class PanelError(CourseError):
    """An error that is already explained on the screen: a notebook shows it as one line, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        # IPython calls this instead of formatting a traceback. It calls it twice, so it must have no side effects.
        return [str(self)]


class CheckFailed(PanelError):  # noqa: N818 - the name is part of the public contract
    """A check did not pass."""


class StoppedError(PanelError):
    """The student has interrupted a call of the course."""


class NoTorchError(PanelError, ImportError):
    """A right answer is computed by torch, and torch is not installed."""


class UnknownExerciseError(PanelError):
    """``check`` was given something that is not an exercise."""


class LessonError(CourseError):
    """A lesson's source cannot be built; the message names the lesson and the cell."""


class ReleaseError(CourseError):
    """The student's distribution cannot be written as requested; the message says what to change."""
