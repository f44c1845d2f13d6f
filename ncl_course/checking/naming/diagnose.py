"""Find the known misconceptions that explain a student's failing cases."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from ncl_course.checking.answers import Answers
from ncl_course.checking.compare import Difference, first_difference
from ncl_course.checking.verdict import NAMED_BY_FAULT, Fault
from ncl_course.protocol.script import Layout, Numbers, Tensor, Trace


@dataclass(frozen=True)
class Evidence:
    """The evidence for and against one altered oracle.

    ``explained`` holds the failing cases in which its answer equals the student's; ``contradicted`` counts the cases in
    which it is wrong but the student does not make the same mistake.
    """

    name: str
    explained: frozenset[int]
    contradicted: int = 0


def diagnose(
    answers: Answers,
    failing: Mapping[int, Difference],
    traces: Sequence[Trace],
    suspected: Collection[str] = (),
) -> tuple[str, ...]:
    """Return the names of the misconceptions that explain the failing cases, the strongest first.

    The misconception that explains most failing cases comes first, then the one that explains most of the remaining
    cases, and so on: two mistakes at once get two names. A tie goes to the misconception that an earlier part has
    shown, and then to the one with the fewest contradictions. A misconception that is contradicted in at least as many
    cases as it explains is a coincidence and is not named.

    Args:
        answers: the part's cases, with each misconception's answers.
        failing: the differences, by the case's number.
        traces: the student's answers to all cases, in their order.
        suspected: the names of misconceptions that earlier parts of the exercise have shown.
    """
    alone = remarked(failing)
    whole = weigh(answers, failing, traces, left=failing, wholly=True)
    left, names = set(failing), []
    while left:
        best = max(
            [*(whole or weigh(answers, failing, traces, left=left, wholly=False)), *alone],
            key=lambda one: (len(one.explained & left), one.name in suspected, -one.contradicted),
            default=None,
        )
        if best is None or not best.explained & left:
            break
        names.append(best.name)
        left -= best.explained
    return tuple(dict.fromkeys(names))


PROBES = 8
"""The number of unexplained cases of which an altered oracle must explain one before it is tried on all."""


def weigh(
    answers: Answers, failing: Mapping[int, Difference], traces: Sequence[Trace], *, left: Collection[int], wholly: bool
) -> list[Evidence]:
    """Return the evidence for each altered oracle that explains more cases than contradict it, in the exercise's order.

    One NaN looks like any other, so an oracle that explains only overflows counts only if nothing contradicts it. A few
    cases of all sizes are probed first: they rule out most oracles, and the other answers need not be computed.

    Args:
        answers: the part's cases, with each misconception's answers.
        failing: the differences, by the case's number.
        traces: the student's answers to all cases, in their order.
        left: the failing cases that have no explanation yet.
        wholly: look only for oracles that explain every failing case.
    """
    evidence = []
    smallest_first = sorted(left, key=lambda case: size(answers, case))
    probes = smallest_first[:: len(smallest_first) // PROBES + 1]
    for number, misconception in enumerate(answers.exercise.misconceptions):
        is_right_about = partial(is_explained, answers, number, failing, traces)
        if not (all if wholly else any)(map(is_right_about, smallest_first if wholly else probes)):
            continue
        explained = frozenset(failing) if wholly else frozenset(filter(is_right_about, failing))
        if not overflows_elsewhere(failing, explained):
            against = sum(contradicts(answers, number, case, failing) for case in set(range(len(traces))) - explained)
            doubtful = against and all(not is_finite(failing[case].got) for case in explained)
            if len(explained) > against and not doubtful:
                evidence.append(Evidence(misconception.name, explained, against))
    return evidence


def size(answers: Answers, case: int) -> int:
    """Return the number of all entries of a case's arrays."""
    arguments = (argument for step in answers.cases[case].script for argument in step.arguments)
    return sum(one.values.size for one in arguments if isinstance(one, Tensor))


def is_explained(
    answers: Answers, misconception: int, failing: Mapping[int, Difference], traces: Sequence[Trace], case: int
) -> bool:
    """Return whether a misconception explains a failing case; a first look at one place rules out most of them.

    A rule is compared at first sight, because the steps after it are unknown.
    """
    difference, trace = failing[case], traces[case]
    if not at_first_sight(answers, misconception, case, difference, trace):
        return False
    strictly = difference.fault in BESIDE_VALUES
    return difference.fault is Fault.RULE or explains(answers, misconception, case, trace, strictly=strictly)


def remarked(failing: Mapping[int, Difference]) -> list[Evidence]:
    """Return the evidence of the failing cases whose fault or remark says its name itself."""
    evidence = []
    for case, difference in failing.items():
        name = difference.remark.name if difference.remark else NAMED_BY_FAULT.get(difference.fault, "")
        if not name and wrote_into_an_argument(difference, failing):
            name = NAMED_BY_FAULT[Fault.INPUT_CHANGED]
        if name:
            evidence.append(Evidence(name, frozenset({case})))
    return evidence


