"""The error for a notebook that cannot be read."""

from __future__ import annotations

from ncl_course.errors import CourseError


class UnreadableNotebookError(CourseError):
    """A file cannot be read as a notebook; the message says what is wrong with it and what to do."""
