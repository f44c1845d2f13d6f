"""Which known misconceptions explain what failed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ncl_course.checking.answers import Answers
from ncl_course.checking.compare import Difference, first_difference
from ncl_course.checking.verdict import NAMED_BY_FAULT, Fault
from ncl_course.protocol.script import Trace


@dataclass
class Evidence:
    """What speaks for one misconception: the failing cases that it explains, and in how many it agrees at all."""

    explained: set[int] = field(default_factory=set)
    agreeing: int = 0


def diagnose(
    answers: Answers,
    failing: Mapping[int, Difference],
    traces: Sequence[Trace],
    suspected: Collection[str] = (),
) -> tuple[str, ...]:
    """The names of the misconceptions that explain the failing cases, the most telling first.

    A misconception explains a case where the student's answer equals its altered oracle's. The one that
    explains most failing cases is named; then, among the cases left over, the next: two mistakes at once get
    two names. Between equals the one is taken that other parts have shown already, then the one that agrees
    with the student where the student is right, too.

    Args:
        answers: the part's cases, with what each misconception answers.
        failing: the differences, by the case's number.
        traces: the student's answers to all cases.
        suspected: names that an earlier part of the exercise got.
    """
    evidence = weigh(answers, failing, traces)
    left, names = set(failing), []
    while left:
        best = max(
            evidence,
            key=lambda name: (
                len(evidence[name].explained & left),
                name in suspected,
                evidence[name].agreeing,
            ),
            default=None,
        )
        if best is None or not evidence[best].explained & left:
            break
        names.append(best)
        left -= evidence[best].explained
    return tuple(names)


def weigh(answers: Answers, failing: Mapping[int, Difference], traces: Sequence[Trace]) -> dict[str, Evidence]:
    """The evidence for each misconception's name, in the exercise's order."""
    evidence: dict[str, Evidence] = {}
    passing = [case for case in range(len(traces)) if case not in failing]
    for number, misconception in enumerate(answers.exercise.misconceptions):
        found = evidence.setdefault(misconception.name, Evidence())
        explained = {
            case
            for case, difference in failing.items()
            if at_first_sight(answers.altered(number, case), difference)
            and explains(answers, number, case, traces[case])
        }
        if explained:  # only then it matters whether it agrees elsewhere, too
            agreeing = sum(explains(answers, number, case, traces[case]) for case in passing)
            found.agreeing = max(found.agreeing, len(explained) + agreeing)
            found.explained |= explained
    for case, difference in failing.items():
        if difference.fault in NAMED_BY_FAULT:
            evidence.setdefault(NAMED_BY_FAULT[difference.fault], Evidence()).explained.add(case)
    return evidence


def at_first_sight(altered: Trace, difference: Difference) -> bool:
    """Whether the altered oracle agrees with the student in the first wrong place: nearly all are ruled out here."""
    if altered[-1].raised is not None:
        return False
    wrong, got = altered[difference.step].value, difference.got
    if np.shape(wrong) != np.shape(got):
        return False
    if difference.fault is not Fault.VALUES or not difference.index:
        return True
    # looser than any tolerance of the comparison that follows, so that it only rules out what that would
    return bool(abs(wrong[difference.index] - got[difference.index]) <= 1e-3 * np.abs(wrong).max())


def explains(answers: Answers, misconception: int, case: int, trace: Trace) -> bool:
    """Whether the student's answer to a case is what the misconception answers, in every judged value."""
    altered = answers.altered(misconception, case)
    if altered[-1].raised is not None:
        return False
    return first_difference(answers.cases[case], altered, trace) is None
