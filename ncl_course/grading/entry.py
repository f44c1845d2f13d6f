"""An exercise's result as plain data, with all that reports and feedback will want to know of it.

Reports are made from these records alone, so that a resumed run can report on what an earlier one graded.
"""

from __future__ import annotations

import re
from typing import Any

from ncl_course.checking.result import ExerciseResult, PartResult
from ncl_course.checking.verdict import Verdict
from ncl_course.checking.view import named
from ncl_course.language import find, text

REFUSED = re.compile(r"([\w.]{1,40}) is not there while a notebook is graded")
"""How the sandbox's stand-ins refuse an import."""


def round_points(points: float) -> float:
    """Points without the noise of adding floats."""
    return round(points, 6)


def clean(words: str) -> str:
    """A text that UTF-8 can write; file names and students' texts may hold lone surrogates."""
    return words.encode("utf-8", "replace").decode("utf-8")


def exercise_record(result: ExerciseResult) -> dict[str, Any]:
    """The result in the shape of ``results.json``; each part also says why."""
    record = result.record()
    for plain, part in zip(record["parts"], result.parts, strict=True):
        plain.update(part_record(part))
    return record | {"message": clean(message(result))}


def part_record(part: PartResult) -> dict[str, Any]:
    """What explains a part that did not pass: no numbers of its cases."""
    more: dict[str, Any] = {"misconceptions": list(part.misconceptions), "failing": part.failing, "cases": part.cases}
    difference = part.difference
    if difference is not None:
        more |= {"case": difference.case.name, "fault": str(difference.fault)}
        raised = difference.outcome.raised if difference.outcome else None
        if raised is not None:
            more |= {"raised": clean(raised.type_name), "where": clean(raised.where)}
            more["raised_message"] = clean(raised.message)
    if part.note:
        more["note"] = clean(part.note)
    return more


def message(result: ExerciseResult) -> str:
    """One line on an exercise, for a table's cell."""
    if result.verdict is Verdict.PASSED:
        return text("grading.message.passed")
    notes = {part.note for part in result.parts}
    if len(notes) == 1 and "" not in notes:
        return notes.pop()
    wrong = [part for part in result.parts if part.verdict is not Verdict.PASSED]
    said = [(part_name(part.part), what(result.exercise, part)) for part in wrong]
    return " ".join(text("grading.message.part", part=name, what=words) for name, words in said)


def part_name(name: str) -> str:
    """A part's name in words."""
    return find(f"checking.part.{name}") or name


def what(exercise: str, part: PartResult) -> str:
    """What is wrong with one part, in a sentence."""
    if part.note:
        return part.note
    if part.verdict is Verdict.MISSING:
        return text("grading.message.missing")
    if part.misconceptions:
        titles = [named(exercise, name).title for name in part.misconceptions]
        return text("grading.message.looks_like", titles="; ".join(titles))
    raised = part.difference.outcome.raised if part.difference and part.difference.outcome else None
    if raised is not None:
        return raised_sentence(raised.type_name, raised.message)
    return text("grading.message.differs", failing=part.failing, cases=part.cases)


def raised_sentence(type_name: str, message: str) -> str:
    """What was raised; of its message no more than a refused import, for it may quote a case's numbers."""
    refused = REFUSED.match(message) if type_name == "ImportError" else None
    if refused:
        return text("grading.message.not_there", name=refused.group(1))
    return text("grading.message.raised", type_name=type_name)
