"""What can be said of an answer, and what can be wrong with it."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """The verdict on a part or an exercise; every one of them is about the student's code, never about ours."""

    PASSED = "passed"
    PARTIAL = "partial"
    FAILED = "failed"
    MISSING = "missing"
    ERROR = "error"
    TIMEOUT = "timeout"
    KILLED = "killed"


class Fault(StrEnum):
    """How an answer differs from the right one, in the order in which it is looked at."""

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
"""Faults that are misconceptions by themselves: what is seen names them, no altered oracle is needed."""
