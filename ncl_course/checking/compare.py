"""Compare a student's trace with the right one, in order, up to the first informative difference."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ncl_course.checking.verdict import Fault
from ncl_course.exercises import Case
from ncl_course.protocol.script import Numbers, Opaque, Outcome, Remark, Step, Tensor, Trace

RELATIVE = {"float64": 1e-7, "float32": 1e-4}
"""Tolerances relative to the natural scale of a result, by its dtype."""

TOLERANCES = {np.dtype(name): tolerance for name, tolerance in RELATIVE.items()}
"""The same by the dtype itself: its name takes longer to make than a small array to compare."""

EMPTY = Opaque("list")
"""An empty list."""


@dataclass(frozen=True)
class Difference:
    """The first thing that is wrong in one case, with everything that a reader needs in order to see it.

    ``step`` is the number of the step in the case's script; ``expected`` and ``got`` are its values. If the values
    differ, ``index`` is the first wrong place, ``wrong`` the mask of wrong places, and ``max_error`` the largest
    absolute error (``inf`` if an entry is not finite).
    """

    fault: Fault
    case: Case
    step: int
    expected: Any = None
    got: Any = None
    outcome: Outcome | None = None
    index: tuple[int, ...] = ()
    wrong: NDArray[np.bool_] | None = None
    max_error: float = 0.0
    remark: Remark | None = None

    @property
    def size(self) -> int:
        """The number of array entries in the case's arguments: the smallest failing case is shown."""
        return sum(
            argument.values.size
            for step in self.case.script
            for argument in step.arguments
            if isinstance(argument, Tensor)
        )


def first_difference(case: Case, expected: Trace, got: Trace) -> Difference | None:
    """Return the first difference between two traces of one case, or None.

    Args:
        case: the case whose script was played.
        expected: the oracle's trace.
        got: the student's trace, which may end early.
    """
    for number, step in enumerate(case.script):
        if number >= len(got):
            return Difference(Fault.RAISED, case, number, expected[number].value, None, got[-1] if got else None)
        outcome = got[number]
        if outcome.raised is not None:
            # a rule may explain a missing attribute more kindly
            remark = step.rule(got, number) if step.rule and step.kind == "get" else unfilled(step, outcome)
            fault = Fault.RULE if remark else Fault.RAISED
            right = None if step.rule else expected[number].value  # if a rule judges the step, no single value is right
            return Difference(fault, case, number, right, None, outcome, remark=remark)
        if step.label:
            found = step_difference(case, number, step, expected[number].value, got)
            if found is not None:
                return found
        if outcome.changed and step.label:
            return Difference(Fault.INPUT_CHANGED, case, number, outcome=outcome)
        # overwriting a result that is not judged concerns another part, unless the step that does it is judged
        if any(outcome.overwritten) or (outcome.overwritten and step.label):
            return Difference(Fault.RESULT_OVERWRITTEN, case, number, outcome=outcome)
    return None


def unfilled(step: Step, outcome: Outcome) -> Remark | None:
    """Explain that ``backward`` has not put a gradient of that name into ``grads``."""
    where, _, name = step.method.partition(".")
    missing = outcome.raised is not None and outcome.raised.type_name in ("KeyError", "AttributeError")
    if step.kind != "get" or where != "grads" or not missing:
        return None
    return Remark("grads_missing", {"name": name}, "grads-not-filled")


def step_difference(case: Case, number: int, step: Step, right: Any, trace: Trace) -> Difference | None:
    """Judge one value by the step's own rule or by the right value, and its warnings if it should be silent."""
    outcome = trace[number]
    if step.rule is not None:
        remark = step.rule(trace, number)
        if remark is None:
            return None
        return Difference(Fault.RULE, case, number, got=outcome.value, outcome=outcome, remark=remark)
    found = value_difference(case, number, right, outcome)
    if found is None and step.silent and any("RuntimeWarning" in warning for warning in outcome.warnings):
        return Difference(Fault.WARNED, case, number, outcome=outcome)
    return found


def value_difference(case: Case, number: int, right: Any, outcome: Outcome) -> Difference | None:
    """Compare one value with the right one: its type, shape, values and dtype."""
    got = outcome.value
    if isinstance(right, np.ndarray):
        return None if is_exact(got, right) else array_difference(case, number, right, outcome)
    if isinstance(right, Numbers):
        return list_difference(case, number, right.values, outcome)
    if isinstance(right, Opaque | None):  # an empty list, or a misconception's answer
        same = (type(got) is type(right) and got == right) or (right == EMPTY and holds_nothing(got))
        return None if same else Difference(Fault.TYPE, case, number, right, got)
    if not is_number_like(got, right):
        return Difference(Fault.TYPE, case, number, right, got, outcome)
    if not close_numbers(got, right, case.script[number].within):
        return Difference(Fault.VALUES, case, number, right, got, outcome)
    return None


