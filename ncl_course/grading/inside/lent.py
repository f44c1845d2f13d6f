"""The key's layers as a student's process has them: without their code, which runs in another process.

Lesson 06 needs layers that a student may not have. The process in which the student's code runs gets these objects:
each call of theirs goes over the channel to a process that holds the key and never a student's code (``lending.py``).
What they need travels along: the input, the parameters as they are now, the mode, and the state of the generator. So
optimisers write into ``params`` in place, as they do in any layer.

It runs inside the sandbox: only the standard library, NumPy, ``ncl_course.nn`` and ``ncl_course.protocol`` are there.
"""

from __future__ import annotations

import builtins
import copy
import itertools
import json
import threading
import weakref
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Self

import numpy as np

from ncl_course.nn import Layer
from ncl_course.nn.sentences import said
from ncl_course.protocol.plain import Arrays, ProtocolError
from ncl_course.protocol.values import unpack_value

LOSSES = frozenset({"CrossEntropyLoss"})
"""The names of losses. A loss gets the labels, too, and a network cannot contain it as a layer."""

HELD: Mapping[str, tuple[str, ...]] = {"BatchNorm2d": ("running_mean", "running_var"), "Dropout": ("mask",)}
"""The arrays that a layer keeps for others to read and write, beside its parameters, by the layer's name."""

GENERATOR = "rng"
"""Stands for the generator among the arguments of a new layer; its state travels beside them."""

WAYS = {"new": "__init__", "copy": "__copy__"}
"""The methods behind the calls that have other names."""

Call = dict[str, Any]
Ask = Callable[[Call, Arrays], tuple[Call, Arrays]]


class Line:
    """The way to the process that does the work; one call at a time.

    Attributes:
        gone: the numbers of layers that no longer exist here. The next call tells them.
    """

    def __init__(self, ask: Ask) -> None:
        self.ask, self.turn, self.numbers = ask, threading.Lock(), itertools.count()
        self.gone: list[int] = []

    def call(self, who: str, call: Call, arrays: Arrays) -> tuple[Call, Arrays]:
        """Have something done, and return the answer.

        Raises:
            Exception: of the type that the layer raised, if it is one of Python's; a fixed sentence says where.
        """
        with self.turn:
            gone = [self.gone.pop() for _ in range(len(self.gone))]
            try:
                answer, got = self.ask({**call, "gone": gone}, arrays)
            except ProtocolError as error:
                raise TypeError(str(error)) from None
        if "raised" in answer:
            given = ", ".join(f"{array.shape} {array.dtype}" for array in arrays[call.get("more", 0) :]) or "—"
            kind = getattr(builtins, str(answer["raised"]), RuntimeError)
            told = {"layer": who, "way": WAYS.get(call["do"], call["do"]), "error": kind.__name__, "given": given}
            raise kind(said("lent.raised", "the key's {layer} raised {error} in {way} (input: {given})", **told))
        return answer, got


