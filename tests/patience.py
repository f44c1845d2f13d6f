"""Waiting in tests: however busy the machine is, only a fault reaches the limit."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 600.0
"""Seconds after which a test stops waiting; pytest ends a test that takes 1800 (``timeout`` in pyproject.toml)."""


def until(holds: Callable[[], T], what: str) -> T:
    """Wait until a condition holds, and return what it returns.

    Raises:
        AssertionError: it did not come to hold.
    """
    end = time.monotonic() + PATIENCE
    while not (found := holds()):
        assert time.monotonic() < end, f"{what}: this did not happen within {PATIENCE:g} s"
        time.sleep(0.02)
    return found
