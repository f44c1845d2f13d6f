"""Find the known misconceptions that explain a student's failing cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from ncl_course.checking.answers import Answers
from ncl_course.checking.compare import Difference
from ncl_course.checking.naming.suspects import Suspects, is_finite
from ncl_course.checking.verdict import NAMED_BY_FAULT, Fault
from ncl_course.protocol.script import Layout, Tensor, Trace


def diagnose(
    answers: Answers,
    failing: Mapping[int, Difference],
    traces: Sequence[Trace],
    suspected: Collection[str] = (),
    passed: Sequence[Answers] = (),
    only: Collection[str] | None = None,
    *,
    strictly: bool = False,
) -> tuple[str, ...]:
    """Return the names of the misconceptions that explain a part's failing cases.

    A misconception is named if it explains every failing case and no passing case contradicts it. If there is none, two
    or more that together explain every failing case are named, starting with that of the smallest case; then one that
    explains nearly all and is wrong in the others too (``nearly``); then a fault that the cases show by themselves.
    Cases in which the student's code raises an exception explain and contradict nothing. Among several misconceptions,
    the one that an earlier part has shown is named, then one that the earlier passed parts do not contradict, and then
    the first in the exercise's order. If only overflows are to be explained and several names remain, none is given:
    one NaN looks like any other.

    Args:
        answers: the part's cases, with each misconception's answers.
        failing: the differences, by the case's number.
        traces: the student's answers to all cases, in their order.
        suspected: the names of misconceptions that earlier parts of the exercise have shown.
        passed: the answers to the earlier parts that the student has passed.
        only: the names to look for; None stands for all.
        strictly: whether a name has to explain every failing case, because an earlier part has failed without a name:
            what is wrong there may look like another mistake here.
    """
    known_wrong = enumerate(answers.exercise.misconceptions)
    tried = [number for number, one in known_wrong if only is None or one.name in only]
    suspects = Suspects(answers, failing, traces, tried)
    by_size = sorted(failing, key=lambda case: failing[case].size)
    wrong = [case for case in by_size if failing[case].fault is not Fault.RAISED]
    whole = [number for number in suspects.of_all(wrong) if not suspects.contradicted(number)]
    if whole:
        names = {suspects.name(number) for number in whole}
        if len(names) > 1 and not names & set(suspected) and all(not is_finite(failing[case].got) for case in wrong):
            return ()
        return (suspects.name(min(whole, key=lambda n: (suspects.name(n) not in suspected, against(passed, n)))),)
    known = facts(failing)
    if not wrong:
        return tuple(set(known.values()))
    found = together(suspects, wrong, known, suspected)
    found = found or (() if strictly else nearly(suspects, wrong, suspected))
    return found or by_itself(failing, known, wrong[0])


def against(passed: Sequence[Answers], number: int) -> int:
    """Return in how many passed parts an altered oracle is wrong."""
    return sum(any(one.shows(number, case) for case in range(len(one.cases))) for one in passed)


def together(
    suspects: Suspects, wrong: Sequence[int], known: Mapping[int, str], suspected: Collection[str]
) -> tuple[str, ...]:
    """Return names that explain every wrong case together, or no names.

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
            return ()
        best, explained = max(evidence, key=lambda one: (len(one[1] & set(left)), one[0] in suspected))
        names.append(best)
        left = [case for case in left if case not in explained]
    return tuple(dict.fromkeys(names))


def nearly(suspects: Suspects, wrong: Sequence[int], suspected: Collection[str]) -> tuple[str, ...]:
    """Return the name whose altered oracles explain nearly all wrong cases, among them one of the two smallest.

    The same mistake can be written in several ways, which differ at 0, at ties, at extreme arguments: in one case, or
    in a quarter of the cases at most. In each of these an altered oracle of that name is wrong, too, or another mistake
    explains the case.
    """
    others = range(len(suspects.answers.exercise.misconceptions))
    evidence: dict[str, set[int]] = {}
    first = [
        n
        for n in suspects.tried
        if any(suspects.accounts(n, case) for case in wrong[:2]) and not suspects.contradicted(n)
    ]
    for name in dict.fromkeys(suspects.name(number) for number in first):
        same = [number for number in first if suspects.name(number) == name]
        explained = {case for case in wrong if any(suspects.accounts(number, case) for number in same)}
        left = [
            case
            for case in wrong
            if case not in explained and not any(suspects.answers.shows(number, case) for number in same)
        ]
        seen = any(is_finite(suspects.failing[case].got) for case in explained)
        if (
            seen
            and is_nearly_all(len(explained), len(wrong))
            and all(any(suspects.accounts(n, case) and not suspects.contradicted(n) for n in others) for case in left)
        ):
            evidence[name] = explained
    return (max(evidence, key=lambda name: (len(evidence[name]), name in suspected)),) if evidence else ()


def is_nearly_all(explained: int, cases: int) -> bool:
    """Return whether at most one of the cases, or a quarter of them, is not explained; more than half must be."""
    return 2 * explained > cases and cases - explained <= max(1, cases // 4)


def by_itself(failing: Mapping[int, Difference], known: Mapping[int, str], smallest: int) -> tuple[str, ...]:
    """Return the fault that most failing cases show, or the smallest one, or the only one that a rule or half show."""
    often = [name for name, times in Counter(known.values()).items() if 2 * times > len(failing)]
    if often:
        return (often[0],)
    if smallest in known:
        return (known[smallest],)
    sure = 2 * len(known) >= len(failing) or any(failing[case].fault is Fault.RULE for case in known)
    return tuple(set(known.values())) if sure and len(set(known.values())) == 1 else ()


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
