"""One judged result beside the right one, with everything of its case that a wrong formula could have used."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ncl_course.checking.answers import Answers
from ncl_course.checking.naming.suspects import as_array
from ncl_course.protocol.script import Layout, Script, Step, Tensor, Trace

Array = NDArray[Any]

CLOSE = {"float32": 1e-3}
"""Tolerances for a comparison of two wrong results, relative to the larger one, by dtype; 1e-6 for any other."""


@dataclass(frozen=True)
class Sight:
    """A result of one method in one case.

    Attributes:
        expected: the right result, as float64; a number is an array without axes.
        got: the student's result in float64; the right one in a case that passes.
        close: the tolerance between a result and a formula, relative to the larger one.
        scale: the natural scale of the result, or 0.
        arrays: the input ``x``, the upstream gradient ``grad_out`` and the written parameters, by name.
        numbers: the constructor's or the function's numbers, by name.
        others: the nearest right results of other methods in the same case, by name.
        exercise: the exercise's name.
        training: whether the latest forward pass was in training mode.
        known: what has been computed for this result.
    """

    expected: Array
    got: Array
    close: float
    scale: float
    arrays: Mapping[str, Array] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    others: Mapping[str, Array] = field(default_factory=dict)
    exercise: str = ""
    method: str = ""
    training: bool = True
    known: dict[str, Any] = field(default_factory=dict)

    def once(self, name: str, compute: Callable[[Sight], Any]) -> Any:
        """Return what was computed for this result under that name before, or compute it."""
        if name not in self.known:
            self.known[name] = compute(self)
        return self.known[name]

    def is_near(self, formula: Array, result: Array) -> bool:
        """Return whether a formula gives a result in every place."""
        if formula.shape != result.shape or not result.size:
            return False
        with np.errstate(all="ignore"):
            largest = max(self.scale, float(np.abs(result).max()), float(np.abs(formula).max()))
            return bool((np.abs(formula - result) <= self.close * largest).all())

    @property
    def wrong(self) -> NDArray[np.bool_]:
        """The places where the student's result is wrong."""
        largest = max(self.scale, float(np.abs(self.expected).max(initial=0.0))) or 1.0
        return np.asarray(np.abs(self.got - self.expected) > self.close * largest)


def sights(answers: Answers, case: int, trace: Trace, *, passes: bool, nearest: bool = True) -> Iterator[Sight]:
    """Yield the result of each judged step of a case beside the right one.

    A result that is not finite, or whose shape or type is wrong, is left out. If several results are right, the one
    that is ``nearest`` to the student's is taken, or torch's.
    """
    script = answers.cases[case].script
    right = answers.adapted(case, trace) if nearest and not passes else answers.right[case]
    found = Surroundings(answers.exercise.oracle)
    for number, (step, outcome) in enumerate(zip(script, right, strict=False)):
        found.see(step)
        if not step.label or step.rule is not None or number >= len(trace) or outcome.raised is not None:
            continue
        expected = numbers_of(outcome.value)
        got = expected if passes else numbers_of(trace[number].value)
        if expected is not None and got is not None and got.shape == expected.shape:
            close = max(CLOSE.get(str(getattr(one, "dtype", "")), 1e-6) for one in (outcome.value, trace[number].value))
            about = found.around(step, script, right, number)
            training = found.trained.get(step.obj, True)
            yield Sight(expected, got, close, step.scale, *about, answers.exercise.name, method_of(step), training)


def is_number(value: Any) -> bool:
    """Return whether an argument is a number, of Python's or of NumPy's."""
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


def as_played(argument: Tensor) -> Array:
    """Return an argument's numbers in float64, as the student's code gets them."""
    values = argument.values.astype(np.float64)
    return np.broadcast_to(values[:1], values.shape) if argument.layout is Layout.BROADCAST else values


def method_of(step: Step) -> str:
    """Return the method or the attribute that a step asks for; calling a layer is its forward pass."""
    return "forward" if step.method == "__call__" else step.method


def numbers_of(value: Any) -> Array | None:
    """Return a number, a list of numbers or an array in float64; None if it is anything else, or not finite."""
    values = np.asarray(as_array(value)) if isinstance(as_array(value), np.ndarray | int | float | np.number) else None
    if values is None or values.dtype.kind not in "biuf" or not np.isfinite(values).all():
        return None
    return values.astype(np.float64)


def distinct(values: Array) -> set[float]:
    """Return the different numbers of an array, to six digits after the point, without 0."""
    return set(np.unique(np.round(values, 6)).tolist()) - {0.0}


class Surroundings:
    """The inputs, parameters and numbers that each object of a script has so far."""

    def __init__(self, oracle: Any) -> None:
        self.signature = inspect.signature(oracle)
        self.arrays: dict[str, dict[str, Array]] = {}
        self.numbers: dict[str, dict[str, float]] = {}
        self.training: dict[str, bool] = {}
        self.trained: dict[str, bool] = {}

    def see(self, step: Step) -> None:
        """Note the arguments of a step."""
        arrays = self.arrays.setdefault(step.obj, {})
        if step.method in ("train", "eval"):
            self.training[step.obj] = step.method == "train"
        given = [as_played(a) for a in step.args if isinstance(a, Tensor)]
        if step.kind == "new" or not step.obj:
            bound = self.signature.bind_partial(*step.args, **step.kwargs)
            bound.apply_defaults()
            named = {name: value for name, value in bound.arguments.items() if is_number(value)}
            self.numbers[step.obj] = {name: float(value) for name, value in named.items()}
        elif step.kind == "put":
            arrays[step.method.rpartition(".")[2]] = given[0]
        elif step.kind == "call" and step.method == "backward":
            arrays.update({"grad_out": given[0]} if given else {})
        elif step.kind == "call" and given:
            arrays["x"] = given[0]
            self.trained[step.obj] = self.training.get(step.obj, True)
            arrays.pop("grad_out", None)
            if len(given) > 1:
                arrays["labels"] = given[1]

    def around(
        self, step: Step, script: Script, right: Trace, number: int
    ) -> tuple[dict[str, Array], dict[str, float], dict[str, Array]]:
        """Return the arrays and numbers of the step's object, and the right results of its other methods."""
        others = {}
        nearest_last = [*range(len(right) - 1, number, -1), *range(number)]
        for k in nearest_last:
            other, values = script[k], numbers_of(right[k].value)
            same = other.obj == step.obj and other.kind in ("call", "get") and method_of(other) != method_of(step)
            if same and values is not None and values.ndim:
                others[method_of(other)] = values
        return dict(self.arrays.get(step.obj, {})), self.numbers.get(step.obj, {}), others