def holds_nothing(got: Any) -> bool:
    """Return whether ``got`` is an empty list, or as good as one: an empty array with one axis, or an empty tuple."""
    if isinstance(got, np.ndarray):
        return got.shape == (0,)
    return isinstance(got, Opaque) and got in (EMPTY, Opaque("tuple"))


def is_number_like(got: Any, right: Any) -> bool:
    """Return whether ``got`` may replace ``right``: a count may be an int of any kind, a loss any real scalar."""
    if isinstance(got, bool | Opaque | Numbers) or got is None:
        return False
    if isinstance(got, np.ndarray) and got.ndim > 0:
        return False
    kind = np.asarray(got).dtype.kind
    return kind in "iu" if isinstance(right, int | np.integer) else kind in "iuf"


def close_numbers(got: Any, right: Any, within: float = 0.0) -> bool:
    """Return whether two scalars are equal: ints exactly, floats within the right one's tolerance; NaN never is."""
    if isinstance(right, int | np.integer):
        return int(got) == int(right)
    tolerance = within or TOLERANCES.get(np.asarray(right).dtype, RELATIVE["float64"])
    return bool(abs(float(got) - float(right)) <= tolerance * max(1.0, abs(float(right))))


def list_difference(case: Case, number: int, right: NDArray[Any], outcome: Outcome) -> Difference | None:
    """Compare a list of numbers with the right one; an array with one axis is just as good."""
    got = outcome.value.values if isinstance(outcome.value, Numbers) else outcome.value
    if not isinstance(got, np.ndarray) or got.ndim != 1:
        return Difference(Fault.TYPE, case, number, Numbers(right), outcome.value, outcome)
    if got.shape != right.shape:
        return Difference(Fault.SHAPE, case, number, Numbers(right), Numbers(got), outcome)
    return array_difference(case, number, right, replace(outcome, value=got.astype(np.float64)))


def is_exact(got: Any, right: NDArray[Any]) -> bool:
    """Return whether ``got`` equals the right array, with its dtype and without any error; NaN and infinity never do.

    Most answers do, and this takes less time than to measure errors.
    """
    alike = isinstance(got, np.ndarray) and got.shape == right.shape and got.dtype == right.dtype
    return alike and bool((got == right).all() and np.isfinite(right).all())


def array_difference(case: Case, number: int, right: NDArray[Any], outcome: Outcome) -> Difference | None:
    """Compare one array with the right one."""
    step = case.script[number]
    got = outcome.value
    if not isinstance(got, np.ndarray):
        return Difference(Fault.TYPE, case, number, right, got, outcome)
    if got.shape != right.shape:
        return Difference(Fault.SHAPE, case, number, right, got, outcome)
    if got.dtype.kind not in ("fiu" if right.dtype.kind == "f" else "fiub"):
        return Difference(Fault.DTYPE, case, number, right, got, outcome)
    # Gradients of parameters and running statistics may have any float dtype; a returned array may not.
    any_float = step.kind == "get" and got.dtype.kind == right.dtype.kind == "f"
    wrong = wrong_places(right, got, step.scale, step.within, coarser=got.dtype if any_float else right.dtype)
    if wrong.any():
        finite = np.isfinite(got)
        fault = Fault.VALUES if finite.all() else Fault.FINITE
        first = tuple(int(i) for i in np.argwhere(wrong if fault is Fault.VALUES else ~finite)[0])
        with np.errstate(invalid="ignore", over="ignore"):
            error = np.abs(got.astype(np.float64) - right).max() if finite.all() else np.inf
        return Difference(fault, case, number, right, got, outcome, first, wrong, float(error))
    if got.dtype != right.dtype and not any_float:
        return Difference(Fault.DTYPE, case, number, right, got, outcome)
    return None


def wrong_places(
    right: NDArray[Any], got: NDArray[Any], scale: float, within: float, coarser: np.dtype[Any]
) -> NDArray[np.bool_]:
    """Mark where two arrays of one shape differ by more than the tolerance of the right one's dtype, or of ``coarser``.

    The error is divided by ``scale``, or by the largest right value if that is 0, and not by each element: if terms
    cancel in an element, an honest answer has a large relative error there. ``within`` is the step's own tolerance,
    relative to max(1, largest right value); 0 if it has none.
    """
    tolerance = within or max(TOLERANCES.get(right.dtype, 0.0), TOLERANCES.get(coarser, 0.0))
    exact = right.astype(np.float64)
    largest = float(np.abs(exact).max(initial=0.0))
    scale = max(1.0, largest) if within else scale or largest or 1.0
    with np.errstate(invalid="ignore", over="ignore"):
        close = np.abs(got.astype(np.float64) - exact) <= tolerance * scale
    # A comparison with NaN is False, so NaN counts as wrong and can never pass.
    return np.asarray(~close)
