"""A case as plain data: the steps to carry out on a student's object, and what was seen at each step.

The trusted side writes a script (a tuple of ``Step``), ``play.py`` plays it on a student's object, and returns a trace
(a tuple of ``Outcome``). Both are plain data, so the same script works in a notebook, where the object is in the same
process, and in the grader, where the object is in a sandbox behind a pipe.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

FUNCTION = ""
"""The object's name if the exercise is a function and not a class."""


class Layout(Enum):
    """The memory layout of an array. Answers must depend only on its values."""

    C = "c"
    FORTRAN = "fortran"
    TRANSPOSED = "transposed"
    STRIDED = "strided"
    REVERSED = "reversed"
    BROADCAST = "broadcast"
    READ_ONLY = "read-only"


@dataclass(frozen=True)
class Tensor:
    """An array argument, with the memory layout that it should have when the student's code gets it.

    ``BROADCAST`` keeps the first sample and repeats it by a zero stride along axis 0.
    """

    values: NDArray[Any]
    layout: Layout = Layout.C


@dataclass(frozen=True)
class Generator:
    """Stands for ``numpy.random.default_rng(seed)`` among the arguments.

    Arguments of one script that have the same ``name`` are one generator; without a name, each is a new one.
    """

    seed: int
    name: str = ""


@dataclass(frozen=True)
class Layers:
    """Stands for a list of given layers with parameters of those shapes: ``({"weight": (3, 4)}, {})`` is two layers.

    The layers keep other arrays besides, as used ones do: the latest input, and running statistics.
    """

    shapes: tuple[dict[str, tuple[int, ...]], ...]
    dtype: str = "float64"


@dataclass(frozen=True)
class Piece:
    """Stands for an object made from one of the course's pieces: ``Piece("Conv2d", (1, 8, 3))``, ``Piece("ReLU")``.

    The player of the script has a kit of pieces by name: a student's own layers and ``ncl_course.nn``, or torch's.
    """

    name: str
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Ref:
    """Stands for an object that an earlier step of the same script has made."""

    obj: str


@dataclass(frozen=True)
class Remark:
    """A rule's finding: the key of a sentence under ``rule``, and the values in it.

    ``name`` is the misconception that the finding reveals, or empty.
    """

    key: str
    values: dict[str, Any] = field(default_factory=dict)
    name: str = ""


@dataclass(frozen=True)
class Step:
    """One action on one object.

    ``kind`` is the action: ``new`` makes the object ``obj`` by calling the student's class or function; ``make`` makes
    it from ``args[0]``, a ``Piece``; ``call`` calls its ``method`` (or the student's function, if ``obj`` is
    ``FUNCTION``); ``get`` reads the attribute path ``method`` (``running_mean``, ``params.weight``, ``layers.3.mask``);
    ``put`` writes ``args[0]`` into that array in place; ``refuse`` makes the object and runs its forward pass, and its
    value is True if either raises the exception named by ``method``, as it should. A step with a ``label`` is judged:
    its value is compared with the oracle's.

    The attributes below are for the judge and never leave the trusted side.

    Attributes:
        rule: judges the value instead of the comparison if no single value is right (random weights, the statistics of
            a mask). It takes the student's trace and the step's number, and returns a ``Remark`` or None.
        scale: the natural scale of the result, by which errors are divided; 0 means the largest right value.
        silent: whether a NumPy warning (overflow, division by zero) is an error here.
        within: the tolerance relative to max(1, max|right|); 0 means the usual tolerance of the dtype.
    """

    kind: str
    obj: str
    method: str = ""
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)
    label: str = ""
    rule: Callable[[tuple[Outcome, ...], int], Remark | None] | None = None
    scale: float = 0.0
    silent: bool = False
    within: float = 0.0

    @property
    def arguments(self) -> tuple[Any, ...]:
        """The values of all arguments, positional ones first."""
        return (*self.args, *self.kwargs.values())


@dataclass(frozen=True)
class Opaque:
    """Stands for a value that is neither a number nor a plain array: only the name of its type is known.

    ``items`` are the type names of the items of a list or a tuple.
    """

    type_name: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Numbers:
    """Stands for a list of real numbers, such as the losses of a training: a 1-D float64 array."""

    values: NDArray[Any]


@dataclass(frozen=True)
class Raised:
    """An exception: the name of its type, its message, and the line of the student's code that raised it.

    The message is a ``Sentence`` if one of the given pieces raised it, so that it can be said in the reader's language.
    ``hint`` is what only the process with the student's code can know of the cause, as ``stubs.unfinished`` or
    ``meant.meant`` returns it.
    """

    type_name: str
    message: str = ""
    where: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Outcome:
    """The record of what happened at one step.

    ``value`` is an array, a bool, int or float, ``Numbers``, None, or ``Opaque``. ``changed`` holds the positions of
    array arguments that the call modified in place, ``overwritten`` the labels of earlier results that it changed; a
    result that is not judged has the label "".
    """

    value: Any = None
    raised: Raised | None = None
    changed: tuple[int, ...] = ()
    overwritten: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    printed: str = ""


Script = tuple[Step, ...]
Trace = tuple[Outcome, ...]
Rule = Callable[[Trace, int], Remark | None]


def new(obj: str, *args: Any, **kwargs: Any) -> Step:
    """Return the step that makes the object ``obj``."""
    return Step("new", obj, args=args, kwargs=kwargs)


def make(obj: str, name: str, *args: Any, **kwargs: Any) -> Step:
    """Return the step that makes the object ``obj`` from the course's piece with that name."""
    return Step("make", obj, args=(Piece(name, args, kwargs),))


def call(obj: str, method: str, *args: Any, label: str = "", scale: float = 0.0, silent: bool = False) -> Step:
    """Return the step that calls a method; it is judged if it has a label."""
    return Step("call", obj, method, args, label=label, scale=scale, silent=silent)


def apply(*args: Any, label: str = "value", within: float = 0.0, **kwargs: Any) -> Step:
    """Return the step that calls the student's function; it is judged if it has a label."""
    return Step("call", FUNCTION, args=args, kwargs=kwargs, label=label, within=within)


def get(
    obj: str, path: str, label: str = "", scale: float = 0.0, rule: Rule | None = None, within: float = 0.0
) -> Step:
    """Return the step that reads an attribute; it is judged if it has a label."""
    return Step("get", obj, path, label=label, scale=scale, rule=rule, within=within)


def put(obj: str, path: str, values: NDArray[Any]) -> Step:
    """Return the step that overwrites an array of the object in place."""
    return Step("put", obj, path, (Tensor(np.asarray(values)),))


def refuse(obj: str, exception: str, *args: Any, x: NDArray[Any], rule: Rule) -> Step:
    """Return a step that makes an object from bad arguments, which must raise that exception; a rule judges it.

    The constructor may refuse them, or the first forward pass, which gets ``x``.
    """
    return Step("refuse", obj, exception, args, {"x": Tensor(np.asarray(x))}, label="refused", rule=rule)
