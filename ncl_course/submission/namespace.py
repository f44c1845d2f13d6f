"""Run a student's own notebook on the student's own machine, and collect the names that it defines.

``ncl-course check`` uses this, and so does lesson 06, which takes a student's layers from the notebooks in the same
folder. Grading does not: it runs student code in a sandbox.
"""

from __future__ import annotations

import ast
import contextlib
import io
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ncl_course.exercises import EXERCISES
from ncl_course.language import text
from ncl_course.protocol.raised import describe
from ncl_course.protocol.script import Raised
from ncl_course.protocol.shell import Shell, Written, cell_builtins, importable
from ncl_course.protocol.statements import Cells, Failed
from ncl_course.submission.defined import parsed
from ncl_course.submission.failures import SYNTAX
from ncl_course.submission.limit import TimeIsUp, limited
from ncl_course.submission.magics import runnable
from ncl_course.submission.notebook import Cell, Notebook

CELL_SECONDS = 60.0
"""The time limit of a cell of the lessons 01 to 05, which only define layers."""

SHOWS_ONLY = ("ask", "check", "course_map", "progress", "display")
"""Functions that only show something: a cell that contains only calls of these is skipped."""


@dataclass
class Definitions:
    """The names that the cells of one notebook have defined, in a namespace of its own.

    Attributes:
        names: the namespace.
        troubles: the first error of each cell, such as ``IndexError: …``, by the number of the code cell, from 1.
        failed: all statements that failed, by the number of their cell.
    """

    names: dict[str, Any] = field(default_factory=dict)
    troubles: dict[int, str] = field(default_factory=dict)
    failed: dict[int, list[Failed]] = field(default_factory=dict)


@contextlib.contextmanager
def as_main() -> Iterator[dict[str, Any]]:
    """Let a new, empty namespace be the module ``__main__`` for a while, as a notebook's is in its kernel.

    Code that looks a class up by its module's name finds it there: ``pickle`` does.
    """
    before, here = sys.modules["__main__"], types.ModuleType("__main__")
    sys.modules["__main__"] = here
    try:
        yield vars(here)
    finally:
        sys.modules["__main__"] = before


def definitions(
    notebook: Notebook,
    begins: Callable[[int], object] = int,
    *,
    seconds: float | None = None,
    names: dict[str, Any] | None = None,
) -> Definitions:
    """Run the cells in order; note an error and go on with the next statement. Pictures and checks are skipped.

    Args:
        notebook: the notebook.
        begins: called with the number of each code cell before it runs.
        seconds: the time limit of each cell; by default ``CELL_SECONDS``.
        names: the namespace to run them in; by default a new one, which no module has.
    """
    made = Definitions({"__name__": "__main__"} if names is None else names)
    written = Written()
    made.names.update(cell_builtins(Shell(made.names, written)))
    cells = Cells(made.names, (Exception, SystemExit))
    lesson = f" of {notebook.lesson}" if notebook.lesson else ""  # lesson 06 keeps the sources of several notebooks
    with importable(written), contextlib.closing(cells):
        for number, cell in enumerate(notebook.cells, start=1):
            source = runnable(cell.source)
            if not passed_over(cell, source):
                begins(number)
                with stopped_after(CELL_SECONDS if seconds is None else seconds, cells):
                    run_cell(f"<cell {number}{lesson}>", source, cells)
                note(number, cells.failed, made)
        made.names.update({one.name: cells.defined(one.name) for one in EXERCISES if one.name in made.names})
    return made


def note(number: int, failed: list[Failed], made: Definitions) -> None:
    """Note the statements of a cell that failed."""
    if failed:
        made.failed[number] = failed
        made.troubles[number] = in_words(number, failed[0].raised)


@contextlib.contextmanager
def stopped_after(seconds: float, cells: Cells) -> Iterator[None]:
    """Stop a cell when its time is up, and note it."""
    try:
        with limited(seconds):
            yield
    except TimeIsUp as error:
        where = describe(error).where
        slow = text("submission.cell.slow", seconds=f"{seconds:g}", where=where)
        cells.failed.append(Failed(cells.line, Raised("", slow)))


def passed_over(cell: Cell, source: str) -> bool:
    """Return whether a cell defines nothing: it is a given picture, or it only contains calls that show something."""
    if cell.role == "picture":
        return True
    tree = parsed(source)
    if tree is None:
        return False
    body = tree.body
    calls = [s.value for s in body if isinstance(s, ast.Expr) and isinstance(s.value, ast.Call)]
    return len(calls) == len(body) and all(isinstance(c.func, ast.Name) and c.func.id in SHOWS_ONLY for c in calls)


def run_cell(name: str, source: str, cells: Cells) -> None:
    """Run one cell, discarding its output and its warnings; ``name`` stands for its file in a traceback."""
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        cells.run(name, source)


def in_words(number: int, raised: Raised) -> str:
    """Return an exception as Python prints it, with the line of a SyntaxError."""
    line = raised.where.partition(":")[0]
    place = f" (<cell {number}>, line {line})" if raised.type_name in SYNTAX else ""
    return f"{raised.type_name}: {raised.message}{place}" if raised.type_name else str(raised.message)