def overflows_elsewhere(failing: Mapping[int, Difference], explained: frozenset[int]) -> bool:
    """Return whether only overflowing cases are explained, and not all of them: one NaN looks like any other NaN."""
    none = {case for case, difference in failing.items() if not is_finite(difference.got)}
    return explained < none


def is_finite(value: Any) -> bool:
    """Return whether a float or an array of floats has only finite entries; any other value counts as finite."""
    return np.asarray(value).dtype.kind != "f" or bool(np.isfinite(value).all())


def wrote_into_an_argument(difference: Difference, failing: Mapping[int, Difference]) -> bool:
    """Return whether the student's code wrote into a read-only argument.

    NumPy raises no such error if all are writable.
    """

    def refused(one: Difference) -> bool:
        raised = one.outcome.raised if one.outcome else None
        return raised is not None and raised.type_name == "ValueError" and "read-only" in raised.message

    return refused(difference) and all(has_read_only(one) for one in failing.values() if refused(one))


def has_read_only(difference: Difference) -> bool:
    """Return whether the case has an array that cannot be written into."""
    arguments = (argument for step in difference.case.script for argument in step.arguments)
    return any(isinstance(one, Tensor) and one.layout in (Layout.READ_ONLY, Layout.BROADCAST) for one in arguments)


def contradicts(answers: Answers, misconception: int, case: int, failing: Mapping[int, Difference]) -> bool:
    """Return whether an unexplained case speaks against the misconception, because its own answer is wrong there.

    If the student's code or the altered oracle raised an error, the case does not count.
    """
    if case in failing and failing[case].fault is Fault.RAISED:
        return False
    altered = answers.altered(misconception, case)
    return altered[-1].raised is None and answers.shows(misconception, case)


def at_first_sight(answers: Answers, misconception: int, case: int, difference: Difference, trace: Trace) -> bool:
    """Return whether the altered oracle agrees with the student in the first wrong place.

    This quickly rules out most oracles.
    """
    if difference.fault is Fault.RULE:
        return breaks_the_rule(answers, misconception, case, difference)
    altered = answers.altered_beside(misconception, case, trace)
    if altered[-1].raised is not None:
        return False
    wrong, got = (as_array(value) for value in (altered[difference.step].value, difference.got))
    if np.shape(wrong) != np.shape(got):
        return False
    if difference.fault is not Fault.VALUES or not difference.index:
        return True
    # this tolerance is looser than any in the full comparison, so it rules out only what that would rule out
    scale = max(np.abs(wrong).max(), difference.case.script[difference.step].scale)
    return bool(abs(wrong[difference.index] - got[difference.index]) <= 1e-3 * scale)


def as_array(value: Any) -> Any:
    """Return a list of numbers as an array, and any other value as it is."""
    return value.values if isinstance(value, Numbers) else value


def explains(answers: Answers, misconception: int, case: int, trace: Trace, *, strictly: bool = False) -> bool:
    """Return whether the student's answer to a case equals the misconception's in every judged value.

    Overflows must be in the same places. Warnings and overwritten results count only if nothing else is wrong
    (``strictly``).
    """
    altered = answers.altered_beside(misconception, case, trace)
    if altered[-1].raised is not None:
        return False
    found = first_difference(answers.cases[case], settled(altered), settled(trace, strictly=strictly))
    return found is None or breaks_the_rule(answers, misconception, case, found)


def breaks_the_rule(answers: Answers, misconception: int, case: int, found: Difference) -> bool:
    """Return whether the misconception, played by itself, breaks the same rule in the same way.

    Two remarks without a misconception's name are the same only if their values are equal.
    """
    alone = answers.altered_difference(misconception, case)
    if alone is None or alone.remark is None or found.remark is None:
        return False
    if (alone.step, alone.remark.key, alone.remark.name) != (found.step, found.remark.key, found.remark.name):
        return False
    return bool(found.remark.name) or alone.remark.values == found.remark.values


NAN, INFINITE = 7.389056, 8.103084
"""Numbers that replace NaN and infinity, so that NaN can equal NaN when two wrong answers are compared.

No case contains such a number. A whole number would sometimes be the right answer in place of a NaN.
"""


BESIDE_VALUES = (Fault.WARNED, Fault.RESULT_OVERWRITTEN)
"""Faults that are looked for only if the value itself is right."""


def settled(trace: Trace, *, strictly: bool = True) -> Trace:
    """Replace overflows in a trace by numbers, to make it comparable; keep only its values unless ``strictly``."""
    values = (replace(outcome, value=finite(outcome.value)) for outcome in trace)
    return tuple(value if strictly else replace(value, warnings=(), overwritten=()) for value in values)


def finite(value: Any) -> Any:
    """Return a float or an array of floats with a finite number in each place."""
    if is_finite(value):
        return value
    return np.nan_to_num(value, nan=NAN, posinf=INFINITE, neginf=-INFINITE)
