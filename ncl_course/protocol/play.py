"""Play a script on a student's class or function and write down what is seen.

This runs beside the student's code, in the notebook or inside the sandbox, so it knows no expected value and
gives no verdict. Only the standard library and NumPy are imported here.
"""

from __future__ import annotations

import contextlib
import io
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ncl_course.nn.layer import Layer
from ncl_course.protocol.script import (
    FUNCTION,
    Generator,
    Layers,
    Layout,
    Numbers,
    Opaque,
    Outcome,
    Piece,
    Raised,
    Ref,
    Script,
    Step,
    Tensor,
    Trace,
)
from ncl_course.protocol.values import MAX_ARRAY, MAX_LISTED

MAX_PRINTED = 2_000
"""Characters of a student's own output that are kept for one step."""

MAX_TEXT = 500
"""Characters that are kept of an exception's or a warning's text."""


Kit = Mapping[str, Callable[..., Any]]
"""The course's pieces by name, from which a script's ``Piece`` is made."""


def play(target: Callable[..., Any], script: Script, kit: Kit | None = None) -> Trace:
    """Carry out ``script`` on ``target``; one outcome a step, up to and with the first that raised.

    Where a step raises, the rest of the script has nothing to stand on and is not played.
    """
    stage = Stage(target, kit)
    outcomes = []
    for step in script:
        outcomes.append(stage.play(step))
        if outcomes[-1].raised is not None:
            break
    return tuple(outcomes)


class Stage:
    """The objects of one script, and the earlier results that must not change behind its back."""

    def __init__(self, target: Callable[..., Any], kit: Kit | None = None) -> None:
        self.target = target
        self.kit = kit or {}
        self.objects: dict[str, Any] = {}
        self.results: list[tuple[str, NDArray[Any], NDArray[Any]]] = []
        self.held: dict[tuple[str, str], Any] = {}

    def play(self, step: Step) -> Outcome:
        """Carry out one step."""
        inputs: list[Any] = []
        before: list[Any] = []
        with heard() as notes:
            try:
                inputs += [self.materialize(argument) for argument in step.args]
                before += map(snapshot, inputs)
                value, raised = self.carry_out(step, inputs), None
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # SystemExit in a student's method is the student's error too
                value, raised = None, describe(error)
        seen = snapshot(value)
        outcome = Outcome(
            value=seen,
            raised=raised,
            changed=tuple(i for i, old in enumerate(before) if not unchanged(inputs[i], old)),
            overwritten=self.overwritten(),
            warnings=tuple(notes.warnings),
            printed=notes.printed(),
        )
        # What a call returned must stay, judged or not; attributes such as running_mean may change in place.
        if step.kind == "call" and isinstance(seen, np.ndarray) and seen is not value:
            self.results.append((step.label, value, seen))
        return outcome

    def overwritten(self) -> tuple[str, ...]:
        """The labels of earlier results that have just changed, each told once."""
        same = [unchanged(live, old) for _, live, old in self.results]
        labels = tuple(label for (label, _, _), kept in zip(self.results, same, strict=True) if not kept)
        self.results = [result for result, kept in zip(self.results, same, strict=True) if kept]
        return labels

    def carry_out(self, step: Step, args: list[Any]) -> Any:
        """Do what the step says and return the live value."""
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
        """Keep the arrays of an object's parameters, as an optimiser does: what is put later goes into these."""
        params = getattr(self.objects[obj], "params", None)
        for name, array in params.items() if isinstance(params, dict) else ():
            self.held[obj, f"params.{name}"] = array

    def materialize(self, value: Any) -> Any:
        """Turn a script's stand-in into the real argument, in memory of its own."""
        if isinstance(value, Piece):
            args = [self.materialize(argument) for argument in value.args]
            return self.kit[value.name](*args, **{name: self.materialize(v) for name, v in value.kwargs.items()})
        return self.objects[value.obj] if isinstance(value, Ref) else materialize(value)


class Beginning(io.StringIO):
    """A stream that keeps its first ``MAX_PRINTED`` characters, however much is written."""

    def write(self, text: str) -> int:
        """Keep what there is room for, and say that all of it was written."""
        super().write(text[: max(MAX_PRINTED - self.tell(), 0)])
        return len(text)


class Notes:
    """What a student's code said while it ran: its output and its warnings."""

    def __init__(self) -> None:
        self.stream = Beginning()
        self.warnings: list[str] = []

    def printed(self) -> str:
        """The beginning of the output."""
        return self.stream.getvalue()[:MAX_PRINTED]


