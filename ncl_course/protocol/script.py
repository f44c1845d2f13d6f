"""A case as plain data: the steps to carry out on somebody's layer, and what was seen at each.

The trusted side writes a script (``Step``s), a student's object plays it (``play.py``), and a trace
(``Outcome``s) comes back. Both are plain data, so the same script serves a notebook, where the object is at
hand, and the grader, where it lives in a sandbox behind a pipe.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

FUNCTION = ""
"""The object's name where the exercise is a function and not a class."""


class Layout(Enum):
    """How an array lies in memory. Answers must depend on its values alone."""

    C = "c"
    FORTRAN = "fortran"
    TRANSPOSED = "transposed"
    STRIDED = "strided"
    REVERSED = "reversed"
    BROADCAST = "broadcast"
    READ_ONLY = "read-only"


@dataclass(frozen=True)
class Tensor:
    """An array to hand over, with the memory layout that it should have when it gets there.

    ``BROADCAST`` keeps the first sample and repeats it by a zero stride along axis 0.
    """

    values: NDArray[Any]
    layout: Layout = Layout.C


@dataclass(frozen=True)
class Generator:
    """Stands for ``numpy.random.default_rng(seed)`` among the arguments."""

    seed: int


@dataclass(frozen=True)
class Layers:
    """Stands for a list of given layers with parameters of those shapes: ``({"weight": (3, 4)}, {})`` are two."""

    shapes: tuple[dict[str, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Piece:
    """Stands for an object made from one of the course's pieces: ``Piece("Conv2d", (1, 8, 3))``, ``Piece("ReLU")``.

    Whoever plays the script has a kit of pieces by name: a student's own layers and ``ncl_course.nn``, or torch's.
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
    """What a rule has found wrong: the key of a sentence under ``rule``, and the values in it.

    ``name`` is the misconception that shows so, where one does.
    """

    key: str
    values: dict[str, Any] = field(default_factory=dict)
    name: str = ""


@dataclass(frozen=True)
class Step:
    """One action on one object.

    ``kind`` is what to do: ``new`` makes the object ``obj`` from the student's class, or by the student's function;
    ``make`` makes it from ``args[0]``, a ``Piece``; ``call`` calls its ``method`` (or, where ``obj`` is ``FUNCTION``,
    the student's function); ``get`` reads the attribute path ``method`` (``running_mean``, ``params.weight``,
    ``layers.3.mask``); ``put`` writes ``args[0]`` into that array in place;
    ``refuse`` makes the object and runs its forward pass, and is True where either raises the exception named by
    ``method``, as it should.
    A step whose ``label`` is not empty is judged: its value is compared with the oracle's.

    The rest is the judge's alone and never leaves the trusted side.

    Attributes:
        rule: judges the value in place of the comparison, where no single value is right (random weights, the
            statistics of a mask): given the student's trace and the step's number, a ``Remark`` or None.
        scale: the natural scale of the result, which errors are measured against; 0: the largest right value.
        silent: a warning of NumPy's is wrong here (overflow, division by zero).
        within: the tolerance relative to max(1, max|right|), where it is not the usual one of the dtype.
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
        """What is handed over, by position and by name."""
        return (*self.args, *self.kwargs.values())


@dataclass(frozen=True)
class Opaque:
    """Stands for a value that is neither a number nor a plain array: only the name of its type is known.

    ``items`` are the type names of what a list or a tuple holds.
    """

    type_name: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Numbers:
    """Stands for a list of real numbers, such as the losses of a training: a 1-D float64 array."""

    values: NDArray[Any]


@dataclass(frozen=True)
class Raised:
    """An exception: its type's name, its message, and the line of the student's code where it rose."""

    type_name: str
    message: str = ""
    where: str = ""


@dataclass(frozen=True)
class Outcome:
    """What was seen at one step.

    ``value`` is an array, a bool, int or float, ``Numbers``, None, or ``Opaque``. ``changed`` are the positions of
    array arguments that the call modified in place; ``overwritten`` the labels of earlier results that it changed, ""
    where one is not judged.
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
    """The step that makes the object ``obj``."""
    return Step("new", obj, args=args, kwargs=kwargs)


def make(obj: str, name: str, *args: Any, **kwargs: Any) -> Step:
    """The step that makes the object ``obj`` from the course's piece of that name."""
    return Step("make", obj, args=(Piece(name, args, kwargs),))


def call(obj: str, method: str, *args: Any, label: str = "", scale: float = 0.0, silent: bool = False) -> Step:
    """The step that calls a method; judged where it has a label."""
    return Step("call", obj, method, args, label=label, scale=scale, silent=silent)


def apply(*args: Any, label: str = "value", within: float = 0.0, **kwargs: Any) -> Step:
    """The step that calls the student's function; judged where it has a label."""
    return Step("call", FUNCTION, args=args, kwargs=kwargs, label=label, within=within)


def get(
    obj: str, path: str, label: str = "", scale: float = 0.0, rule: Rule | None = None, within: float = 0.0
) -> Step:
    """The step that reads an attribute; judged where it has a label."""
    return Step("get", obj, path, label=label, scale=scale, rule=rule, within=within)


def put(obj: str, path: str, values: NDArray[Any]) -> Step:
    """The step that overwrites an array of the object in place."""
    return Step("put", obj, path, (Tensor(np.asarray(values)),))


def refuse(obj: str, exception: str, *args: Any, x: NDArray[Any], rule: Rule) -> Step:
    """The step that makes an object from arguments which must be refused with that exception; judged by a rule.

    They may be refused when the object is made or by its first forward pass, which takes ``x``.
    """
    return Step("refuse", obj, exception, args, {"x": Tensor(np.asarray(x))}, label="refused", rule=rule)
