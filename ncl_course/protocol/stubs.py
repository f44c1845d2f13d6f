"""Tell a method that is still as it was handed out from one that a student has written.

Where an untouched method of a later cell hides a written one of an earlier cell, the written one can be played.
"""

from __future__ import annotations

import ast
import difflib
import inspect
import linecache
import types
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from ncl_course.nn.layer import Layer

STUB = "NotImplementedError"
Function = ast.FunctionDef | ast.AsyncFunctionDef


def is_stub(function: Any) -> bool:
    """Return whether a function is untouched: it ends by raising NotImplementedError, after given lines alone."""
    code = getattr(function, "__code__", None)
    if code is None or STUB not in code.co_names:
        return False
    node = node_of(code)
    return node is None or untouched(node)


def node_of(code: types.CodeType) -> Function | None:
    """Return the syntax tree of a function from the source of its cell; None if there is no source."""
    source = "".join(linecache.getlines(code.co_filename))
    return next((node for node in functions(source) if is_of(node, code)), None)


def is_of(node: Function, code: types.CodeType) -> bool:
    """Return whether a function in a source is the one with this code."""
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return node.name == code.co_name and first == code.co_firstlineno


@lru_cache(64)
def functions(source: str) -> tuple[Function, ...]:
    """Return the functions and methods in a source; none if it does not parse."""
    try:
        tree = compile(
            source, "<source>", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True
        )
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    return tuple(node for node in ast.walk(tree) if isinstance(node, Function))


def untouched(node: Function) -> bool:
    """Return whether a function holds its handed-out lines alone: the given ones, then the exception."""
    *before, last = node.body
    return raises_stub(last) and all(is_given(statement, node.name) for statement in before)


def raises_stub(statement: ast.stmt) -> bool:
    """Return whether a statement is ``raise NotImplementedError`` with anything in its brackets."""
    if not isinstance(statement, ast.Raise) or statement.exc is None:
        return False
    kind = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
    return isinstance(kind, ast.Name) and kind.id == STUB


def is_given(statement: ast.stmt, method: str) -> bool:
    """Return whether a handed-out method may have this line above the exception."""
    match statement:
        case ast.Expr(value=ast.Constant()) | ast.Assign(value=ast.Attribute(attr="shape" | "training")):
            return True
        case ast.If(body=[ast.Return(value=value)], orelse=[]) if value is not None:
            return ast.unparse(value).startswith("super().")
        case ast.Assign(targets=targets) if method == "__init__":
            names = [name for target in targets for name in getattr(target, "elts", [target])]
            return all(ast.unparse(name).startswith("self.") for name in names)
    return False


def without_stubs(target: Any) -> tuple[Any, tuple[str, ...]]:
    """Return a class in which written methods replace untouched ones that hide them, and their names."""
    if not isinstance(target, type):
        return target, ()
    found = {name: method for name in dir(target) if (method := written_below(target, name)) is not None}
    if not found:
        return target, ()
    try:
        return type(target)(target.__name__, (target,), found), tuple(sorted(found))
    except Exception:  # a student's metaclass may refuse
        return target, ()


def written_below(target: type, name: str) -> Any:
    """Return the first written method of that name in a class's bases, if an untouched one hides it; else None."""
    there = [vars(kind)[name] for kind in target.__mro__ if kind is not Layer and name in vars(kind)]
    if not there or not is_stub(there[0]):
        return None
    return next((method for method in there[1:] if inspect.isfunction(method) and not is_stub(method)), None)


def unfinished(error: BaseException, target: Any, filenames: Any) -> str:
    """Say where written code raises NotImplementedError; empty if nothing is written.

    Returns:
        ``within NAME`` if the written function NAME raises it or calls an untouched one, ``close NAME`` if the class
        lacks the method but has NAME, whose name is close to it; or empty.
    """
    codes = [frame.f_code for frame in frames(error) if filenames(frame.f_code.co_filename)]
    if codes:
        node = node_of(codes[0])
        return "" if node is None or untouched(node) else f"within {codes[-1].co_name}"
    wanted = [frame.f_code.co_name for frame in frames(error) if frame.f_code.co_name in vars(Layer)][-1:]
    own = [name for kind in getattr(target, "__mro__", ())[:-1] if kind is not Layer for name in vars(kind)]
    close = difflib.get_close_matches(wanted[0], [n for n in own if n not in vars(Layer)], n=1) if wanted else []
    return f"close {close[0]}" if close else ""


def frames(error: BaseException) -> Iterator[types.FrameType]:
    """Yield the frames of an exception, from the outermost."""
    trace = error.__traceback__
    while trace is not None:
        yield trace.tb_frame
        trace = trace.tb_next