@contextlib.contextmanager
def heard() -> Iterator[Notes]:
    """Catch output and warnings, every time and not only the first, whatever np.seterr has been told before."""
    notes = Notes()
    with (
        warnings.catch_warnings(record=True) as caught,
        np.errstate(divide="warn", over="warn", under="ignore", invalid="warn"),
        contextlib.redirect_stdout(notes.stream),
        contextlib.redirect_stderr(notes.stream),
    ):
        warnings.simplefilter("always")
        yield notes
    notes.warnings += [f"{entry.category.__name__}: {entry.message}"[:MAX_TEXT] for entry in caught or ()]


def materialize(value: Any) -> Any:
    """Turn a script's stand-in into the real argument, in memory of its own."""
    if isinstance(value, Tensor):
        return laid_out(value.values.copy(), value.layout)
    if isinstance(value, Generator):
        return np.random.default_rng(value.seed)
    if isinstance(value, Layers):
        return [layer_with(shapes) for shapes in value.shapes]
    return value


def layer_with(shapes: dict[str, tuple[int, ...]]) -> Layer:
    """A given layer with parameters of those shapes."""
    layer = Layer()
    layer.params.update({name: np.zeros(shape) for name, shape in shapes.items()})
    return layer


def laid_out(values: NDArray[Any], layout: Layout) -> NDArray[Any]:
    """The same values in another memory order."""
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
    """Whether ``make`` raises the exception of that name or a kind of it; every other one passes through."""
    try:
        make()
    except Exception as error:
        if exception not in (kind.__name__ for kind in type(error).__mro__):
            raise
        return True
    return False


def follow(owner: Any, path: str) -> Any:
    """The value at an attribute path; a list on the way is entered by number, and a dict by all that is left."""
    name, _, rest = path.partition(".")
    if isinstance(owner, dict):
        return owner[path]
    inside = owner[int(name)] if isinstance(owner, list | tuple) else getattr(owner, name)
    return follow(inside, rest) if rest else inside


def snapshot(value: Any) -> Any:
    """A copy that later code cannot change: plain arrays and numbers as they are, all else ``Opaque``.

    An array that is larger than any right one is not copied: its shape alone says that it is wrong.
    """
    if value is None or type(value) in (bool, int, float):
        return value
    if isinstance(value, np.generic) and value.dtype.kind in "biuf":
        return value.item() if value.dtype.kind == "b" else value.copy()
    if type(value) is np.ndarray and value.dtype.kind in "biufc":
        return np.array(value, order="C", copy=True) if value.nbytes <= MAX_ARRAY else value
    if type(value) in (list, tuple):
        return listed(value)
    return Opaque(type(value).__name__)


def listed(items: Any) -> Numbers | Opaque:
    """A list of real numbers as ``Numbers``; of any other, what kinds of things are in it."""
    if items and all(is_real(item) for item in items):
        return Numbers(np.array([float(item) for item in items]))
    return Opaque(type(items).__name__, tuple(type(item).__name__ for item in items[:MAX_LISTED]))


def is_real(item: Any) -> bool:
    """Whether it is one real number; an array without axes is one, too."""
    if type(item) is np.ndarray:
        return item.ndim == 0 and item.dtype.kind in "iuf"
    return isinstance(item, int | float | np.integer | np.floating)


def unchanged(live: Any, old: Any) -> bool:
    """Whether an array still holds what it held (NaN counts as equal to NaN), and a list as many things."""
    if isinstance(old, Opaque) and isinstance(live, list):
        return bool(snapshot(live) == old)
    if not isinstance(old, np.ndarray):
        return True
    return bool(live.shape == old.shape and live.dtype == old.dtype and np.array_equal(live, old, equal_nan=True))


def describe(error: BaseException) -> Raised:
    """What to tell of an exception: type, message, and the deepest line that is the student's own."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if is_students(frame.filename)]
    where = f"{frames[-1].lineno}: {frames[-1].line}" if frames else ""
    try:
        message = str(error)
    except Exception:  # a student's own exception may fail to say what it is
        message = ""
    return Raised(type(error).__name__, message[:MAX_TEXT], where[:MAX_TEXT])


def is_students(filename: str) -> bool:
    """Whether a traceback's file is a cell: IPython's temporary file or the grader's ``<cell 3>``."""
    return filename.startswith(("<cell", "<ipython-input")) or "ipykernel" in filename
