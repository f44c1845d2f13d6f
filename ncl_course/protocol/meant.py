"""Find out in the process with a student's code what only it knows of an exception: the name that was meant.

The names of variables and attributes are compared; the student's own methods are not called.
"""

from __future__ import annotations

import builtins
import contextlib
import difflib
import inspect
import re
from collections.abc import Iterable
from typing import Any

from ncl_course.protocol.stubs import frames

CLOSE = 0.7
"""The least likeness of two names, from 0 to 1, for one to be a misspelling of the other."""

TOO_MANY = re.compile(r"(\w+)\(\) takes (?:\d+|from \d+ to \d+) positional arguments? but \d+ (?:was|were) given")
MISSING = re.compile(r"has no attribute '(\w{1,100})'")


def meant(error: BaseException, target: Any = None) -> str:
    """Return a hint at the cause of an exception.

    Args:
        error: the exception.
        target: the student's class or function, if one was called.

    Returns:
        ``own NAME`` if a name is not defined that the layer has as an attribute, ``close NAME`` if a name or an
        attribute that does not exist is close to one that does, ``self`` if too many arguments were given to a method
        whose first parameter is self; or empty.
    """
    with contextlib.suppress(Exception):  # a student's object may raise in unusual places
        if isinstance(error, NameError) and not isinstance(error, UnboundLocalError):
            return of_name(error)
        if isinstance(error, AttributeError):
            return of_attribute(error)
        found = TOO_MANY.search(str(error)) if isinstance(error, TypeError) else None
        if found is not None and has_self(target, found[1]):
            return "self"
    return ""


def of_name(error: NameError) -> str:
    """Return the hint at a name that is not defined."""
    name = str(error.name or "")
    inside = [*frames(error)][::-1]  # a comprehension has a frame of its own, without self
    for frame in inside:
        owner = frame.f_locals.get("self")
        if owner is not None and (name in getattr(owner, "__dict__", ()) or name in dir(type(owner))):
            return f"own {name}"
    known = [*inside[0].f_locals, *inside[0].f_globals, *dir(builtins)] if inside else []
    return close_to(name, known)


def of_attribute(error: AttributeError) -> str:
    """Return the hint at an attribute that does not exist."""
    found = MISSING.search(str(error))
    return close_to(found[1], dir(error.obj)) if found and error.obj is not None else ""


def close_to(name: str, known: Iterable[str]) -> str:
    """Return the hint at a name that is close to one of the known ones."""
    same_kind = [one for one in known if one.startswith("_") == name.startswith("_") and one != name]
    close = difflib.get_close_matches(name, same_kind, n=1, cutoff=CLOSE)
    return f"close {close[0]}" if close else ""


def has_self(target: Any, method: str) -> bool:
    """Return whether a student's method has self as its first parameter."""
    function = inspect.getattr_static(target, method)
    names = inspect.getfullargspec(function).args if inspect.isfunction(function) else []
    return names[:1] == ["self"]
