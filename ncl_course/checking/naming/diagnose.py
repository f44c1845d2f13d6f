"""Find the known misconceptions that explain a student's failing cases."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ncl_course.checking.answers import Answers
from ncl_course.checking.compare import Difference, first_difference
from ncl_course.checking.verdict import NAMED_BY_FAULT, Fault
from ncl_course.exercises import Case
from ncl_course.protocol.script import Layout, Numbers, Step, Tensor, Trace


@dataclass
class Suspects:
    """The altered oracles of an exercise beside a student's answers to the cases of one part.

    Each altered oracle plays a case only when it is asked about it, because these plays take most of the time.
    """

    answers: Answers
    failing: Mapping[int, Difference]
    traces: Sequence[Trace]
    asked: dict[tuple[int, int], bool] = field(default_factory=dict)

    def name(self, number: int) -> str:
        """Return the name of an altered oracle."""
        return self.answers.exercise.misconceptions[number].name

    def accounts(self, number: int, case: int) -> bool:
        """Return whether an altered oracle gives the student's answer to a failing case."""
        key = (number, case)
        if key not in self.asked:
            difference, trace = self.failing[case], self.traces[case]
            by_shape = self.answers.exercise.misconceptions[number].by_shape and difference.fault is Fault.SHAPE
            self.asked[key] = at_first_sight(self.answers, number, case, difference, trace) and (
                by_shape
                or difference.fault is Fault.RULE  # compared at first sight; the steps after it are unknown
                or explains(
                    self.answers,
                    number,
                    case,
                    trace,
                    strictly=difference.fault in BESIDE_VALUES,
                    wrong=difference.step,
                )
            )
        return self.asked[key]

    def of_all(self, cases: Sequence[int]) -> list[int]:
        """Return the altered oracles that give the student's answers to all these cases.

        They may raise an exception in up to three quarters of the cases, which proves nothing.
        """
        left = list(range(len(self.answers.exercise.misconceptions))) if cases else []
        for case in cases:
            left = [number for number in left if self.accounts(number, case) or self.raises(number, case)]
        return [number for number in left if 4 * sum(self.accounts(number, case) for case in cases) >= len(cases)]

    def raises(self, number: int, case: int) -> bool:
        """Return whether an altered oracle raises an exception in a case."""
        return self.answers.altered_beside(number, case, self.traces[case])[-1].raised is not None

    def contradicted(self, number: int) -> bool:
        """Return whether a case that the student passes speaks against an altered oracle.

        What an oracle draws at random in a free case proves nothing.
        """
        passing = (case for case in range(len(self.traces)) if case not in self.failing)
        return any(self.shows(number, case) for case in passing if not self.answers.cases[case].free)

    def shows(self, number: int, case: int) -> bool:
        """Return whether an altered oracle's own answer to a case is wrong; an exception proves nothing."""
        return self.answers.altered(number, case)[-1].raised is None and self.answers.shows(number, case)


def diagnose(
    answers: Answers,
    failing: Mapping[int, Difference],
    traces: Sequence[Trace],
    suspected: Collection[str] = (),
    passed: Sequence[Answers] = (),
) -> tuple[str, ...]:
    """Return the names of the misconceptions that explain a part's failing cases.

    A misconception is named if it explains every failing case and no passing case contradicts it. If there is none,
    two or more that together explain every failing case are named, starting with that of the smallest case. Cases in
    which the student's code raises an exception explain and contradict nothing. Among several misconceptions, the one
    that an earlier part has shown is named, then one that the earlier passed parts do not contradict, and then the
    first in the exercise's order. If only overflows are to be explained and several names remain, none is given: one
    NaN looks like any other.

    Args:
        answers: the part's cases, with each misconception's answers.
        failing: the differences, by the case's number.
        traces: the student's answers to all cases, in their order.
        suspected: the names of misconceptions that earlier parts of the exercise have shown.
        passed: the answers to the earlier parts that the student has passed.
    """
    suspects = Suspects(answers, failing, traces)
    by_size = sorted(failing, key=lambda case: failing[case].size)
    wrong = [case for case in by_size if failing[case].fault is not Fault.RAISED]
    whole = [number for number in suspects.of_all(wrong) if not suspects.contradicted(number)]
    if whole:
        names = {suspects.name(number) for number in whole}
        if len(names) > 1 and not names & set(suspected) and all(not is_finite(failing[case].got) for case in wrong):
            return ()
        return (suspects.name(min(whole, key=lambda n: (suspects.name(n) not in suspected, against(passed, n)))),)
    return together(suspects, wrong, facts(failing), suspected) if wrong else tuple(set(facts(failing).values()))