class Lent:
    """An object of the key that is in the other process; this one passes calls on.

    Args:
        args, kwargs: numbers, None, and at most one NumPy generator.
    """

    line: ClassVar[Line]
    kind: ClassVar[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._rng: np.random.Generator | None = None
        self._number = self._numbered()
        given = [self._plain(value) for value in args], {name: self._plain(v) for name, v in kwargs.items()}
        self._call({"do": "new", "name": self.kind, "args": given[0], "kwargs": given[1]}, [])

    def _numbered(self) -> int:
        """Return a new number, which the other process forgets when this object is gone."""
        number = next(self.line.numbers)
        weakref.finalize(self, self.line.gone.append, number).atexit = False
        return number

    def _plain(self, value: Any) -> Any:
        """Return an argument of the constructor as it travels."""
        if isinstance(value, np.random.Generator) and self._rng in (None, value):
            self._rng = value
            return GENERATOR
        if isinstance(value, np.generic):
            value = value.item()
        if value is None or isinstance(value, bool | int | float):
            return value
        kind = type(value).__name__
        raise TypeError(said("lent.argument", "{layer} cannot take {kind} as an argument", layer=self.kind, kind=kind))

    def _work(self, way: str, *inputs: Any) -> Any:
        """Send the inputs and all that may have changed here; take over what has changed there."""
        params: dict[str, Any] = getattr(self, "params", {})
        held = [name for name in HELD.get(self.kind, ()) if hasattr(self, name)]
        beside = [*params.values(), *(getattr(self, name) for name in held)]
        arrays = [np.asarray(value) for value in (*beside, *inputs)]
        call = {"do": way, "number": self._number, "params": list(params), "held": held, "more": len(beside)}
        return self._call({**call, "training": bool(getattr(self, "training", True))}, arrays)

    def _call(self, call: Call, arrays: Arrays) -> Any:
        """Make a call and take over the answer: arrays that exist here keep their identity."""
        call["number"], call["rng"] = self._number, state_of(self._rng)
        answer, got = self.line.call(self.kind, call, arrays)
        if self._rng is not None and answer.get("rng"):
            set_state(self._rng, answer["rng"])
        values = iter(got)
        for name in ("params", "grads"):
            for key in answer.get(name, ()):
                take_over(getattr(self, name), key, next(values))
        for key in answer.get("held", ()):
            take_over(self.__dict__, key, next(values), new=key not in answer["same"])
        return unpack_value(answer.get("value"), got)

    def __copy__(self) -> Self:
        return self._copied(self.__dict__)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self._copied({name: copy.deepcopy(value, memo) for name, value in self.__dict__.items()})

    def _copied(self, names: dict[str, Any]) -> Self:
        """Return another object with those attributes, which has an object of its own in the other process."""
        other = type(self).__new__(type(self))
        other.__dict__.update(names)
        other._number = other._numbered()
        self.line.call(self.kind, {"do": "copy", "number": self._number, "as": other._number}, [])
        return other


class LentLayer(Lent, Layer):
    """A layer of the key, called with the arguments of the contract."""

    def forward(self, x: Any) -> Any:
        """Return what the key's layer returns for this input."""
        return self._work("forward", x)

    def backward(self, grad_out: Any) -> Any:
        """Return the key's dL/dx for the latest forward, and fill ``grads``."""
        return self._work("backward", grad_out)


class LentLoss(Lent):
    """A loss of the key, called with the arguments of the contract."""

    def forward(self, logits: Any, labels: Any) -> Any:
        """Return the key's loss."""
        return self._work("forward", logits, labels)

    def backward(self) -> Any:
        """Return the key's dL/dlogits for the latest forward."""
        return self._work("backward")


def layers(names: Iterable[str], ask: Ask) -> dict[str, type[Lent]]:
    """Return a class for each of the key's layers with those names."""
    line = Line(ask)
    bases = {name: LentLoss if name in LOSSES else LentLayer for name in names}
    return {name: type(name, (base,), {"line": line, "kind": name}) for name, base in bases.items()}


def take_over(there: dict[str, Any], name: str, array: Any, *, new: bool = False) -> None:
    """Write an array's values into the one that has its name and its form; put a ``new`` one in its place."""
    mine: Any = there.get(name)
    if not new and isinstance(mine, np.ndarray) and mine.shape == array.shape and mine.dtype == array.dtype:
        mine[...] = array
    else:
        there[name] = array


def state_of(rng: np.random.Generator | None) -> str | None:
    """Return the state of a generator as text."""
    return None if rng is None else json.dumps(rng.bit_generator.state, default=lambda array: array.tolist())


def set_state(rng: np.random.Generator, text: str) -> None:
    """Set the state of a generator from such a text."""
    rng.bit_generator.state = json.loads(text, object_hook=with_arrays)


def with_arrays(node: dict[str, Any]) -> dict[str, Any]:
    """Return a part of a generator's state with arrays instead of lists."""
    return {name: np.array(v, np.uint64) if isinstance(v, list) else v for name, v in node.items()}
