"""Find the lessons that an instructor asks for, and keep only their submissions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from ncl_course.exercises import LESSONS
from ncl_course.grading.errors import GradingError
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.language import text
from ncl_course.submission.lesson import lesson_in_name


def lesson_named(word: str) -> str:
    """Return the lesson with a number, a name or both: ``01``, ``pooling``, ``01_pooling``.

    Raises:
        GradingError: if there is none.
    """
    for lesson in LESSONS:
        if word in {lesson, *lesson.split("_", 1)}:
            return lesson
    raise GradingError(text("release.gradescope.no_lesson", word=word, names=", ".join(LESSONS)))


def of_lessons(submissions: Sequence[Submission], lessons: Collection[str]) -> list[Submission]:
    """Return the submissions of these lessons, and all whose lesson is unknown; if no lesson is asked for, all."""
    return [one for one in submissions if not lessons or (known := known_lesson(one)) in lessons or not known]


def known_lesson(submission: Submission) -> str:
    """Return the lesson of a submission, by its name alone if it cannot be read; or an empty string."""
    reading = submission.reading
    return lesson_in_name(Path(submission.file).stem) if reading.why else reading.lesson
