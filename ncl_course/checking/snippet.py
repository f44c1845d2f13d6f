"""Write a case as the few lines of Python that a student would write to repeat it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from ncl_course.checking.right.recorded import argument_names as constructor_names
from ncl_course.exercises import Case, Exercise
from ncl_course.language import text
from ncl_course.protocol.script import FUNCTION, Generator, Layout, Piece, Ref, Step, Tensor


def snippet(exercise: Exercise, case: Case, upto: int) -> tuple[str, ...]:
    """Return the case's steps up to and including number ``upto`` as lines of code; the last line is marked."""
    names, held = argument_names(case), held_objects(case)
    lines = [line for step in case.script[: upto + 1] for line in lines_of(exercise, step, names, held)]
    layouts = [note for step in case.script[: upto + 1] for note in layout_notes(step, names)]
    lines = [*shared_generators(case.script[: upto + 1]), *lines]
    if len(lines) > 1:
        lines[-1] += f"   # ← {text('checking.panel.step_here')}"
    return (*dict.fromkeys(layouts), *lines)


def shared_generators(steps: Sequence[Step]) -> list[str]:
    """Return a line for each generator that several arguments of these steps share."""
    named = [a for step in steps for a in step.arguments if isinstance(a, Generator) and a.name]
    return list(dict.fromkeys(f"{one.name} = np.random.default_rng({one.seed})" for one in named))


def held_objects(case: Case) -> frozenset[str]:
    """Return the objects whose parameters are written after use, as an optimiser would do that holds the arrays."""
    used: set[str] = set()
    held: set[str] = set()
    for step in case.script:
        if step.kind == "call":
            used.add(step.obj)
        if step.kind == "put" and step.obj in used and step.method.startswith("params."):
            held.add(step.obj)
    return frozenset(held)


def lines_of(exercise: Exercise, step: Step, names: dict[int, str], held: frozenset[str]) -> list[str]:
    """Return one step as Python.

    If an object's arrays are held, they are read once, and later steps write into them.
    """
    line = line_of(exercise, step, names)
    if step.obj not in held or step.kind not in ("new", "put"):
        return [line]
    if step.kind == "new":
        return [line, f"arrays = dict({step.obj}.params)"]
    return [line.replace(f"{step.obj}.params[", "arrays[", 1)]


def argument_names(case: Case) -> dict[int, str]:
    """Name each array of a case: x, x2, … for inputs, labels, grad_out, grad_out2, … for upstream gradients."""
    names: dict[int, str] = {}
    for step in case.script:
        for argument in step.arguments:
            if isinstance(argument, Tensor) and id(argument) not in names:
                base = base_name(step, argument)
                used = sum(name.startswith(base) for name in names.values())
                names[id(argument)] = base if used == 0 else f"{base}{used + 1}"
    return names


def base_name(step: Step, argument: Tensor) -> str:
    """Return an array's role in the first step that uses it."""
    if step.kind == "put":
        return step.method.split(".")[-1]
    if argument.values.dtype.kind in "iu" and argument.values.ndim == 1:
        return "labels"
    return "grad_out" if step.method == "backward" else "x"


def line_of(exercise: Exercise, step: Step, names: dict[int, str]) -> str:
    """Return one step as a line of Python."""
    if step.kind == "refuse":
        made = replace(step, kwargs={})
        return f"{exercise.name}({arguments(exercise, made, names)}).forward(x)   # raise {step.method}"
    if step.kind == "make":
        return f"{step.obj} = {name_of(step.args[0], names)}"
    if step.kind == "new":
        return f"{step.obj} = {exercise.name}({arguments(exercise, step, names)})"
    if step.obj == FUNCTION:
        return f"{exercise.name}({arguments(exercise, step, names)})"
    if step.kind in ("get", "put"):
        path = python_path(step)
        return path if step.kind == "get" else f"{path}[...] = {name_of(step.args[0], names)}"
    called = "" if step.method == "__call__" else f".{step.method}"
    return f"{step.obj}{called}({', '.join(name_of(argument, names) for argument in step.args)})"


def python_path(step: Step) -> str:
    """Return an attribute path as Python writes it: ``layers.3.mask`` is ``model.layers[3].mask``.

    The rest of a path that begins with ``params`` or ``grads`` is one key: ``model.params["0.weight"]``.
    """
    first, _, rest = step.method.partition(".")
    if first in ("params", "grads") and rest:
        return f'{step.obj}.{first}["{rest}"]'
    return re.sub(r"\.(\d+)(?=\.|$)", r"[\1]", f"{step.obj}.{step.method}")


def arguments(exercise: Exercise, step: Step, names: dict[int, str]) -> str:
    """Return the arguments of a constructor or function, by name."""
    order = constructor_names(exercise)
    given = dict(zip(order, step.args, strict=False)) | step.kwargs
    return ", ".join(f"{name}={name_of(given[name], names)}" for name in order if name in given)


def name_of(argument: Any, names: dict[int, str]) -> str:
    """Return an array's name, the call that makes a piece, or any other value as Python writes it."""
    match argument:
        case Tensor():
            return names[id(argument)]
        case Ref():
            return argument.obj
        case Generator():
            return argument.name or f"np.random.default_rng({argument.seed})"
        case Piece():
            inside = [name_of(item, names) for item in argument.args]
            inside += [f"{name}={name_of(item, names)}" for name, item in argument.kwargs.items()]
            return f"{argument.name}({', '.join(inside)})"
    return repr(argument)


def layout_notes(step: Step, names: dict[int, str]) -> Iterator[str]:
    """Return a comment for each array that has an unusual memory layout."""
    for argument in step.args:
        if isinstance(argument, Tensor) and argument.layout is not Layout.C:
            yield f"# {names[id(argument)]}: {text(f'checking.panel.layout_{argument.layout.value}')}"
