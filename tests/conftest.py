"""Fixtures and options for all tests."""

from __future__ import annotations

import os
import shutil

import pytest

from ncl_course.language import language

NEEDS = {"bwrap": "bwrap", "browser": "chromium"}
"""The system program that a marked test needs."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip tests that this machine cannot run, and report it clearly.

    In CI nothing is skipped, so such a test fails.
    """
    for item in items:
        for marker, program in NEEDS.items():
            if item.get_closest_marker(marker) and shutil.which(program) is None and not os.environ.get("CI"):
                item.add_marker(
                    pytest.mark.skip(reason=f"{program.upper()} IS MISSING (`make test` says how to get it)")
                )


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    """Start every test in English, whatever language the previous test chose."""
    monkeypatch.delenv("NCL_LANG", raising=False)
    language("en")
