"""Numbers that cases take from an oracle: output sizes, scales of gradients, distances from a tie.

torch computes them. A recording holds them by the digest of what they are computed from, so that the same cases can be
written where torch is not installed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ncl_course.exercises.exercise import Case
from ncl_course.protocol.script import Step, Tensor


class StaleError(LookupError):
    """A recording does not hold a number that a case asks for: the cases have changed since it was made."""


@dataclass
class Consultation:
    """The numbers that have been asked for, by digest. If some are ``known``, only these may be asked for."""

    known: Mapping[str, float] | None = None
    given: dict[str, float] = field(default_factory=dict)


NOW: ContextVar[Consultation | None] = ContextVar("NOW", default=None)


@contextmanager
def consulting(known: Mapping[str, float] | None = None) -> Iterator[Consultation]:
    """Collect the numbers that the block asks the oracles for, or answer from the ``known`` ones without torch."""
    now = Consultation(known)
    token = NOW.set(now)
    try:
        yield now
    finally:
        NOW.reset(token)


def consult(compute: Callable[[], float], *about: Any) -> float:
    """Return a number that an oracle computes, or the recorded one.

    Args:
        compute: asks the oracle.
        about: everything that the number depends on; the first item names the question.

    Raises:
        StaleError: if numbers are recorded, and this one is not among them.
    """
    now = NOW.get()
    if now is None:
        return compute()
    key = digest(*about)
    if now.known is None:
        now.given[key] = compute()
    elif key in now.known:
        now.given[key] = now.known[key]
    else:
        raise StaleError(f"no number is recorded for {about[0]}")
    return now.given[key]


def digest(*values: Any) -> str:
    """Return a short digest of arrays, numbers and texts.

    Numbers count in single precision, because libraries of other machines may round the last bit of a random number in
    another way.
    """
    made = hashlib.blake2b(digest_size=8)
    for value in values:
        if isinstance(value, np.ndarray):
            made.update(f"{value.dtype.str}{value.shape}".encode())
            with np.errstate(over="ignore"):
                made.update(np.ascontiguousarray(value, "<f4" if value.dtype.kind == "f" else "<i8").tobytes())
        else:
            made.update(f"{float(value):.6g}".encode() if isinstance(value, float) else repr(value).encode())
    return made.hexdigest()


def digest_of_cases(cases: tuple[Case, ...]) -> str:
    """Return a digest of everything that the right answers to these cases depend on, and of how they are judged."""
    steps = (item for case in cases for step in case.script for item in contents(step))
    return digest(*((case.name, case.free) for case in cases), *steps)


def contents(step: Step) -> Iterator[Any]:
    """Yield the contents of one step as arrays, numbers and texts."""
    yield from (step.kind, step.obj, step.method, step.label, step.rule is not None, step.silent)
    yield from (float(step.scale), float(step.within), tuple(step.kwargs))
    for argument in step.arguments:
        if isinstance(argument, Tensor):
            yield argument.layout.value
            yield argument.values
        else:
            yield argument
