"""Name the mistakes that an exception shows by its type and its message, and explain the shapes in the message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from ncl_course.checking.compare import Difference, holds_nothing
from ncl_course.checking.naming.exceptions import NAMES as KNOWN
from ncl_course.checking.naming.exceptions import name_in
from ncl_course.checking.right.recorded import argument_names
from ncl_course.checking.verdict import Fault
from ncl_course.exercises import Exercise
from ncl_course.nn.layer import Layer
from ncl_course.protocol.script import Opaque, Raised, Tensor
from ncl_course.protocol.values import LARGE_ARRAY, WORD

MEMBERS = {"self", "params", "grads", "training", "mask", "forward", "backward", "running_mean", "running_var"}
"""Self, and the attributes that layers of the course have; a student reads them through it."""

NAMES = KNOWN | {
    "another-exception",
    "another-kind-returned",
    "attribute-not-kept",
    "attribute-not-made",
    "base-class-missing",
    "name-undefined",
    "parameter-of-another-shape",
    "return-forgotten",
    "self-forgotten",
}
"""All misconceptions that this module can name."""

OF_REMARKS = {"parameter_missing": "attribute-not-made", "parameter_kind": "parameter-of-another-shape"}
"""The names of what rules find, by the keys of their remarks."""

GIVEN_MORE = re.compile(r"\w\.\w+\(\) takes (\d+|from \d+ to \d+) positional arguments? but \d+ (was|were) given")
"""Matches the message about a method that gets more than it has parameters."""

GIVEN = tuple(f"{name}." for name in ("Conv2d", "SGD", "Sequential"))
"""The beginnings of messages about methods of given pieces, which have their ``self``."""

TELL_SHAPES = ("shapes-do-not-fit", "reshape-does-not-fit")
"""Misconceptions whose messages hold shapes."""

SIZES = re.compile(r"\(size (\d{1,9}) is different from (\d{1,9})\)")
SHAPE = re.compile(r"\((\d+(?:,\s*\d+)*),?\)")


def name_of(exercise: Exercise, difference: Difference) -> str:
    """Return the misconception that a difference shows by itself, or an empty string."""
    step = difference.case.script[difference.step]
    if difference.fault is Fault.TYPE:
        return of_kind(difference) if step.kind == "call" else ""
    if difference.remark is not None:
        return OF_REMARKS.get(difference.remark.key, "")
    raised = difference.outcome.raised if difference.outcome else None
    if difference.fault is not Fault.RAISED or raised is None:
        return ""
    if step.kind in ("get", "put"):
        return of_attribute(raised)
    if step.kind == "refuse":
        return "another-exception"
    return of_code(exercise, raised, step.method) if step.kind in ("new", "call") else ""


def of_kind(difference: Difference) -> str:
    """Return the name of a returned value of a wrong kind; an empty list has none, nor has what is only too large."""
    got = difference.got
    if got is None:
        return "return-forgotten"
    return "" if holds_nothing(got) or is_too_large(got) else "another-kind-returned"


def is_too_large(got: Any) -> bool:
    """Return whether a value is an array or a whole number that is too large to be looked at."""
    if isinstance(got, int):
        return not -WORD <= got < WORD
    return isinstance(got, Opaque) and (got.type_name == "int" or got.type_name.startswith(LARGE_ARRAY))


def of_attribute(raised: Raised) -> str:
    """Return the name of an exception that the check itself gets when it reads or writes an attribute of a layer."""
    if raised.type_name in ("AttributeError", "KeyError"):
        return "attribute-not-made"
    return "parameter-of-another-shape" if raised.type_name in ("ValueError", "TypeError", "IndexError") else ""


def of_code(exercise: Exercise, raised: Raised, method: str) -> str:
    """Return the name of an exception of the student's code."""
    undefined = re.match(r"name '(\w+)' is not defined", raised.message)
    if raised.type_name == "NameError" and undefined:
        own = raised.hint.startswith("own ") or undefined[1] in MEMBERS | constructor(exercise)
        return "self-forgotten" if own else "name-undefined"
    missing = re.match(rf"'{exercise.name}' object has no attribute '(\w+)'", raised.message)
    if raised.message == f"'{exercise.name}' object is not callable" or (missing and is_given(missing[1])):
        return "base-class-missing"
    if raised.type_name == "AttributeError" and missing:
        return "attribute-not-kept" if missing[1] != method else ""  # the method itself may be missing
    if raised.type_name == "TypeError" and raised.hint != "self" and GIVEN_MORE.search(raised.message):
        given = raised.message.startswith(GIVEN)
        return "arguments-differ" if given else "self-forgotten"
    return name_in(raised.type_name, raised.message)


def is_given(name: str) -> bool:
    """Return whether the base class gives every layer this attribute, so that the student need not write it."""
    return name not in ("forward", "backward") and (hasattr(Layer, name) or name in Layer.__annotations__)


def constructor(exercise: Exercise) -> set[str]:
    """Return the names of a layer's constructor arguments."""
    return set() if exercise.parts[0].name == "value" else set(argument_names(exercise))


def shapes(difference: Difference, raised: Raised) -> Iterator[tuple[str, str]]:
    """Yield each shape in a message about shapes that do not fit, and the meaning of its axes.

    A size that no axis of the case has stays a number; a size that several axes have gets all their letters.
    """
    if name_in(raised.type_name, raised.message) not in TELL_SHAPES:
        return
    letters = axes(difference)
    for found in dict.fromkeys(SHAPE.findall(raised.message)):
        sizes = [int(size) for size in found.split(",")]
        meaning = ["/".join(letters.get(size, (str(size),))) if size != 1 else "1" for size in sizes]
        comma = "," if len(sizes) == 1 else ""
        yield f"({', '.join(map(str, sizes))}{comma})", f"({', '.join(meaning)}{comma})"


def sizes(difference: Difference, raised: Raised) -> Iterator[tuple[str, str]]:
    """Yield the two sizes in a message about a matrix product, and the axes that have them in the case."""
    letters = axes(difference)
    for size in dict.fromkeys(number for found in SIZES.findall(raised.message) for number in found):
        if int(size) in letters:
            yield size, "/".join(letters[int(size)])


def axes(difference: Difference) -> dict[int, tuple[str, ...]]:
    """Return the letters of the axes of a case's input and output by their sizes, and its small whole arguments."""
    script = difference.case.script[: difference.step + 1]
    inputs = [a.values for step in script if step.kind == "call" for a in step.arguments if isinstance(a, Tensor)]
    found: dict[int, list[str]] = {}

    def note(size: int, letter: str) -> None:
        if letter not in found.setdefault(size, []):
            found[size].append(letter)

    for name, shape in (("NCHW", inputs[0].shape),) if inputs else ():
        for letter, size in zip(name if len(shape) == 4 else "NDEF", shape, strict=False):
            note(size, letter)
    right = difference.expected
    if isinstance(right, np.ndarray) and right.ndim == 4 and inputs and right.shape != inputs[0].shape:
        for letter, size in zip(("OH", "OW"), right.shape[2:], strict=True):
            note(size, letter)
    for step in script:
        if step.kind == "new":
            for letter, size in step.kwargs.items():
                if type(size) is int:
                    note(size, letter)
    return {size: tuple(names) for size, names in found.items()}
