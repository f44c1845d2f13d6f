"""Run a student's own notebook on the student's own machine, and collect the names that it defines.

``ncl-course check`` uses this, and so does lesson 06, which takes a student's layers from the notebooks in the same
folder. Grading does not: it runs student code in a sandbox.
"""

from __future__ import annotations

import ast
import contextlib
import io
import linecache
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ncl_course.language import text
from ncl_course.protocol.play import describe
from ncl_course.submission.limit import TimeIsUp, limited
from ncl_course.submission.magics import without_magics
from ncl_course.submission.notebook import Cell, Notebook

CELL_SECONDS = 60.0
"""The time limit of a cell of the lessons 01 to 05, which only define layers."""

SHOWS_ONLY = ("check", "course_map", "progress", "display")
"""Functions that only show something: a cell that contains only calls of these is skipped."""


@dataclass
class Definitions:
    """The names that the cells of one notebook have defined, in a namespace of its own.

    Attributes:
        names: the namespace.
        troubles: the errors, such as ``IndexError: …``, by the number of the code cell, from 1.
    """

    names: dict[str, Any] = field(default_factory=dict)
    troubles: dict[int, str] = field(default_factory=dict)


def definitions(
    notebook: Notebook, begins: Callable[[int], object] = int, *, seconds: float | None = None
) -> Definitions:
    """Run the cells in order; note an error and go on with the next cell. Pictures and checks are skipped.

    Args:
        notebook: the notebook.
        begins: called with the number of each code cell before it runs.
        seconds: the time limit of each cell; by default ``CELL_SECONDS``.
    """
    made = Definitions({"__name__": "__main__", "display": lambda *_: None, "get_ipython": lambda: None})
    lesson = f" of {notebook.lesson}" if notebook.lesson else ""  # lesson 06 keeps the sources of several notebooks
    for number, cell in enumerate(notebook.cells, start=1):
        source = without_magics(cell.source)
        if not passed_over(cell, source):
            begins(number)
            with stopped_after(CELL_SECONDS if seconds is None else seconds, number, made):
                run_cell(f"<cell {number}{lesson}>", number, source, made)
    return made


@contextlib.contextmanager
def stopped_after(seconds: float, number: int, made: Definitions) -> Iterator[None]:
    """Stop a cell when its time is up, and note it."""
    try:
        with limited(seconds):
            yield
    except TimeIsUp as error:
        where = describe(error).where
        made.troubles[number] = text("submission.cell.slow", seconds=f"{seconds:g}", where=where)


def passed_over(cell: Cell, source: str) -> bool:
    """Return whether a cell defines nothing: it is a given picture, or it only contains calls that show something."""
    if cell.role == "picture":
        return True
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    calls = [s.value for s in body if isinstance(s, ast.Expr) and isinstance(s.value, ast.Call)]
    return len(calls) == len(body) and all(isinstance(c.func, ast.Name) and c.func.id in SHOWS_ONLY for c in calls)


def run_cell(name: str, number: int, source: str, made: Definitions) -> None:
    """Run one cell, discarding its output and its warnings; ``name`` stands for its file in a traceback."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        try:
            exec(compile(source, name, "exec", dont_inherit=True), made.names)
        except (Exception, SystemExit) as error:
            made.troubles[number] = f"{type(error).__name__}: {error}"
