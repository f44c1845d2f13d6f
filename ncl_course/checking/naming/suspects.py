"""Compare a student's answers with those of the altered oracles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ncl_course.checking.answers import Answers
from ncl_course.checking.compare import Difference, first_difference
from ncl_course.checking.verdict import Fault
from ncl_course.exercises import Case
from ncl_course.protocol.script import Numbers, Step, Trace


@dataclass
class Suspects:
    """The altered oracles of an exercise beside a student's answers to the cases of one part.

    ``tried`` are the numbers of the oracles that may be named.
    Each altered oracle plays a case only when it is asked about it, because these plays take most of the time.
    """

    answers: Answers
    failing: Mapping[int, Difference]
    traces: Sequence[Trace]
    tried: Sequence[int] = ()
    asked: dict[tuple[int, int], bool] = field(default_factory=dict)
    played: dict[tuple[int, int], Trace] = field(default_factory=dict)

    def name(self, number: int) -> str:
        """Return the name of an altered oracle."""
        return self.answers.exercise.misconceptions[number].name

    def beside(self, number: int, case: int) -> Trace:
        """Return an altered oracle's answer to a case, computed with the student's random choices if it uses them."""
        key = (number, case)
        if key not in self.played:
            self.played[key] = self.answers.altered_beside(number, case, self.traces[case])
        return self.played[key]

    def accounts(self, number: int, case: int) -> bool:
        """Return whether an altered oracle gives the student's answer to a failing case."""
        key = (number, case)
        if key not in self.asked:
            difference, trace = self.failing[case], self.traces[case]
            by_shape = self.answers.exercise.misconceptions[number].by_shape and difference.fault is Fault.SHAPE
            self.asked[key] = self.at_first_sight(number, case) and (
                by_shape
                or difference.fault is Fault.RULE  # compared at first sight; the steps after it are unknown
                or explains(
                    self.answers,
                    number,
                    case,
                    trace,
                    strictly=difference.fault in BESIDE_VALUES,
                    wrong=difference.step,
                    altered=self.beside(number, case),
                )
            )
        return self.asked[key]

    def at_first_sight(self, number: int, case: int) -> bool:
        """Return whether the altered oracle agrees with the student in the first wrong place.

        This quickly rules out most oracles.
        """
        difference = self.failing[case]
        if difference.fault is Fault.RULE:
            return breaks_the_rule(self.answers, number, case, difference)
        altered = self.beside(number, case)
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

    def of_all(self, cases: Sequence[int]) -> list[int]:
        """Return the altered oracles that give the student's answers to all these cases.

        They may raise an exception in up to three quarters of the cases, which proves nothing.
        """
        left = list(self.tried) if cases else []
        for case in cases:
            left = [number for number in left if self.accounts(number, case) or self.raises(number, case)]
        return [number for number in left if 4 * sum(self.accounts(number, case) for case in cases) >= len(cases)]

    def raises(self, number: int, case: int) -> bool:
        """Return whether an altered oracle raises an exception in a case."""
        return self.beside(number, case)[-1].raised is not None

    def contradicted(self, number: int) -> bool:
        """Return whether cases that the student passes speak against an altered oracle.

        One case is enough. What an oracle draws at random may be right by chance, so free cases speak against it only
        if they are as many as the failing ones.
        """
        passing = [case for case in range(len(self.traces)) if case not in self.failing]
        free = [case for case in passing if self.answers.cases[case].free]
        if any(self.shows(number, case) for case in passing if case not in free):
            return True
        return sum(self.shows(number, case) for case in free) >= len(self.failing)

    def shows(self, number: int, case: int) -> bool:
        """Return whether an altered oracle's own answer to a case is wrong; an exception proves nothing."""
        return self.answers.altered(number, case)[-1].raised is None and self.answers.shows(number, case)


def as_array(value: Any) -> Any:
    """Return a list of numbers as an array, and any other value as it is."""
    return value.values if isinstance(value, Numbers) else value


def explains(
    answers: Answers,
    misconception: int,
    case: int,
    trace: Trace,
    *,
    strictly: bool = False,
    wrong: int = 0,
    altered: Trace | None = None,
) -> bool:
    """Return whether the student's answer to a case equals the misconception's in every judged value.

    Overflows must be in the same places. Warnings and overwritten results count only if nothing else is wrong
    (``strictly``). An exception after the first wrong step, the one with the number ``wrong``, proves nothing.
    ``altered`` is the misconception's answer to the case, if it is known.
    """
    altered = answers.altered_beside(misconception, case, trace) if altered is None else altered
    trace = with_masks_counted(trace, altered)
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


def with_masks_counted(trace: Trace, altered: Trace) -> Trace:
    """Read True and False as 1 and 0 where the altered oracle gives numbers: a mask may be returned as it is."""

    def counted(value: Any, other: Any) -> Any:
        mask = isinstance(value, np.ndarray) and value.dtype == bool and isinstance(other, np.ndarray)
        return value.astype(other.dtype) if mask else value

    pairs = zip(trace, altered, strict=False)
    return (*(replace(one, value=counted(one.value, other.value)) for one, other in pairs), *trace[len(altered) :])


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


def is_finite(value: Any) -> bool:
    """Return whether a float or an array of floats has only finite entries; any other value counts as finite."""
    return np.asarray(value).dtype.kind != "f" or bool(np.isfinite(value).all())
