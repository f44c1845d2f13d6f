"""Find the input to which a wrong result would be the right answer: scaled, shifted, in another order, another number.

The exercise's oracle is asked again, with one argument of the case exchanged. This takes longer than an edit of the
right result, so it is tried where no edit explains the failing cases.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ncl_course.checking.answers import Answers, play_beside
from ncl_course.checking.compare import Difference
from ncl_course.checking.naming.edit import Edit
from ncl_course.checking.naming.sight import CLOSE, Array, as_played, distinct, is_number, method_of, numbers_of
from ncl_course.checking.verdict import Fault
from ncl_course.protocol.play import play
from ncl_course.protocol.script import Script, Step, Tensor, Trace

NAME = "another-input"
ENOUGH = 3
"""The number of different wrong numbers that another input must explain, to exclude a coincidence."""

Change = Callable[[Array], Array]

OF_ARRAYS: tuple[tuple[str, Change], ...] = (
    ("−{a}", np.negative),
    ("|{a}|", np.abs),
    ("max({a}, 0)", lambda a: np.maximum(a, 0)),
    ("min({a}, 0)", lambda a: np.minimum(a, 0)),
    ("{a}/255", lambda a: a / 255),
    ("2 · {a}", lambda a: 2 * a),
    ("{a}/2", lambda a: a / 2),
    ("{a} · ln 2", lambda a: a * np.log(2.0)),
    ("min(max({a}, −10), 10)", lambda a: np.clip(a, -10, 10)),
    ("1 − {a}", lambda a: 1 - a),
    ("{a} + 1", lambda a: a + 1),
    ("{a}²", np.square),
    ("√{a}", np.sqrt),
    ("round({a})", np.round),
    ("{a} − mean {a}", lambda a: a - a.mean()),
    ("{a} − max {a}", lambda a: a - a.max()),
    ("{a}/max {a}", lambda a: a / a.max()),
    ("({a} − min {a})/(max {a} − min {a})", lambda a: (a - a.min()) / (a.max() - a.min())),
    ("({a} − mean {a})/std {a}", lambda a: (a - a.mean()) / a.std()),
    ("mean {a}", lambda a: np.full_like(a, a.mean())),
    ("{a}[::-1]", lambda a: a[::-1]),
    ("{a}[..., ::-1]", lambda a: a[..., ::-1]),
    ("{a}[:1]", lambda a: np.broadcast_to(a[:1], a.shape)),
    ("np.roll({a}, 1)", lambda a: np.roll(a, 1, 0)),
    ("np.roll({a}, −1)", lambda a: np.roll(a, -1, 0)),
    ("np.zeros_like({a})", np.zeros_like),
    ("np.ones_like({a})", np.ones_like),
)
"""Changes of an array that students' code makes before it uses it."""

OF_LABELS: tuple[tuple[str, Change], ...] = (
    ("{a} − 1", lambda a: a - 1),
    ("{a} + 1", lambda a: a + 1),
    ("np.zeros_like({a})", np.zeros_like),
    ("{a}[::-1]", lambda a: a[::-1]),
    ("np.sort({a})", np.sort),
    ("np.roll({a}, 1)", lambda a: np.roll(a, 1)),
    ("np.roll({a}, −1)", lambda a: np.roll(a, -1)),
    ("{a}[:1]", lambda a: np.broadcast_to(a[:1], a.shape)),
)
"""Other classes."""

OF_NUMBERS: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("{a} + 1", lambda n: n + 1),
    ("{a} − 1", lambda n: n - 1),
    ("2 · {a}", lambda n: 2 * n),
    ("1 − {a}", lambda n: 1 - n),
    ("{a}²", lambda n: n * n),
    ("√{a}", lambda n: abs(n) ** 0.5),
    ("1/{a}", lambda n: 1 / n),
    ("−{a}", lambda n: -n),
    ("0", lambda n: 0 * n),
    ("1", lambda n: type(n)(1)),
)
"""Other numbers for the constructor."""


