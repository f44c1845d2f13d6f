"""Errors in grading that are not a student's fault."""

from __future__ import annotations

from ncl_course.errors import CourseError


class GradingError(CourseError):
    """A cohort cannot be graded as asked; the message says what to change."""


class SandboxError(GradingError):
    """The sandbox did not start, or broke before any code of a student ran in it."""


class GradebookError(GradingError):
    """``results.json`` cannot be read or written."""


class SheetError(GradingError):
    """The sheet of a learning platform cannot be filled in as asked."""


class PolicyError(GradingError):
    """A policy file, or what it refers to, cannot be read; the message names each line and what was expected."""
