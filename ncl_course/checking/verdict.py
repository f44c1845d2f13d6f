"""The possible verdicts on an answer, and the faults that it can have."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """The verdict on a part or an exercise; each one is about the student's code, never about ours."""

    PASSED = "passed"
    PARTIAL = "partial"
    FAILED = "failed"
    MISSING = "missing"
    ERROR = "error"
    TIMEOUT = "timeout"
    KILLED = "killed"


class Fault(StrEnum):
    """The kind of an answer's difference from the right one, in the order in which the kinds are looked for."""

    RAISED = "raised"
    TYPE = "type"
    DTYPE = "dtype"
    SHAPE = "shape"
    FINITE = "finite"
    VALUES = "values"
    RULE = "rule"
    WARNED = "warned"
    INPUT_CHANGED = "input-changed"
    RESULT_OVERWRITTEN = "result-overwritten"


NAMED_BY_FAULT = {
    Fault.INPUT_CHANGED: "input-changed",
    Fault.RESULT_OVERWRITTEN: "result-overwritten",
    Fault.DTYPE: "dtype-drift",
    Fault.WARNED: "warning",
}
"""Faults that are misconceptions by themselves: they are recognised without an altered oracle."""
