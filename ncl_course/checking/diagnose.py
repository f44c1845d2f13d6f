"""Which known misconceptions explain what failed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from ncl_course.checking.answers import Answers
from ncl_course.checking.compare import Difference, first_difference
from ncl_course.checking.verdict import NAMED_BY_FAULT
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
    for number, misconception in enumerate(answers.exercise.misconceptions):
        cases = [case for case, trace in enumerate(traces) if explains(answers, number, case, trace)]
        found = evidence.setdefault(misconception.name, Evidence())
        found.explained.update(case for case in cases if case in failing)
        found.agreeing = max(found.agreeing, len(cases))
    for case, difference in failing.items():
        if difference.fault in NAMED_BY_FAULT:
            evidence.setdefault(NAMED_BY_FAULT[difference.fault], Evidence()).explained.add(case)
    return evidence


def explains(answers: Answers, misconception: int, case: int, trace: Trace) -> bool:
    """Whether the student's answer to a case is what the misconception answers, in every judged value."""
    altered = answers.altered(misconception, case)
    if altered[-1].raised is not None:
        return False
    return first_difference(answers.cases[case], altered, trace) is None
