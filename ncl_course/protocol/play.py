"""Play a script on a student's class or function and record what happens.

This runs in the same process as the student's code, in the notebook or in the sandbox, so it knows no expected value
and gives no verdict. It imports only the standard library and NumPy.
"""

from __future__ import annotations

import io
import sys
import warnings
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ncl_course.nn.layer import Layer
from ncl_course.protocol.plain import MAX_ITEMS
from ncl_course.protocol.raised import MAX_TEXT, describe
from ncl_course.protocol.script import (
    FUNCTION,
    Generator,
    Layers,
    Layout,
    Numbers,
    Opaque,
    Outcome,
    Piece,
    Ref,
    Script,
    Step,
    Tensor,
    Trace,
)
from ncl_course.protocol.values import MAX_ARRAY, MAX_LISTED

MAX_PRINTED = 2_000
"""The number of characters that are kept of a student's own output in one step."""

Kit = Mapping[str, Callable[..., Any]]
"""The course's pieces by name; they make the objects that a script's ``Piece`` stands for."""


def play(target: Callable[..., Any], script: Script, kit: Kit | None = None) -> Trace:
    """Carry out ``script`` on ``target``, and return one outcome per step, up to and including the first that raised.

    If a step raises, the later steps cannot rely on it, so they are not played.
    """
    stage = Stage(target, kit)
    outcomes = []
    for step in script:
        outcomes.append(stage.play(step))
        if outcomes[-1].raised is not None:
            break
    return tuple(outcomes)


class Stage:
    """The objects of one script, and the earlier results, which later calls must not change."""

    def __init__(self, target: Callable[..., Any], kit: Kit | None = None) -> None:
        self.target = target
        self.kit = kit or {}
        self.objects: dict[str, Any] = {}
        self.results: list[tuple[str, NDArray[Any], NDArray[Any]]] = []
        self.held: dict[tuple[str, str], Any] = {}
        self.generators: dict[str, Any] = {}

    def play(self, step: Step) -> Outcome:
        """Carry out one step."""
        inputs: list[Any] = []
        before: list[Any] = []
        with Heard() as notes:
            try:
                inputs += [self.materialize(argument) for argument in step.args]
                before += map(remembered, inputs)
                value, raised = self.carry_out(step, inputs), None
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # SystemExit in a student's method is the student's error, too
                value, raised = None, describe(error, self.target)
        seen = snapshot(value)
        outcome = Outcome(
            value=seen,
            raised=raised,
            changed=tuple(i for i, old in enumerate(before) if not unchanged(inputs[i], old)),
            overwritten=self.overwritten(),
            warnings=tuple(notes.warnings),
            printed=notes.printed(),
        )
        # A call's result must stay as it is, judged or not; attributes such as running_mean may change in place.
        if step.kind == "call" and isinstance(seen, np.ndarray) and seen is not value:
            self.results.append((step.label, value, seen))
        return outcome

    def overwritten(self) -> tuple[str, ...]:
        """Return the labels of earlier results that have just changed; each is reported once."""
        same = [unchanged(live, old) for _, live, old in self.results]
        labels = tuple(label for (label, _, _), kept in zip(self.results, same, strict=True) if not kept)
        self.results = [result for result, kept in zip(self.results, same, strict=True) if kept]
        return labels

    def carry_out(self, step: Step, args: list[Any]) -> Any:
        """Do the step's action and return the live value."""
        kwargs = {name: self.materialize(value) for name, value in step.kwargs.items()}
        if step.kind in ("new", "make"):
            self.objects[step.obj] = args[0] if step.kind == "make" else self.target(*args, **kwargs)
            self.hold(step.obj)
            return None
        if step.kind == "refuse":
            return refuses(lambda: self.target(*args).forward(kwargs["x"]), step.method)
        owner = self.target if step.obj == FUNCTION else self.objects[step.obj]
        if step.kind == "call":
            return (getattr(owner, step.method) if step.method else owner)(*args, **kwargs)
        held = self.held.get((step.obj, step.method)) if step.kind == "put" else None
        value = follow(owner, step.method) if held is None else held
        if step.kind == "put":
            value[...] = args[0]
        return value

    def hold(self, obj: str) -> None:
        """Keep the arrays of an object's parameters, as an optimiser does.

        Later ``put`` steps write into these arrays.
        """
        params = getattr(self.objects[obj], "params", None)
        for name, array in params.items() if isinstance(params, Mapping) else ():
            self.held[obj, f"params.{name}"] = array

    def materialize(self, value: Any) -> Any:
        """Turn a script's stand-in into the real argument, in newly allocated memory."""
        if isinstance(value, Piece):
            args = [self.materialize(argument) for argument in value.args]
            return self.kit[value.name](*args, **{name: self.materialize(v) for name, v in value.kwargs.items()})
        if isinstance(value, Generator) and value.name:
            return self.generators.setdefault(value.name, materialize(value))
        return self.objects[value.obj] if isinstance(value, Ref) else materialize(value)


class Beginning(io.StringIO):
    """A stream that keeps only the first ``MAX_PRINTED`` characters written to it."""

    def write(self, text: str) -> int:
        """Keep as much as there is room for, and report that everything was written."""
        super().write(text[: max(MAX_PRINTED - self.tell(), 0)])
        return len(text)


