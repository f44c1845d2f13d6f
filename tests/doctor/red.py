"""Check a red line, and give the answer of a working torch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ncl_course.doctor.finding import Finding

TORCH = {"version": "2.13.0", "cuda": "", "sum": 6.0, "torch_threads": 2, "blas_threads": 2, "processors": 2}

Answers = Callable[[dict[str, Any] | str], None]
"""Sets the answers of the scripts; a text is the reason why there is no answer."""


def red(found: Finding, said: str, fix: str) -> None:
    """Check that the finding is red and contains those two texts."""
    assert not found.ok
    assert said in found.said
    assert fix in found.fix
