"""Name a mistake by the relation between a student's numbers and the right ones, if no altered oracle explains it.

A relation is an edit of the right result. It is named if it gives the student's numbers in every failing case that
shows it, and if it would change none of the numbers that are right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain

import numpy as np

from ncl_course.checking.answers import Answers
from ncl_course.checking.compare import Difference
from ncl_course.checking.naming.counts import counts, sums
from ncl_course.checking.naming.edit import Edit
from ncl_course.checking.naming.edits import edits
from ncl_course.checking.naming.formulas import alternatives, formulas
from ncl_course.checking.naming.inputs import NAME as ANOTHER_INPUT
from ncl_course.checking.naming.inputs import another_input
from ncl_course.checking.naming.places import in_one_part, located, on_one_side
from ncl_course.checking.naming.shapes import ANOTHER_AXIS, RELATIONS, of_shapes
from ncl_course.checking.naming.sight import Array, Sight, distinct, method_of, sights
from ncl_course.checking.naming.slices import ALONE, TOGETHER, of_slices, of_sums
from ncl_course.checking.naming.slices import NAMES as OF_SLICES
from ncl_course.checking.naming.updates import NAMES as OF_UPDATES
from ncl_course.checking.naming.updates import of_update
from ncl_course.checking.verdict import Fault
from ncl_course.protocol.script import Remark, Trace

AFTER_EVAL = "wrong-after-eval"
"""The misconception of a layer that has a test mode though it should have none, or a wrong one."""
NAMES = {
    "another-formula",
    "another-result",
    "argument-returned",
    "array-wrong",
    "axes-exchanged",
    "factor-wrong",
    "function-added",
    "off-by-one",
    "ones-returned",
    "order-reversed",
    "part-left-out",
    "part-wrong",
    "rounded",
    "same-along-axis",
    "shifted",
    "sign-reversed",
    "wrong-in-a-range",
    "wrong-on-one-side",
    "zeros-returned",
    *(name for name, _ in RELATIONS),
    AFTER_EVAL,
    ANOTHER_AXIS,
    ANOTHER_INPUT,
    *OF_SLICES,
    *OF_UPDATES,
}
"""All misconceptions that a relation can name."""
VAGUE = ("side", "range", "after_eval", "slice_times", "slice_plus", "slice_both", "slice_sums")
"""The keys of sentences that tell the place of all wrong results, but not the cause; another input would tell it."""
ENOUGH = 3
"""The number of different right numbers that a relation must explain, to exclude a coincidence."""


def measured(answers: Answers, failing: Mapping[int, Difference], traces: Sequence[Trace]) -> tuple[Remark, ...]:
    """Return the relations that explain a part's failing cases, the relation of the smallest case first; or none.

    Cases are told apart by the method whose result is wrong first. Cases that raise an exception explain nothing.
    """
    by_size = sorted((n for n in failing if failing[n].fault is not Fault.RAISED), key=lambda n: failing[n].size)
    if answers.exercise.pieces:
        fact = of_update(answers, failing, traces)
        if fact is not None:
            return (Remark(fact.key, fact.values, fact.name),)
    found: dict[str, Remark] = {}
    for case in by_size:
        method = method_of(failing[case].case.script[failing[case].step])
        if method in found:
            continue
        remark = of_method(answers, failing, traces, method)
        if remark is None and may_choose_maxima(answers):  # the nearest right result may not be the one to compare with
            remark = of_method(answers, failing, traces, method, nearest=False)
        if remark is None or remark.key in VAGUE:
            other = another_input(answers, failing, traces, method)
            remark = Remark(other.key, other.values, other.name) if other else remark
        if remark is None:
            return ()
        found[method] = remark
    return tuple(found.values())


def of_method(
    answers: Answers,
    failing: Mapping[int, Difference],
    traces: Sequence[Trace],
    method: str,
    *,
    nearest: bool = True,
) -> Remark | None:
    """Return the relation that explains every wrong result of one method."""
    wrong, right = [], []
    shaped = [one for one in failing.values() if has_wrong_shape(one, method)]
    faults = Counter(one.fault for one in failing.values() if method_of(one.case.script[one.step]) == method)
    if shaped:
        return of_wrong_shapes(shaped, faults, len(failing))
    if faults.keys() - {Fault.VALUES, Fault.RAISED, Fault.FINITE} or 2 * faults[Fault.FINITE] > faults[Fault.VALUES]:
        return None  # no relation holds where a result is not finite
    for case in failing:
        judged = sights(answers, case, traces[case], passes=False, nearest=nearest)
        seen = [sight for sight in judged if sight.method == method]
        wrong += [sight for sight in seen if sight.wrong.any()]
        right += [sight for sight in seen if not sight.wrong.any()]

    modes = {sight.training for sight in wrong}

    def passing() -> Iterator[Sight]:
        """Yield what a relation must not change: results after forward passes in the modes that have wrong ones."""
        yield from (sight for sight in right if sight.training in modes)
        for case in range(len(traces)):
            if case not in failing:
                seen = sights(answers, case, traces[case], passes=True)
                yield from (sight for sight in seen if sight.method == method and sight.training in modes)

    if wrong and wrong[0].expected.ndim == 0 and not wrong[0].arrays:
        formula = counts([*wrong, *passing()])
        if formula is not None:
            return Remark(formula.key, formula.values, formula.name)
    if len(set[float]().union(*(distinct(sight.expected) for sight in wrong))) < ENOUGH:
        return None
    found = relation(wrong, passing)
    if (found is None or found.key in VAGUE) and modes == {False} and answers.part != "test_mode":
        trained = any(sight.training for sight in right) or any(n not in failing for n in range(len(traces)))
        return Remark("after_eval", {}, AFTER_EVAL) if trained else found
    return found


def of_wrong_shapes(shaped: Sequence[Difference], faults: Mapping[Fault, int], failing: int) -> Remark | None:
    """Return the relation of all wrong shapes of one method to the right ones."""
    found = of_shapes(shaped) if faults.keys() <= {Fault.SHAPE, Fault.TYPE, Fault.RAISED, Fault.VALUES} else None
    if found and Fault.VALUES in faults and (found.name != ANOTHER_AXIS or 2 * len(shaped) < failing):
        return None  # only where two axes have one length, a wrong axis shows in the values alone
    return Remark(found.key, found.values, found.name) if found else None


def may_choose_maxima(answers: Answers) -> bool:
    """Return whether a layer may choose one of several maxima for its gradient."""
    return getattr(answers.exercise.oracle, "follows", "") == "maximum"


def has_wrong_shape(difference: Difference, method: str) -> bool:
    """Return whether a method returns an array of a wrong shape, or a number in place of an array."""
    if method_of(difference.case.script[difference.step]) != method or not isinstance(difference.expected, np.ndarray):
        return False
    number = difference.fault is Fault.TYPE and isinstance(difference.got, int | float | np.number)
    return number or difference.fault is Fault.SHAPE


def relation(wrong: Sequence[Sight], passing: Callable[[], Iterator[Sight]]) -> Remark | None:
    """Return the first edit that gives every wrong result and changes no right one; or where all wrong results are."""
    ordered = sorted(wrong, key=lambda sight: sight.expected.size)
    first = next((sight for test in (uneven, telling) for sight in ordered if test(sight)), ordered[-1])
    with np.errstate(all="ignore"):
        places = on_one_side(wrong), formulas(first), in_one_part(wrong)
        for edit in chain(edits(first), alternatives(first), sums(wrong), *places):
            if fits(edit, first) and all(fits(edit, sight) for sight in wrong) and not changes(edit, passing()):
                return Remark(edit.key, edit.values, edit.name)
        fact = of_slices(wrong, ALONE) or located(wrong) or of_slices(wrong, TOGETHER) or of_sums(wrong)
    return Remark(fact.key, fact.values, fact.name) if fact else None


def uneven(sight: Sight) -> bool:
    """Return whether a telling result has two axes or more, all longer than 1 and of different lengths.

    Where lengths are equal, or 1, formulas agree that differ elsewhere.
    """
    lengths = sight.expected.shape
    return len(lengths) > 1 and min(lengths) > 1 and len(set(lengths)) == len(lengths) and telling(sight)


def telling(sight: Sight) -> bool:
    """Return whether a result has different numbers in several places."""
    return len(distinct(sight.expected)) >= ENOUGH


def fits(edit: Edit, sight: Sight) -> bool:
    """Return whether an edit gives the student's result."""
    made = applied(edit, sight)
    return made is not None and sight.is_near(made, sight.got)


def applied(edit: Edit, sight: Sight) -> Array | None:
    """Return an edit's result; None where it means nothing, overflows, or speaks of an axis that is not there."""
    made = edit.made(sight)
    return made if made is not None and bool(np.isfinite(made).all()) else None


def changes(edit: Edit, right: Iterable[Sight]) -> bool:
    """Return whether an edit would change a result that is right."""
    return any(changed(edit, sight) for sight in right)


def changed(edit: Edit, sight: Sight) -> bool:
    """Return whether an edit would change one result; where it means nothing, or overflows, it changes nothing."""
    made = applied(edit, sight)
    return made is not None and not sight.is_near(made, sight.expected)