class Heard:
    """Catches output and each different warning once, whatever np.seterr and the filters were set to before.

    NumPy's warnings come first, because a layer may have to be silent, and only the first few reach the trusted side.
    The thousands of equal ones that a loop gives are not kept, since they would take the time and memory of the code.
    Every step has one; contexts of contextlib would take twice as long.
    """

    def __init__(self) -> None:
        self.stream = Beginning()
        self.catching = warnings.catch_warnings(record=True)
        self.errors = np.errstate(divide="warn", over="warn", under="ignore", invalid="warn")
        self.warnings: list[str] = []

    def __enter__(self) -> Heard:
        self.caught = self.catching.__enter__()
        warnings.simplefilter("default")
        self.errors.__enter__()
        self.before = sys.stdout, sys.stderr
        sys.stdout = sys.stderr = self.stream
        return self

    def __exit__(self, *error: Any) -> None:
        sys.stdout, sys.stderr = self.before
        self.errors.__exit__(*error)
        self.catching.__exit__(*error)
        texts = dict.fromkeys(f"{entry.category.__name__}: {entry.message}"[:MAX_TEXT] for entry in self.caught or ())
        self.warnings = sorted(texts, key=lambda text: not text.startswith("RuntimeWarning"))[:MAX_ITEMS]

    def printed(self) -> str:
        """Return the beginning of the output."""
        return self.stream.getvalue()[:MAX_PRINTED]


def materialize(value: Any) -> Any:
    """Turn a script's stand-in into the real argument, in newly allocated memory."""
    if isinstance(value, Tensor):
        return laid_out(value.values.copy(), value.layout)
    if isinstance(value, Generator):
        return np.random.default_rng(value.seed)
    if isinstance(value, Layers):
        return [UsedLayer(shapes, value.dtype) for shapes in value.shapes]
    return value


class UsedLayer(Layer):
    """A given layer with parameters of some shapes, and with other arrays."""

    def __init__(self, shapes: dict[str, tuple[int, ...]], dtype: str) -> None:
        self.params.update({name: np.zeros(shape, dtype) for name, shape in shapes.items()})
        self.x = np.zeros((2, 7))
        self.running_mean = np.zeros(3)


def laid_out(values: NDArray[Any], layout: Layout) -> NDArray[Any]:
    """Return the same values in another memory order."""
    match layout:
        case Layout.FORTRAN:
            values = np.asfortranarray(values)
        case Layout.TRANSPOSED:
            values = np.ascontiguousarray(values.swapaxes(-1, -2)).swapaxes(-1, -2)
        case Layout.STRIDED:
            values = np.repeat(values, 2, axis=-1)[..., ::2]
        case Layout.REVERSED:
            values = values[..., ::-1].copy()[..., ::-1]
        case Layout.BROADCAST:
            values = np.broadcast_to(values[:1], values.shape)
        case Layout.READ_ONLY:
            values.flags.writeable = False
    return values


def refuses(make: Callable[[], Any], exception: str) -> bool:
    """Return whether ``make`` raises that exception or a subclass of it; any other exception passes through."""
    try:
        make()
    except Exception as error:
        if exception not in (kind.__name__ for kind in type(error).__mro__):
            raise
        return True
    return False


def follow(owner: Any, path: str) -> Any:
    """Return the value at an attribute path.

    A number in the path enters a list; in a mapping, the rest of the path is the key.
    """
    name, _, rest = path.partition(".")
    if isinstance(owner, Mapping):
        return owner[path]
    inside = owner[int(name)] if isinstance(owner, list | tuple) else getattr(owner, name)
    return follow(inside, rest) if rest else inside


def snapshot(value: Any) -> Any:
    """Return a copy that later code cannot change: plain arrays and numbers as they are, everything else as ``Opaque``.

    An array that is larger than any right answer is not copied, since its shape alone shows that it is wrong.
    """
    if value is None or type(value) in (bool, int, float):
        return value
    if isinstance(value, np.generic) and value.dtype.kind in "biuf":
        return value.item() if value.dtype.kind == "b" else value.copy()
    if type(value) is np.ndarray and value.dtype.kind in "biufc":
        return np.array(value, order="C", copy=True) if value.nbytes <= MAX_ARRAY else value
    if type(value) in (list, tuple):
        return snapshot_of_list(value)
    if isinstance(value, Fraction):
        return float(Fraction(value.numerator, value.denominator))
    return Opaque(type(value).__name__)


def remembered(value: Any) -> Any:
    """Return what an argument must still be after a call: of given layers, the shapes of their parameters."""
    if type(value) is list and value and all(type(item) is UsedLayer for item in value):
        return tuple({name: np.shape(array) for name, array in layer.params.items()} for layer in value)
    return snapshot(value)


def snapshot_of_list(items: Any) -> Numbers | Opaque:
    """Return a list of real numbers as ``Numbers``, and any other list as the type names of its items."""
    if items and all(is_real(item) for item in items):
        return Numbers(np.array([float(item) for item in items]))
    return Opaque(type(items).__name__, tuple(type(item).__name__ for item in items[:MAX_LISTED]))


def is_real(item: Any) -> bool:
    """Return whether the item is one real number; an array without axes counts as one."""
    if type(item) is np.ndarray:
        return item.ndim == 0 and item.dtype.kind in "iuf"
    return isinstance(item, int | float | Fraction | np.integer | np.floating)


def unchanged(live: Any, old: Any) -> bool:
    """Return whether an array still holds the old values (NaN equals NaN), or a list the old number of items."""
    if isinstance(live, list) and isinstance(old, Opaque | tuple):
        return bool(remembered(live) == old)
    if not isinstance(old, np.ndarray):
        return True
    if live.shape != old.shape or live.dtype != old.dtype:
        return False
    return live.tobytes() == old.tobytes() or np.array_equal(live, old, equal_nan=True)  # the first is much quicker
