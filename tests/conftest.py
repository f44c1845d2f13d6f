"""What all tests share."""

from __future__ import annotations

import os
import shutil

import pytest

from ncl_course.language import language

NEEDS = {"bwrap": "bwrap", "browser": "chromium"}
"""Which system program a marked test runs."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this machine cannot run, and say so loudly; in CI nothing is skipped, so it fails there."""
    for item in items:
        for marker, program in NEEDS.items():
            if item.get_closest_marker(marker) and shutil.which(program) is None and not os.environ.get("CI"):
                item.add_marker(
                    pytest.mark.skip(reason=f"{program.upper()} IS MISSING (`make test` says how to get it)")
                )


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    """Tests start in English, whatever the last one chose."""
    monkeypatch.delenv("NCL_LANG", raising=False)
    language("en")
