"""Find the packages that a student's code uses and that are not there while a notebook is graded."""

from __future__ import annotations

import dis
import inspect
import sys
import types
from collections.abc import Iterator
from typing import Any

SHOWING = "matplotlib mpl_toolkits pylab seaborn plotly IPython ipykernel ipywidgets traitlets tqdm nbgrader"
"""Packages that only show something: the grader has stand-ins for them."""

THERE = sys.stdlib_module_names | {"numpy", "ncl_course", "__main__", "__mp_main__", "", *SHOWING.split()}


def foreign(target: Any) -> tuple[str, ...]:
    """Return the packages that a class or a function calls, itself or through other code of the notebook.

    Nothing is run. Imports that the code does not use, and annotations, do not count.
    """
    found: set[str] = set()
    seen: set[int] = set()
    todo = [target]
    home = package(getattr(target, "__module__", ""))
    while todo:
        value = todo.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, types.FunctionType) and package(value.__module__) == home:
            found |= set(imported(value.__code__)) - THERE
            todo += used_by(value)
        elif isinstance(value, type) and package(value.__module__) == home:
            todo += [*value.__mro__[1:], *methods(value)]
        else:
            found |= {top_of(value)} - THERE - {home}
    return tuple(sorted(found))


def package(module: object) -> str:
    """Return the outermost package of a module's name."""
    return module.partition(".")[0] if isinstance(module, str) else ""


def top_of(value: Any) -> str:
    """Return the outermost package that a value comes from."""
    if isinstance(value, types.ModuleType):
        return package(value.__name__)
    named = isinstance(value, type) or callable(value)
    module = getattr(value, "__module__", None) if named else None
    return package(module if isinstance(module, str) else type(value).__module__)


def methods(kind: type) -> Iterator[Any]:
    """Yield the functions of a class."""
    for value in vars(kind).values():
        inner = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
        if isinstance(inner, types.FunctionType):
            yield inner


def codes(code: types.CodeType) -> Iterator[types.CodeType]:
    """Yield a function's code, and the code of all functions inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from codes(constant)


def imported(code: types.CodeType) -> Iterator[str]:
    """Yield the packages that a function imports when it is called."""
    for one in codes(code):
        for instruction in dis.get_instructions(one):
            if instruction.opname == "IMPORT_NAME":
                yield package(instruction.argval)


def used_by(function: types.FunctionType) -> list[Any]:
    """Return the values of the global and enclosing names that a function uses."""
    names = {name for code in codes(function.__code__) for name in code.co_names}
    outer = inspect.getclosurevars(function).nonlocals if function.__closure__ else {}
    return [function.__globals__[name] for name in names if name in function.__globals__] + list(outer.values())
