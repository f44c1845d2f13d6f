"""Why a notebook cannot be read."""

from __future__ import annotations

from ncl_course.errors import CourseError


class UnreadableNotebookError(CourseError):
    """A file is no notebook that can be read; the message says what is wrong with it and what to do."""
