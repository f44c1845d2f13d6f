"""Fixtures and options for all tests."""

from __future__ import annotations

import os
import shutil
import signal

import pytest

from ncl_course.language import language

NEEDS = {"bwrap": "bwrap", "browser": "chromium"}
"""The system program that a marked test needs."""

LONG = (
    "tests/test_guides.py",
    "tests/grading/walls/test_user_sandbox_attacks.py",
    "tests/grading/test_submissions.py",
    "tests/grading/test_nothing_lost.py",
    "tests/grading/test_nbgrader.py",
    "tests/checking/test_verdicts.py",
    "tests/authoring/test_build.py",
    "tests/grading/test_fuzzed.py",
    "tests/grading/test_known_answers.py",
)
"""The files that take longest. They begin first, so that no process is left with one of them when the others end."""


def pytest_configure() -> None:
    """Hear Ctrl-C, as do the processes that tests start; a shell lets its background jobs ignore it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long files; skip tests that this machine cannot run, and report it clearly.

    In CI nothing is skipped, so such a test fails.
    """
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))
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
