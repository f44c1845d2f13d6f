"""Make an exercise's entry from the engine's result, with the reasons in words."""

from __future__ import annotations

import re

from ncl_course.checking.result import ExerciseResult, PartResult
from ncl_course.checking.verdict import Verdict
from ncl_course.checking.view import named
from ncl_course.grading.entry import ExerciseEntry, PartEntry, clean
from ncl_course.language import find, text
from ncl_course.protocol.script import Raised

REFUSED = re.compile(r"([\w.]{1,40}) is not there while a notebook is graded")
"""The error with which the sandbox's stand-ins refuse an import."""


def exercise_entry(result: ExerciseResult) -> ExerciseEntry:
    """Return the entry of an exercise."""
    return ExerciseEntry(
        exercise=result.exercise,
        score=result.score,
        max_score=result.max_score,
        verdict=result.verdict,
        misconceptions=result.misconceptions,
        parts=tuple(map(part_entry, result.parts)),
        message=clean(message(result)),
    )


def part_entry(part: PartResult) -> PartEntry:
    """Return the entry of a part."""
    difference, raised = part.difference, raised_in(part)
    return PartEntry(
        part=part.part,
        score=part.score,
        max_score=part.max_score,
        verdict=part.verdict,
        misconceptions=part.misconceptions,
        failing=part.failing,
        cases=part.cases,
        case=difference.case.name if difference else None,
        fault=difference.fault if difference else None,
        raised=clean(raised.type_name) if raised else None,
        where=clean(raised.where) if raised else None,
        raised_message=clean(raised.message) if raised else None,
        note=clean(part.note),
    )


def raised_in(part: PartResult) -> Raised | None:
    """Return the exception in the smallest failing case, or None."""
    return part.difference.outcome.raised if part.difference and part.difference.outcome else None


def message(result: ExerciseResult) -> str:
    """Return one line about an exercise, for a table's cell."""
    if result.verdict is Verdict.PASSED:
        return text("grading.message.passed")
    notes = {part.note for part in result.parts}
    if len(notes) == 1 and "" not in notes:
        return notes.pop()
    wrong = [part for part in result.parts if part.verdict is not Verdict.PASSED]
    said = [(part_name(part.part), what(result.exercise, part)) for part in wrong]
    return " ".join(text("grading.message.part", part=name, what=words) for name, words in said)


def part_name(name: str) -> str:
    """Return a part's name in words."""
    return find(f"checking.part.{name}") or name


def what(exercise: str, part: PartResult) -> str:
    """Say in a sentence why one part did not pass."""
    if part.note:
        return part.note
    if part.verdict is Verdict.MISSING:
        return text("grading.message.missing")
    if part.misconceptions:
        titles = [named(exercise, name).title for name in part.misconceptions]
        return text("grading.message.looks_like", titles="; ".join(titles))
    raised = raised_in(part)
    if raised is not None:
        return raised_sentence(raised.type_name, raised.message)
    return text("grading.message.differs", failing=part.failing, cases=part.cases)


def raised_sentence(type_name: str, message: str) -> str:
    """Say what was raised. Quote the message only of a refused import: others may hold a case's numbers."""
    refused = REFUSED.match(message) if type_name == "ImportError" else None
    if refused:
        return text("grading.message.not_there", name=refused.group(1))
    return text("grading.message.raised", type_name=type_name)
