"""What all tests share."""

from __future__ import annotations

import pytest

from ncl_course.language import language


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    """Tests start in English, whatever the last one chose."""
    monkeypatch.delenv("NCL_LANG", raising=False)
    language("en")
