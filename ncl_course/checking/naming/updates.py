"""Find what is right in a wrong training or a wrong network: the parameters, the direction of a step, the layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ncl_course.checking.answers import Answers
from ncl_course.checking.compare import Difference, step_difference
from ncl_course.checking.naming.edit import Edit
from ncl_course.checking.naming.edits import rounded
from ncl_course.checking.naming.sight import Array, numbers_of
from ncl_course.checking.naming.suspects import as_array
from ncl_course.checking.verdict import Fault
from ncl_course.protocol.script import FUNCTION, Tensor, Trace

LOSSES, SCALED, SIZES = "only-the-losses-wrong", "step-scaled", "sizes-do-not-fit"
NAMES = (LOSSES, SCALED, SIZES)
CLOSE = 1e-6
"""The largest error of a scaled update, relative to its largest number."""
ENOUGH = 2
"""The number of cases that must show a fact, to exclude a coincidence."""


def of_update(answers: Answers, failing: Mapping[int, Difference], traces: Sequence[Trace]) -> Edit | None:
    """Return what all failing cases show of a training or a network, or None; an exception shows nothing."""
    cases = [number for number, one in failing.items() if one.fault is not Fault.RAISED]
    remarks = [failing[number].remark for number in cases]
    if cases and all(remark is not None and remark.key == "sizes" for remark in remarks):
        return Edit(SIZES, lambda _: None, "sizes")
    if all(is_returned(failing[n]) and is_trained_right(answers, n, traces[n]) for n in cases) and len(cases) >= ENOUGH:
        return Edit(LOSSES, lambda _: None, "update_right")
    single = [n for n in cases if steps_in(answers, n) == 1]
    factors = [found for n in single if (found := factor(answers, n, traces[n])) is not None]
    if len(factors) < max(ENOUGH, len(single)) or min(factors) < 0:
        return None
    least, most = rounded(min(factors)), rounded(max(factors))
    if least == most:
        return Edit(SCALED, lambda _: None, "step_times", {"factor": most})
    return Edit(SCALED, lambda _: None, "step_times_between", {"least": least, "most": most})


def steps_in(answers: Answers, number: int) -> int:
    """Return how many steps of training a case has: as many as it has losses."""
    outcomes = zip(answers.cases[number].script, answers.right[number], strict=True)
    return sum(int(np.size(as_array(outcome.value))) for step, outcome in outcomes if step.obj == FUNCTION)


def is_returned(difference: Difference) -> bool:
    """Return whether the numbers that the student's function has returned, or their count, are wrong."""
    step = difference.case.script[difference.step]
    return step.obj == FUNCTION and step.rule is None and difference.fault in (Fault.VALUES, Fault.SHAPE)


def is_trained_right(answers: Answers, number: int, trace: Trace) -> bool:
    """Return whether all parameters and statistics that a case reads after the training are right."""
    case, right = answers.cases[number], answers.right[number]
    read = [k for k, step in enumerate(case.script) if step.kind == "get" and step.obj == "model" and step.label]
    complete = len(trace) == len(case.script) and trace[-1].raised is None
    return (
        bool(read)
        and complete
        and all(step_difference(case, k, case.script[k], right[k].value, trace) is None for k in read)
    )


def factor(answers: Answers, number: int, trace: Trace) -> float | None:
    """Return the factor by which every parameter has moved further than it should, or None if there is none."""
    script, right = answers.cases[number].script, answers.right[number]
    before = {
        step.method: step.args[0].values for step in script if step.kind == "put" and isinstance(step.args[0], Tensor)
    }
    wanted: list[Array] = []
    made: list[Array] = []
    for k, step in enumerate(script):
        if step.kind == "get" and step.method in before and k < len(trace):
            values, got = numbers_of(right[k].value), numbers_of(trace[k].value)
            if values is None or got is None or got.shape != values.shape:
                return None
            wanted.append((values - before[step.method]).ravel())
            made.append((got - before[step.method]).ravel())
    if not wanted:
        return None
    one, other = np.concatenate(wanted), np.concatenate(made)
    length = float(one @ one)
    times = float(one @ other) / length if length else 0.0
    near = np.abs(other - times * one).max() <= CLOSE * max(float(np.abs(other).max()), float(np.abs(one).max()))
    return times if near and times and abs(times - 1) > CLOSE else None
