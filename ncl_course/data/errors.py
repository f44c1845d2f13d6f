"""The error for data that is not available, explained in one sentence for the student."""

from __future__ import annotations

from ncl_course.errors import PanelError


class DataError(PanelError):
    """Images are not available; the message says why, and how to get them by hand."""
