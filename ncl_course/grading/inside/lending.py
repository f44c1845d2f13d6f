"""Do the work of the key's layers for a student's process, which has only ``lent.py``'s objects without code.

It runs inside the sandbox, in a process that no student's code ever enters. What comes in is from a student's process
and may be anything; the worst that it can do is to end this process or to make it answer with nonsense, and both cost
only that student. What goes out is numbers and arrays that the contract names, and the names of Python's exceptions.
"""

from __future__ import annotations

import builtins
import copy
import json
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ncl_course.grading.inside.lent import GENERATOR, HELD, Call, set_state, state_of, take_over
from ncl_course.protocol.plain import Arrays
from ncl_course.protocol.values import demand, pack_value

GENERATORS = ("MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64")
"""NumPy's bit generators."""

MT_WORDS, PHILOX_WORDS = 624, 4
"""The sizes of the buffers of MT19937 and Philox: a place in one is a number up to its size."""


class Lending:
    """The layers that one student's process has made.

    Args:
        kinds: the key's layers by name. Only these can be made.
    """

    def __init__(self, kinds: Mapping[str, Callable[..., Any]]) -> None:
        self.kinds = kinds
        self.made: dict[int, tuple[str, Any, np.random.Generator | None]] = {}

    def answer(self, call: Call, arrays: Arrays) -> tuple[Call, Arrays]:
        """Do what a call asks for. Of an exception, only the type is told, because a message may quote the key."""
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                return self.done(call, arrays)
        except Exception as error:
            return {"raised": known_type(error)}, []

    def done(self, call: Call, arrays: Arrays) -> tuple[Call, Arrays]:
        """Do what a call asks for.

        Raises:
            Exception: whatever the layer raises, and for calls that ``lent.py`` does not make.
        """
        for number in call["gone"]:
            self.made.pop(number, None)
        match call["do"]:
            case "new":
                return self.new(call)
            case "copy":
                self.made[call["as"]] = copy.deepcopy(self.made[call["number"]])
                return {}, []
            case "forward" | "backward":
                return self.work(call, arrays)
        raise ValueError(call["do"])

    def new(self, call: Call) -> tuple[Call, Arrays]:
        """Make a layer; answer with its parameters and the arrays that it keeps for others."""
        rng = generator(call["rng"]) if call["rng"] else None
        args = [rng if value == GENERATOR else value for value in call["args"]]
        kwargs = {name: rng if value == GENERATOR else value for name, value in call["kwargs"].items()}
        layer = self.kinds[call["name"]](*args, **kwargs)
        self.made[call["number"]] = call["name"], layer, rng
        answer, got = told(call["name"], layer, rng, {})
        params = getattr(layer, "params", {})
        return {**answer, "params": list(params)}, [*params.values(), *got]

    def work(self, call: Call, arrays: Arrays) -> tuple[Call, Arrays]:
        """Bring a layer to the state that it has in the student's process, and call it."""
        name, layer, rng = self.made[call["number"]]
        if rng is not None:
            put_state(rng, call["rng"])
        given = dict(zip([*call["params"], *call["held"]], arrays, strict=False))
        for key in call["params"]:
            take_over(layer.params, key, given[key])
        for key in set(call["held"]) & set(HELD.get(name, ())):
            take_over(vars(layer), key, given[key])
        if getattr(layer, "training", call["training"]) is not call["training"]:
            (layer.train if call["training"] else layer.eval)()
        way = layer.forward if call["do"] == "forward" else layer.backward
        before = {key: getattr(layer, key, None) for key in HELD.get(name, ())}
        value = way(*arrays[len(given) :])
        answer, got = told(name, layer, rng, before)
        grads = getattr(layer, "grads", {}) if call["do"] == "backward" else {}
        got = [*grads.values(), *got]
        return {**answer, "grads": list(grads), "value": pack_value(value, got)}, got


def told(name: str, layer: Any, rng: Any, before: Mapping[str, Any]) -> tuple[Call, Arrays]:
    """The state of a layer after a call: the arrays that it keeps for others, and its generator's state.

    ``same`` names those of the arrays that were there before the call.
    """
    held = {key: array for key in HELD.get(name, ()) if isinstance(array := getattr(layer, key, None), np.ndarray)}
    same = [key for key, array in held.items() if array is before.get(key)]
    return {"held": list(held), "same": same, "rng": state_of(rng)}, [*held.values()]


def generator(state: str) -> np.random.Generator:
    """Return a generator in that state.

    Raises:
        ProtocolError: if it is not one of NumPy's.
    """
    name = json.loads(state)["bit_generator"]
    demand(name in GENERATORS, "an unknown generator")
    rng = np.random.Generator(getattr(np.random, name)())
    put_state(rng, state)
    return rng


def put_state(rng: np.random.Generator, state: str) -> None:
    """Set the state of a generator from the text that a student's process has sent.

    NumPy does not check the place in the generator's own buffer: with another one, the next numbers would be whatever
    is in memory there, such as the key.

    Raises:
        ProtocolError: if the place is outside of the buffer.
    """
    said = json.loads(state)
    places = {"MT19937": (said["state"], "pos", MT_WORDS), "Philox": (said, "buffer_pos", PHILOX_WORDS)}
    if type(rng.bit_generator).__name__ in places:
        where, key, most = places[type(rng.bit_generator).__name__]
        demand(type(where[key]) is int and 0 <= where[key] <= most, "an impossible state of a generator")
    set_state(rng, state)


def known_type(error: Exception) -> str:
    """Return the name of the nearest type of Python's own that can be made from a message alone."""
    kinds = [kind for kind in type(error).__mro__ if not issubclass(kind, UnicodeError)]
    return next(kind.__name__ for kind in kinds if getattr(builtins, kind.__name__, None) is kind)
