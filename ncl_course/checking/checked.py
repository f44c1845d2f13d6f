"""The record of ``ncl-course check`` on one notebook, and the JSON of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ncl_course.checking.result import ExerciseResult
from ncl_course.checking.verdict import Verdict

SCHEMA = 1
"""The version of the JSON's format: keys may be added, but none of these will be removed or changed."""


@dataclass(frozen=True)
class Checked:
    """One notebook's results.

    Attributes:
        troubles: the errors in its cells.
        instead: the course map, for a notebook with nothing to check; or empty.
        problem: the reason why the notebook could not be checked, or empty.
    """

    path: Path
    lesson: str = ""
    results: tuple[ExerciseResult, ...] = ()
    troubles: tuple[str, ...] = ()
    instead: str = ""
    problem: str = ""

    @property
    def passed(self) -> bool:
        """Whether the notebook was checked and every exercise has all its points."""
        return not self.problem and all(result.verdict is Verdict.PASSED for result in self.results)

    @property
    def status(self) -> str:
        """The outcome in one word."""
        return "unreadable" if self.problem else "map" if self.instead else "checked"

    @property
    def score(self) -> float:
        """The sum of the exercises' scores, in points."""
        return sum(result.score for result in self.results)

    @property
    def max_score(self) -> float:
        """The sum of the exercises' points."""
        return sum(result.max_score for result in self.results)

    def record(self) -> dict[str, Any]:
        """Return the record as plain data; its exercises have the format of ``results.json``."""
        counts = self.status == "checked"
        return {
            "file": str(self.path),
            "lesson": self.lesson or None,
            "status": self.status,
            "score": self.score if counts else None,
            "max_score": self.max_score if counts else None,
            "message": self.problem,
            "troubles": list(self.troubles),
            "exercises": [result.record() for result in self.results],
        }


def whole(records: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the record of a run, which holds the records of its notebooks."""
    return {"schema": SCHEMA, "notebooks": list(records)}
