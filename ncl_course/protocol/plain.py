"""Write scripts and traces as trees of plain JSON values, with the arrays in a separate list, and read them back.

Decoding is strict: it accepts only data of the form that this module writes, and raises ``ProtocolError`` for
everything else. Only ``trace_of`` decodes data from a student's process, and it accepts only numbers, plain arrays and
short texts.
"""

from __future__ import annotations

from typing import Any

from ncl_course.protocol.arguments import pack_argument, unpack_argument
from ncl_course.protocol.script import Outcome, Raised, Script, Step, Trace
from ncl_course.protocol.values import Arrays, ProtocolError, cut, demand, pack_value, unpack_value
from ncl_course.protocol.words import plain_words, words_in

__all__ = ["Arrays", "ProtocolError", "cut", "demand", "plain_script", "plain_trace", "script_of", "trace_of"]

MAX_ITEMS = 64
"""The largest number of warnings, argument numbers or labels in one outcome."""

KINDS = ("new", "make", "call", "get", "put", "refuse")


def plain_script(script: Script) -> tuple[Any, Arrays]:
    """Return a script as a tree, and its arrays."""
    arrays: Arrays = []
    tree = [
        [
            step.kind,
            step.obj,
            step.method,
            [pack_argument(value, arrays) for value in step.args],
            {name: pack_argument(value, arrays) for name, value in step.kwargs.items()},
            step.label,
        ]
        for step in script
    ]
    return tree, arrays


def script_of(tree: Any, arrays: Arrays) -> Script:
    """Return the script that ``plain_script`` wrote."""
    demand(isinstance(tree, list), "a script is a list of steps")
    return tuple(step_of(node, arrays) for node in tree)


def step_of(node: Any, arrays: Arrays) -> Step:
    """Return one step of a script."""
    demand(isinstance(node, list) and len(node) == 6, "a step has six fields")
    kind, obj, method, args, kwargs, label = node
    demand(kind in KINDS and isinstance(args, list) and isinstance(kwargs, dict), "a step of unknown kind")
    return Step(
        kind,
        cut(obj),
        cut(method),
        tuple(unpack_argument(value, arrays) for value in args),
        {cut(name): unpack_argument(value, arrays) for name, value in kwargs.items()},
        cut(label),
    )


def plain_trace(trace: Trace) -> tuple[Any, Arrays]:
    """Return a trace as a tree, and its arrays."""
    arrays: Arrays = []
    tree = [
        [
            pack_value(outcome.value, arrays),
            plain_raised(outcome.raised),
            list(outcome.changed[:MAX_ITEMS]),
            [cut(label) for label in outcome.overwritten[:MAX_ITEMS]],
            [cut(warning) for warning in outcome.warnings[:MAX_ITEMS]],
            cut(outcome.printed),
        ]
        for outcome in trace
    ]
    return tree, arrays


def plain_raised(raised: Raised | None) -> list[Any] | None:
    """Return an exception as its type, its message, its place, and a hint at its cause, if there is one."""
    if raised is None:
        return None
    rest = [cut(raised.hint)] if raised.hint else []
    return [cut(raised.type_name), plain_words(raised.message), cut(raised.where), *rest]


def raised_in(node: Any) -> Raised | None:
    """Return the exception that ``plain_raised`` wrote."""
    demand(node is None or (isinstance(node, list) and len(node) in (3, 4)), "an exception has three fields, or four")
    return None if node is None else Raised(cut(node[0]), words_in(node[1]), *map(cut, node[2:]))


def trace_of(tree: Any, arrays: Arrays) -> Trace:
    """Return the trace that ``plain_trace`` wrote."""
    demand(isinstance(tree, list), "a trace is a list of outcomes")
    return tuple(outcome_of(node, arrays) for node in tree)


def outcome_of(node: Any, arrays: Arrays) -> Outcome:
    """Return one outcome of a trace."""
    demand(isinstance(node, list) and len(node) == 6, "an outcome has six fields")
    value, raised, changed, overwritten, warnings, printed = node
    for items in (changed, overwritten, warnings):
        demand(isinstance(items, list) and len(items) <= MAX_ITEMS, "a short list was expected")
    demand(all(type(index) is int for index in changed), "argument numbers were expected")
    return Outcome(
        unpack_value(value, arrays),
        raised_in(raised),
        tuple(changed),
        tuple(map(cut, overwritten)),
        tuple(map(cut, warnings)),
        cut(printed),
    )
