"""What can go wrong with data, in one sentence for the student."""

from __future__ import annotations

from ncl_course.errors import PanelError


class DataError(PanelError):
    """Images cannot be had; the message says why, and how to get them by hand."""