def against(passed: Sequence[Answers], number: int) -> int:
    """Return in how many passed parts an altered oracle is wrong."""
    return sum(any(one.shows(number, case) for case in range(len(one.cases))) for one in passed)


def together(
    suspects: Suspects, wrong: Sequence[int], known: Mapping[int, str], suspected: Collection[str]
) -> tuple[str, ...]:
    """Return names that explain every wrong case together; if there are none, a fault that the smallest one shows.

    An altered oracle that is contradicted in at least as many cases as it explains is a coincidence.
    """
    left, names = list(wrong), []
    while left:
        evidence: list[tuple[str, set[int]]] = []
        for number in suspects.of_all(left[:1]):
            explained = {case for case in wrong if suspects.accounts(number, case)}
            opposed = sum(suspects.shows(number, case) for case in wrong if case not in explained)
            if len(explained) > opposed and not suspects.contradicted(number):
                evidence.append((suspects.name(number), explained))
        if left[0] in known:
            name = known[left[0]]
            evidence.append((name, {case for case, other in known.items() if other == name}))
        if not evidence:
            return (known[wrong[0]],) if wrong[0] in known else ()
        best, explained = max(evidence, key=lambda one: (len(one[1] & set(left)), one[0] in suspected))
        names.append(best)
        left = [case for case in left if case not in explained]
    return tuple(dict.fromkeys(names))


def facts(failing: Mapping[int, Difference]) -> dict[int, str]:
    """Return the names that failing cases show by themselves, without an altered oracle."""
    found = {}
    for case, difference in failing.items():
        name = difference.remark.name if difference.remark else NAMED_BY_FAULT.get(difference.fault, "")
        if not name and wrote_into_an_argument(difference, failing):
            name = NAMED_BY_FAULT[Fault.INPUT_CHANGED]
        if name:
            found[case] = name
    return found


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


def at_first_sight(answers: Answers, misconception: int, case: int, difference: Difference, trace: Trace) -> bool:
    """Return whether the altered oracle agrees with the student in the first wrong place.

    This quickly rules out most oracles.
    """
    if difference.fault is Fault.RULE:
        return breaks_the_rule(answers, misconception, case, difference)
    altered = answers.altered_beside(misconception, case, trace)
    if len(altered) - (altered[-1].raised is not None) <= difference.step:
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


def explains(
    answers: Answers, misconception: int, case: int, trace: Trace, *, strictly: bool = False, wrong: int = 0
) -> bool:
    """Return whether the student's answer to a case equals the misconception's in every judged value.

    Overflows must be in the same places. Warnings and overwritten results count only if nothing else is wrong
    (``strictly``). An exception after the first wrong step, the one with the number ``wrong``, proves nothing.
    """
    altered = answers.altered_beside(misconception, case, trace)
    steps = len(altered) - (altered[-1].raised is not None)
    if steps <= wrong:
        return False
    comparable = loosened(answers.cases[case], steps)
    found = first_difference(comparable, settled(altered), settled(trace, strictly=strictly))
    return (
        found is None
        or (found.fault is Fault.RAISED and found.step > wrong)
        or breaks_the_rule(answers, misconception, case, found)
        or same_remark(comparable.script[found.step], altered, found)
    )


def loosened(case: Case, steps: int) -> Case:
    """Return the first steps of a case, with wider tolerances where it has its own: rounding errors may grow."""
    script = (replace(step, within=1e3 * step.within) if step.within else step for step in case.script[:steps])
    return replace(case, script=tuple(script))


def same_remark(step: Step, altered: Trace, found: Difference) -> bool:
    """Return whether an altered oracle breaks a rule in the same way at a step after its first wrong one."""
    if step.rule is None or found.remark is None:
        return False
    remark = step.rule(altered, found.step)
    return remark is not None and (remark.key, remark.values) == (found.remark.key, found.remark.values)


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
