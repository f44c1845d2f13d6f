"""Run a notebook's cells one top-level statement at a time, so that a statement that raises costs only itself.

This runs beside the student's code, in the sandbox or on the student's own machine.
"""

from __future__ import annotations
import __future__

import ast
import contextlib
import inspect
import linecache
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ncl_course.nn.sentences import said
from ncl_course.protocol.raised import MAX_TEXT, describe, is_students
from ncl_course.protocol.script import Raised
from ncl_course.protocol.words import plain_words

if TYPE_CHECKING:
    import asyncio

MOST_FAILED = 50
"""The number of failed statements that are noted of one cell."""


@dataclass(frozen=True)
class Failed:
    """A statement that raised: its first line, from 1, and the exception. Line 0 stands for the whole cell."""

    line: int
    raised: Raised


class Cells:
    """Runs cells in one namespace, as IPython does: with ``await``, and with ``from __future__`` for all that follow.

    Annotations are not evaluated, as from Python 3.14 on: one that names a module which is not there costs nothing.

    Attributes:
        names: the namespace.
        notes: sentences that a cell's imports add; each one becomes a failure of the statement that is running.
        caught: the exceptions that cost only their statement.
        failed: the statements of the latest cell that have failed so far.
        line: the first line of the statement that ran last.
        definitions: the last class or function that a statement defined under each name.
    """

    def __init__(self, names: dict[str, Any], caught: tuple[type[BaseException], ...] = (BaseException,)) -> None:
        self.names = names
        self.caught = caught
        self.notes: list[str] = []
        self.failed: list[Failed] = []
        self.line = 0
        self.definitions: dict[str, Any] = {}
        self.flags = __future__.annotations.compiler_flag
        self.loop: asyncio.AbstractEventLoop | None = None

    def run(self, name: str, source: str) -> list[Failed]:
        """Run one cell, and return the statements that failed, in order. ``SystemExit`` ends the cell.

        ``name`` stands for the cell's file in a traceback, as in ``<cell 3>``.
        """
        self.failed, self.line = [], 0
        remember_source(name, source)
        try:
            flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | self.flags
            tree = compile(source, name, "exec", flags, dont_inherit=True)
        except self.caught as error:
            self.failed.append(Failed(0, described(error)))
            return self.failed
        for statement in tree.body:
            self.line = first_line(statement)
            ended = False
            try:
                self.carry_out(statement, name)
            except self.caught as error:
                self.failed.append(Failed(self.line, described(error)))
                ended = isinstance(error, SystemExit)
            self.failed += [Failed(self.line, Raised("ImportError", note)) for note in self.notes]
            self.notes.clear()
            del self.failed[MOST_FAILED:]
            if ended:
                break
        return self.failed

    def carry_out(self, statement: ast.stmt, name: str) -> None:
        """Run one statement."""
        module = ast.Module([statement], [])
        code = compile(module, name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | self.flags, dont_inherit=True)
        result = eval(code, self.names)
        if code.co_flags & inspect.CO_COROUTINE:
            self.wait_for(result)
        if isinstance(statement, ast.ClassDef | ast.FunctionDef):
            self.definitions[statement.name] = self.names.get(statement.name)
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            self.flags |= future_flags(statement)

    def defined(self, name: str) -> Any:
        """Return what has a name at the end; its definition if that was overwritten by a result or an object of it.

        Raises:
            KeyError: if nothing has the name.
        """
        value, definition = self.names[name], self.definitions.get(name)
        if isinstance(value, type) or definition is None:
            return value
        own = isinstance(definition, type) and isinstance(value, definition)
        return definition if own or not callable(value) else value

    def wait_for(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        """Run a statement with ``await`` to its end, in one event loop for all cells."""
        import asyncio  # late: it takes long to load, and few cells await anything
        from concurrent.futures import ThreadPoolExecutor

        if self.loop is None:
            try:
                self.loop = asyncio.new_event_loop()
            except OSError:  # the sandbox may refuse the sockets of an event loop
                return by_hand(coroutine)
        if asyncio._get_running_loop() is None:
            self.loop.run_until_complete(coroutine)
            return None
        with ThreadPoolExecutor(1) as other:  # lesson 06 runs notebooks in a kernel, which has a loop of its own
            other.submit(self.loop.run_until_complete, coroutine).result()
        return None

    def close(self) -> None:
        """Close the event loop, if one was needed."""
        if self.loop is not None:
            self.loop.close()
            self.loop = None


def by_hand(coroutine: Coroutine[Any, Any, Any]) -> None:
    """Run a coroutine that waits for nothing but its turn.

    Raises:
        RuntimeError: if it waits for anything else.
    """
    with contextlib.suppress(StopIteration):
        while coroutine.send(None) is None:
            pass
        raise RuntimeError(
            said("refused.loop", "await needs an event loop, and there is none while a notebook is graded")
        )


def remember_source(name: str, source: str) -> str:
    """Keep a cell's source for tracebacks, and return the name of its file."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    return name


def first_line(statement: ast.stmt) -> int:
    """Return a statement's first line; a decorator's if there is one."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def future_flags(statement: ast.ImportFrom) -> int:
    """Return the compiler's flags for the features that ``from __future__ import`` names."""
    flags = 0
    for alias in statement.names:
        feature = getattr(__future__, alias.name, None)
        flags |= getattr(feature, "compiler_flag", 0)
    return flags


def described(error: BaseException) -> Raised:
    """Describe an exception of a cell, even if its own ``__str__`` raises."""
    if isinstance(error, SyntaxError) and is_students(str(error.filename)):
        where = f"{error.lineno}: {(error.text or '').strip()}"
        return Raised(type(error).__name__, str(error.msg)[:MAX_TEXT], where[:MAX_TEXT])
    try:
        return describe(error)
    except BaseException:
        return Raised(str(type(error).__name__))


def plain_failures(failed: list[Failed]) -> list[list[Any]]:
    """Return failures as lists of plain values."""
    return [[one.line, one.raised.type_name, plain_words(one.raised.message), one.raised.where] for one in failed]
