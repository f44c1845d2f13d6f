"""Find the names that a notebook's cells define, without running them, even if some do not parse."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable
from functools import lru_cache

FLAGS = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
UNSEEN = "[\ufeff\u200b-\u200f\u2060\u00a0]*"
"""Characters that come along when code is copied from a page; Python refuses them, and a person does not see them."""

HEADER = re.compile(
    rf"^{UNSEEN}(?:class|def|async\s+def)\s+([^\W\d]\w*)|^{UNSEEN}([^\W\d]\w*)\s*(?::[^=\n]+)?=(?!=)", re.MULTILINE
)
"""The beginning of a definition, for cells that do not parse."""

IMPORT = re.compile(r"^(?:from[ \t]+[\w.]+[ \t]+)?import[ \t]+(?:\(([^()]{1,2000})\)|([^\n#;(]+))", re.MULTILINE)
"""An import, for the same cells: the names are in parentheses or in the rest of the line."""


@lru_cache(maxsize=128)
def defined_names(source: str) -> frozenset[str]:
    """Return the names that a cell binds at its top level: classes, functions, imports, assignments."""
    tree = parsed(source)
    if tree is None:
        return frozenset(name for found in HEADER.findall(source) for name in found if name) | imported_names(source)
    return frozenset(bound(tree.body))


def imported_names(source: str) -> frozenset[str]:
    """Return the names that a cell's imports bind, read as lines of text."""
    pieces = (piece for found in IMPORT.findall(source) for piece in (found[0] or found[1]).split(","))
    names = (re.split(r"\s+as\s+", piece.strip())[-1].partition(".")[0].strip() for piece in pieces)
    return frozenset(name for name in names if name.isidentifier())


def parsed(source: str) -> ast.Module | None:
    """Return the syntax tree of a cell, which may await something at its top level; None if it does not parse."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a student's invalid escape in a string is none of our business
            tree: ast.Module = compile(source, "<cell>", "exec", FLAGS, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return tree


def bound(body: Iterable[ast.stmt]) -> set[str]:
    """Return the names that statements bind, including those inside if, for, while, with and try.

    It does not call itself: 1,500 times ``elif`` are as many statements inside one another.
    """
    names: set[str] = set()
    waiting = list(body)
    while waiting:
        statement = waiting.pop()
        if isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(statement.name)
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).partition(".")[0] for alias in statement.names}
        else:
            names |= stored(statement)
            for block in ("body", "orelse", "finalbody"):
                waiting += getattr(statement, block, ())
            for handler in getattr(statement, "handlers", ()):
                waiting += handler.body
    return names


def stored(statement: ast.stmt) -> set[str]:
    """Return the plain names that a statement itself assigns to."""
    targets = getattr(statement, "targets", None) or [getattr(statement, "target", None)]
    targets += [item.optional_vars for item in getattr(statement, "items", ())]
    inside = (node for target in targets if target is not None for node in ast.walk(target))
    return {node.id for node in inside if isinstance(node, ast.Name)}


def needed_cells(cells: Iterable[str], name: str) -> tuple[str, ...]:
    """Return the cells that define a name, and those that define the names used by them, in their order."""
    sources = tuple(cells)
    defined = [defined_names(source) for source in sources]
    used = [used_names(source) for source in sources]
    wanted, taken = {name}, set[int]()
    while True:
        more = {n for n, names in enumerate(defined) if names & wanted} - taken
        if not more:
            return tuple(sources[n] for n in sorted(taken))
        taken |= more
        wanted |= {used_name for n in more for used_name in used[n]}


def used_names(source: str) -> frozenset[str]:
    """Return the names that a cell reads anywhere; none if it does not parse."""
    tree = parsed(source)
    if tree is None:
        return frozenset()
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))
    return frozenset(node.id for node in nodes)