def another_input(
    answers: Answers, failing: Mapping[int, Difference], traces: Sequence[Trace], method: str
) -> Edit | None:
    """Return the input to which all wrong results of one method are right, and which changes no right result."""
    wrong = [n for n in failing if failing[n].fault is Fault.VALUES and starts_with(failing[n], method)]
    wrong.sort(key=lambda n: failing[n].size)
    numbers = {number for n in wrong for number in wrong_numbers(failing[n])}
    if len(numbers) < ENOUGH or answers.exercise.pieces:
        return None
    first = next((n for n in wrong if len(wrong_numbers(failing[n])) >= ENOUGH), wrong[0])
    signature = inspect.signature(answers.exercise.oracle)
    passing = [n for n in range(len(traces)) if n not in failing]
    for name, words, change in changes(answers.cases[first].script, signature):

        def other(number: int, name: str = name, change: Change = change) -> Trace:
            """Answer a case with the input changed; an input that cannot be changed so has no answer."""
            try:
                script = tuple(changed(step, name, change, signature) for step in answers.cases[number].script)
            except (ValueError, ZeroDivisionError):  # the maximum of no numbers, one over 0
                return ()
            case = replace(answers.cases[number], script=script)
            if case.free and getattr(answers.exercise.oracle, "adapts", False):
                return play_beside(answers.exercise.oracle, case, traces[number])
            return play(answers.exercise.oracle, script, answers.exercise.kit)

        with np.errstate(all="ignore"):
            explains = all(agrees(answers, n, method, other(n), traces[n]) for n in (first, *wrong))
            if explains and all(agrees(answers, n, method, other(n), answers.right[n], False) for n in passing):
                return Edit(NAME, lambda _: None, "input", {"name": name, "other": words.format(a=name)})
    return None


def starts_with(difference: Difference, method: str) -> bool:
    """Return whether the first wrong result of a case is the method's."""
    return method_of(difference.case.script[difference.step]) == method


def wrong_numbers(difference: Difference) -> set[float]:
    """Return the different numbers of a wrong result."""
    values = numbers_of(difference.got)
    return set() if values is None else distinct(values)


def agrees(answers: Answers, number: int, method: str, other: Trace, trace: Trace, whole: bool = True) -> bool:
    """Return whether two answers to a case have the same results of a method; if not ``whole``, as far as both go."""
    compared = False
    for k, step in enumerate(answers.cases[number].script):
        if not step.label or step.rule is not None or method_of(step) != method:
            continue
        if k >= min(len(other), len(trace)) or other[k].raised or trace[k].raised:
            return not whole
        one, two = other[k].value, trace[k].value
        made, got = numbers_of(one), numbers_of(two)
        if made is None or got is None or made.shape != got.shape:
            return not whole
        close = max(CLOSE.get(str(getattr(value, "dtype", "")), 1e-6) for value in (one, two))
        scale = max(step.scale, float(np.abs(got).max(initial=0.0)), float(np.abs(made).max(initial=0.0)))
        if np.abs(made - got).max(initial=0.0) > close * scale:
            return False
        compared = True
    return compared or not whole


def changes(script: Script, signature: inspect.Signature) -> Iterator[tuple[str, str, Change]]:
    """Yield what can be changed in a script: the input's name, the words, and the change."""
    names = dict.fromkeys(name for step in script for name, _ in arrays_of(step))
    for name in names:
        yield from ((name, words, change) for words, change in (OF_LABELS if name == "labels" else OF_ARRAYS))
    for step in script:
        if step.kind == "new":
            bound = constructor_arguments(step, signature)
            numbers = [name for name, value in bound.arguments.items() if is_number(value)]
            yield from ((name, words, change) for name in numbers for words, change in OF_NUMBERS)
            return


def constructor_arguments(step: Step, signature: inspect.Signature) -> inspect.BoundArguments:
    """Return the arguments of a constructor's call by name, the default ones too."""
    bound = signature.bind_partial(*step.args, **step.kwargs)
    bound.apply_defaults()
    return bound


def arrays_of(step: Step) -> list[tuple[str, int]]:
    """Return the names of a step's arrays, and which argument each is."""
    if step.kind == "put":
        names = [step.method.rpartition(".")[2]]
    elif step.kind == "call":
        names = ["grad_out"] if step.method == "backward" else ["x", "labels"]
    else:
        names = []
    found = zip(names, step.args, strict=False)
    return [(name, at) for at, (name, argument) in enumerate(found) if isinstance(argument, Tensor)]


def changed(step: Step, name: str, change: Change, signature: inspect.Signature) -> Step:
    """Return a step with one of its inputs changed; a step without that input stays as it is."""
    if step.kind == "new" and name in signature.parameters:
        bound = constructor_arguments(step, signature)
        if is_number(bound.arguments.get(name)):
            bound.arguments[name] = change(bound.arguments[name])
        return replace(step, args=bound.args, kwargs=bound.kwargs)
    args = list(step.args)
    for other, at in arrays_of(step):
        if other == name:
            values = np.array(change(as_played(args[at])))
            if name == "labels":
                values %= args[0].values.shape[-1]  # NumPy counts the class −1 from the end
            args[at] = Tensor(values.astype(args[at].values.dtype))
    return replace(step, args=tuple(args))
