"""Name the mistakes that an exception shows by its type and its message, and explain the shapes in the message."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import numpy as np

from ncl_course.checking.compare import Difference
from ncl_course.checking.verdict import Fault
from ncl_course.exercises import Exercise
from ncl_course.nn.layer import Layer
from ncl_course.protocol.script import Raised, Tensor

MEMBERS = {"params", "grads", "training", "mask", "forward", "backward", "running_mean", "running_var"}
"""The attributes that layers of the course have; a student reads them through ``self``."""

PATTERNS = (
    ("shapes-do-not-fit", "ValueError", r"broadcast|not aligned|mismatch in its core dimension|inhomogeneous shape"),
    (
        "self-forgotten",
        "TypeError",
        r"\w\.\w+\(\) takes (\d+|from \d+ to \d+) positional arguments? but \d+ (was|were) given",
    ),
    ("none-used", "TypeError", r"unsupported operand type.*NoneType|bad operand type.*NoneType|'NoneType' object"),
    ("none-used", "AttributeError", r"'NoneType' object has no attribute"),
    ("zero-grad-invented", "AttributeError", r"object has no attribute 'zero_grad'"),
    ("list-without-star", "TypeError", r"Sequential expects layers but number 0 is (list|tuple) "),
    ("update-before-backward", "ValueError", r"SGD\.step expects a gradient for every parameter"),
    ("if-on-array", "ValueError", r"truth value of an array"),
    ("float-as-index", "IndexError", r"only integers, slices"),
    (
        "float-as-index",
        "TypeError",
        r"'(\w+\.)?float\d*' object cannot be interpreted as an integer|slice indices must be",
    ),
)
"""The misconception, the exception's type, and what its message contains."""

NAMES = {name for name, _, _ in PATTERNS} | {
    "attribute-not-kept",
    "base-class-missing",
    "name-undefined",
    "return-forgotten",
}
"""All misconceptions that this module can name."""

SHAPE = re.compile(r"\((\d+(?:,\s*\d+)*),?\)")


def name_of(exercise: Exercise, difference: Difference) -> str:
    """Return the misconception that a difference shows by itself, or an empty string."""
    step = difference.case.script[difference.step]
    if difference.fault is Fault.TYPE:
        return "return-forgotten" if difference.got is None and step.kind == "call" else ""
    raised = difference.outcome.raised if difference.outcome else None
    if difference.fault is not Fault.RAISED or raised is None or step.kind not in ("new", "call"):
        return ""
    named = re.match(r"name '(\w+)' is not defined", raised.message)
    if raised.type_name == "NameError" and named:
        return "self-forgotten" if named[1] in MEMBERS | constructor(exercise) else "name-undefined"
    missing = re.match(rf"'{exercise.name}' object has no attribute '(\w+)'", raised.message)
    if raised.message == f"'{exercise.name}' object is not callable" or (missing and is_given(missing[1])):
        return "base-class-missing"
    if raised.type_name == "AttributeError" and missing:
        return "attribute-not-kept" if missing[1] != step.method else ""  # the method itself may be missing
    found = (name for name, kind, text in PATTERNS if kind == raised.type_name and re.search(text, raised.message))
    return next(found, "")


def is_given(name: str) -> bool:
    """Return whether the base class gives every layer this attribute, so that the student need not write it."""
    return name not in ("forward", "backward") and (hasattr(Layer, name) or name in Layer.__annotations__)


def constructor(exercise: Exercise) -> set[str]:
    """Return the names of a layer's constructor arguments."""
    return set(inspect.signature(exercise.oracle).parameters) if inspect.isclass(exercise.oracle) else set()


def shapes(difference: Difference, raised: Raised) -> Iterator[tuple[str, str]]:
    """Yield each shape in a message about shapes that do not fit, and the meaning of its axes.

    A size that no axis of the case has stays a number; a size that several axes have gets all their letters.
    """
    if raised.type_name != "ValueError" or not re.search(PATTERNS[0][2], raised.message):
        return
    letters = axes(difference)
    for found in dict.fromkeys(SHAPE.findall(raised.message)):
        sizes = [int(size) for size in found.split(",")]
        meaning = ["/".join(letters.get(size, (str(size),))) if size != 1 else "1" for size in sizes]
        comma = "," if len(sizes) == 1 else ""
        yield f"({', '.join(map(str, sizes))}{comma})", f"({', '.join(meaning)}{comma})"


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
