"""The frozen record of a check: the engine makes it once, and every renderer reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ncl_course.checking.compare import Difference
from ncl_course.checking.verdict import Verdict
from ncl_course.protocol.script import Remark


@dataclass(frozen=True)
class PartResult:
    """The verdict on one part, with the smallest failing case and the misconceptions that explain it.

    Attributes:
        note: a sentence about a part that has no failing case to show.
        found: what was measured, for misconceptions that a relation between two results shows.
        state: the key of the words that a panel shows in place of the verdict's own, or empty.
    """

    part: str
    verdict: Verdict
    max_score: float
    difference: Difference | None = None
    misconceptions: tuple[str, ...] = ()
    failing: int = 0
    cases: int = 0
    note: str = ""
    state: str = ""
    found: tuple[Remark, ...] = ()

    @property
    def score(self) -> float:
        """All points of the part if it passed, else 0."""
        return self.max_score if self.verdict is Verdict.PASSED else 0.0


@dataclass(frozen=True)
class ExerciseResult:
    """The verdicts on the checked parts of one exercise, in the exercise's order."""

    exercise: str
    lesson: str
    parts: tuple[PartResult, ...]

    @property
    def score(self) -> float:
        """The sum of the parts' scores."""
        return sum(part.score for part in self.parts)

    @property
    def max_score(self) -> float:
        """The sum of the parts' points."""
        return sum(part.max_score for part in self.parts)

    @property
    def verdict(self) -> Verdict:
        """Passed if all parts passed, partial if some did, else the verdict on the first part that did not."""
        wrong = [part.verdict for part in self.parts if part.verdict is not Verdict.PASSED]
        if not wrong:
            return Verdict.PASSED
        return Verdict.PARTIAL if len(wrong) < len(self.parts) else wrong[0]

    @property
    def misconceptions(self) -> tuple[str, ...]:
        """The id of every misconception, ``Exercise.kebab-name``, in the order of the parts."""
        names = [name for part in self.parts for name in part.misconceptions]
        return tuple(f"{self.exercise}.{name}" for name in dict.fromkeys(names))

    def record(self) -> dict[str, Any]:
        """Return the record as plain data, in the format of ``results.json``."""
        return {
            "exercise": self.exercise,
            "score": self.score,
            "max_score": self.max_score,
            "verdict": str(self.verdict),
            "misconceptions": list(self.misconceptions),
            "parts": [
                {"part": p.part, "score": p.score, "max_score": p.max_score, "verdict": str(p.verdict)}
                for p in self.parts
            ],
        }
