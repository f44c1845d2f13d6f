"""Which known misconceptions explain what failed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ncl_course.checking.answers import Answers
from ncl_course.checking.compare import Difference, first_difference
from ncl_course.checking.verdict import NAMED_BY_FAULT, Fault
from ncl_course.protocol.script import Layout, Numbers, Tensor, Trace


@dataclass(frozen=True)
class Evidence:
    """What speaks for one altered oracle, and what speaks against it.

    ``explained`` are the failing cases in which it answers what the student answered; ``contradicted`` counts the
    cases in which it is wrong in a way of its own, and the student is not wrong so.
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
    """The names of the misconceptions that explain the failing cases, the most telling first.

    The one that explains most failing cases is named; then, among the cases left over, the next: two mistakes at
    once get two names. Between equals the one is taken that other parts have shown already, then the one that
    less speaks against. What is contradicted more often than it explains is a coincidence, and is not named.

    Args:
        answers: the part's cases, with what each misconception answers.
        failing: the differences, by the case's number.
        traces: the student's answers to all cases.
        suspected: names that an earlier part of the exercise got.
    """
    evidence = [one for one in weigh(answers, failing, traces) if len(one.explained) > one.contradicted]
    left, names = set(failing), []
    while left:
        best = max(
            evidence,
            key=lambda one: (len(one.explained & left), one.name in suspected, -one.contradicted),
            default=None,
        )
        if best is None or not best.explained & left:
            break
        names.append(best.name)
        left -= best.explained
    return tuple(dict.fromkeys(names))


def weigh(answers: Answers, failing: Mapping[int, Difference], traces: Sequence[Trace]) -> list[Evidence]:
    """The evidence for each altered oracle that explains anything, in the exercise's order."""
    evidence = []
    for number, misconception in enumerate(answers.exercise.misconceptions):
        explained = frozenset(
            case
            for case, difference in failing.items()
            if at_first_sight(answers, number, case, difference, traces[case])
            and (
                difference.fault is Fault.RULE  # then first sight was all: what follows is unknown
                or explains(answers, number, case, traces[case], strictly=difference.fault in BESIDE_VALUES)
            )
        )
        if explained and not overflows_elsewhere(failing, explained):
            against = sum(contradicts(answers, number, case, failing) for case in set(range(len(traces))) - explained)
            evidence.append(Evidence(misconception.name, explained, against))
    for case, difference in failing.items():
        name = difference.remark.name if difference.remark else NAMED_BY_FAULT.get(difference.fault, "")
        if not name and wrote_into_an_argument(difference, failing):
            name = NAMED_BY_FAULT[Fault.INPUT_CHANGED]
        if name:
            evidence.append(Evidence(name, frozenset({case})))
    return evidence


def overflows_elsewhere(failing: Mapping[int, Difference], explained: frozenset[int]) -> bool:
    """Whether all that is explained is no number, and elsewhere such a thing is unexplained: NaN looks like any NaN."""
    none = {case for case, difference in failing.items() if not is_finite(difference.got)}
    return explained < none


def is_finite(value: Any) -> bool:
    """Whether a float or an array of floats holds numbers alone; all else counts as if it did."""
    return np.asarray(value).dtype.kind != "f" or bool(np.isfinite(value).all())


def wrote_into_an_argument(difference: Difference, failing: Mapping[int, Difference]) -> bool:
    """Whether NumPy refused to write because an argument is read-only: it never does where all may be written."""

    def refused(one: Difference) -> bool:
        raised = one.outcome.raised if one.outcome else None
        return raised is not None and raised.type_name == "ValueError" and "read-only" in raised.message

    return refused(difference) and all(has_read_only(one) for one in failing.values() if refused(one))


def has_read_only(difference: Difference) -> bool:
    """Whether an array of the case may not be written into."""
    arguments = (argument for step in difference.case.script for argument in step.arguments)
    return any(isinstance(one, Tensor) and one.layout in (Layout.READ_ONLY, Layout.BROADCAST) for one in arguments)


def contradicts(answers: Answers, misconception: int, case: int, failing: Mapping[int, Difference]) -> bool:
    """Whether a case that the misconception does not explain speaks against it: it would have shown there.

    Where the student's code raised, or the altered oracle does, nothing can be said.
    """
    if case in failing and failing[case].fault is Fault.RAISED:
        return False
    altered = answers.altered(misconception, case)
    return altered[-1].raised is None and answers.shows(misconception, case)


def at_first_sight(answers: Answers, misconception: int, case: int, difference: Difference, trace: Trace) -> bool:
    """Whether the altered oracle agrees with the student in the first wrong place: nearly all are ruled out here."""
    if difference.fault is Fault.RULE:
        return breaks_the_rule(answers, misconception, case, difference)
    altered = answers.altered_beside(misconception, case, trace)
    if altered[-1].raised is not None:
        return False
    wrong, got = (listed(value) for value in (altered[difference.step].value, difference.got))
    if np.shape(wrong) != np.shape(got):
        return False
    if difference.fault is not Fault.VALUES or not difference.index:
        return True
    # looser than any tolerance of the comparison that follows, so that it only rules out what that would
    scale = max(np.abs(wrong).max(), difference.case.script[difference.step].scale)
    return bool(abs(wrong[difference.index] - got[difference.index]) <= 1e-3 * scale)


def listed(value: Any) -> Any:
    """A list of numbers as the array of them, and all else as it is."""
    return value.values if isinstance(value, Numbers) else value


def explains(answers: Answers, misconception: int, case: int, trace: Trace, *, strictly: bool = False) -> bool:
    """Whether the student's answer to a case is what the misconception answers, in every judged value.

    What overflows must overflow in the same places. Warnings and overwritten results count where
    they are all that is wrong (``strictly``).
    """
    altered = answers.altered_beside(misconception, case, trace)
    if altered[-1].raised is not None:
        return False
    found = first_difference(answers.cases[case], settled(altered), settled(trace, strictly=strictly))
    return found is None or breaks_the_rule(answers, misconception, case, found)


def breaks_the_rule(answers: Answers, misconception: int, case: int, found: Difference) -> bool:
    """Whether the misconception, played by itself, breaks the same rule in the same way; what follows is unknown.

    A remark without a name of its own must say the same to be the same.
    """
    alone = answers.altered_difference(misconception, case)
    if alone is None or alone.remark is None or found.remark is None:
        return False
    if (alone.step, alone.remark.key, alone.remark.name) != (found.step, found.remark.key, found.remark.name):
        return False
    return bool(found.remark.name) or alone.remark.values == found.remark.values


NAN, INFINITE = 7.389056, 8.103084
"""Numbers that stand for what is none, so that NaN can equal NaN: between wrong answers, never for the right one.

No case has such a number: a whole one would now and then be the right answer in the place of a NaN.
"""


BESIDE_VALUES = (Fault.WARNED, Fault.RESULT_OVERWRITTEN)
"""What is looked at only where the value itself is right."""


def settled(trace: Trace, *, strictly: bool = True) -> Trace:
    """A trace that can be compared where numbers have overflowed; its values alone, unless ``strictly``."""
    values = (replace(outcome, value=finite(outcome.value)) for outcome in trace)
    return tuple(value if strictly else replace(value, warnings=(), overwritten=()) for value in values)


def finite(value: Any) -> Any:
    """A float or an array of floats with a number in each place."""
    if is_finite(value):
        return value
    return np.nan_to_num(value, nan=NAN, posinf=INFINITE, neginf=-INFINITE)
