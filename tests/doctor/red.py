"""What a red line must say, and what a well torch answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ncl_course.doctor.finding import Finding

TORCH = {"version": "2.13.0", "cuda": "", "sum": 6.0, "torch_threads": 2, "blas_threads": 2, "processors": 2}

Answers = Callable[[dict[str, Any] | str], None]
"""Sets what the scripts are to answer; a text is why they do not."""


def red(found: Finding, said: str, fix: str) -> None:
    """The finding is red and says those two things."""
    assert not found.ok
    assert said in found.said
    assert fix in found.fix
