"""The numbers of the lesson's questions, computed."""

from __future__ import annotations

NUMBERS = {}
