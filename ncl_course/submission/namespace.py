"""Run a student's own notebook, on the student's own machine, and see what it defines.

For ``ncl-course check`` and for lesson 06, which takes a student's layers from the notebooks beside it. Grading does
not do this: there student code runs in a sandbox.
"""

from __future__ import annotations

import ast
import contextlib
import io
import linecache
import warnings
from dataclasses import dataclass, field
from typing import Any

from ncl_course.submission.magics import without_magics
from ncl_course.submission.notebook import Cell, Notebook

SHOWS_ONLY = ("check", "course_map", "progress", "display")
"""Calls that only show something: a cell of nothing else is passed over."""


@dataclass
class Definitions:
    """What the cells of one notebook have left behind, in a namespace of its own.

    Attributes:
        names: the namespace.
        troubles: what went wrong, by the number of the code cell from 1, as ``IndexError: …``.
    """

    names: dict[str, Any] = field(default_factory=dict)
    troubles: dict[int, str] = field(default_factory=dict)


def definitions(notebook: Notebook) -> Definitions:
    """Run the cells in order; one that raises is noted, and the rest goes on. Pictures and checks are passed over."""
    made = Definitions({"__name__": "__main__", "display": lambda *_: None, "get_ipython": lambda: None})
    for number, cell in enumerate(notebook.cells, start=1):
        source = without_magics(cell.source)
        if not passed_over(cell, source):
            run_cell(number, source, made)
    return made


def passed_over(cell: Cell, source: str) -> bool:
    """Whether a cell has nothing to define: a given picture, or calls that only show something."""
    if cell.role == "picture":
        return True
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):
        return False
    calls = [s.value for s in body if isinstance(s, ast.Expr) and isinstance(s.value, ast.Call)]
    return len(calls) == len(body) and all(isinstance(c.func, ast.Name) and c.func.id in SHOWS_ONLY for c in calls)


def run_cell(number: int, source: str, made: Definitions) -> None:
    """Run one cell; its output and its warnings are of no interest here."""
    name = f"<cell {number}>"
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
