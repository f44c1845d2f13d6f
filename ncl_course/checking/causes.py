"""Add to a result the failed cells that it follows from, so that the message names the first failure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ncl_course.checking.result import ExerciseResult, PartResult
from ncl_course.checking.verdict import Verdict
from ncl_course.language import text
from ncl_course.submission.failures import Failure, behind, missing_name, sentence


def with_causes(result: ExerciseResult, failed: Sequence[Failure]) -> ExerciseResult:
    """Return the result; its parts that lack a definition name the cell that failed to make it."""
    return replace(result, parts=tuple(with_cause(result.exercise, part, failed) for part in result.parts))


def with_cause(exercise: str, part: PartResult, failed: Sequence[Failure]) -> PartResult:
    """Return one part's result with the failure that it follows from, if there is one."""
    if part.verdict is Verdict.MISSING:
        first = behind(failed, exercise)
        return part if first is None else replace(part, verdict=Verdict.ERROR, note=broken(exercise, first))
    outcome = part.difference.outcome if part.difference else None
    name = missing_name(outcome.raised) if outcome and outcome.raised else ""
    first = behind(failed, name) if name else None
    return part if first is None else replace(part, note=broken(name, first))


def broken(name: str, failure: Failure) -> str:
    """Say that a definition did not run, with its cell and the reason."""
    key = "broken" if name in failure.names else "broken_behind"
    return text(f"submission.failure.{key}", name=name, number=failure.cell, note=sentence(failure))
