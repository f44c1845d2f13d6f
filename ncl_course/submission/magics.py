"""Remove IPython's magics and shell escapes from a cell, so that its Python code still runs."""

from __future__ import annotations

import ast
import re
import warnings

PYTHON_CELLS = ("time", "capture", "prun", "python", "python3", "ipytest", "debug")
"""Cell magics whose body is Python that runs in the notebook's own namespace."""

CELL_MAGIC = re.compile(r"\s*%%(\w*)[^\n]*\n?")
STATEMENT = re.compile(r"^(\s*)%(?:time|prun|memit)\s+(?!-)(\S.*)$")
"""A line magic that runs the statement after it."""

MAGIC = re.compile(r"^\s*(?:%{1,2}\w|!|\?)|\?{1,2}\s*(?:#.*)?$|=\s*(?:%\w|!)")
"""Matches a line that only IPython understands: %magic, !shell, ?help, help?, x = %magic, x = !shell."""


def without_magics(source: str) -> str:
    """Return the cell as plain Python: each magic becomes a comment, and ``pass`` takes its place in a block.

    A line counts as a magic only if Python cannot parse it. So ``%`` at the start of a continuation line, or inside a
    string, stays as it is. Line numbers stay the same.
    """
    opening = CELL_MAGIC.match(source)
    if opening:
        rest = source[opening.end() :] if opening.group(1) in PYTHON_CELLS else ""
        return "\n" * opening.group(0).count("\n") + without_magics(rest) if rest else ""
    lines = source.split("\n")
    for _ in lines:
        number = stumble(lines)
        if number is None:
            return "\n".join(lines)
        at = magic_near(lines, number)
        if at is None:
            break
        lines[at] = commented(lines[at])
    return "\n".join(commented(line) if MAGIC.search(line) else line for line in lines)


def stumble(lines: list[str]) -> int | None:
    """Return the number, from 0, of the line at which Python stops parsing; None if everything parses."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse("\n".join(lines))
    except SyntaxError as error:
        return (error.lineno or 1) - 1
    except (ValueError, RecursionError, MemoryError):
        return None
    return None


def magic_near(lines: list[str], number: int) -> int | None:
    """Return the number of the magic at a line or at the one before, since Python may notice a magic one line late."""
    for at in (number, number - 1):
        if 0 <= at < len(lines) and MAGIC.search(lines[at]):
            return at
    return None


def commented(line: str) -> str:
    """Return a magic's line as Python: the statement that it runs, or a comment."""
    statement = STATEMENT.match(line)
    if statement:
        return statement.group(1) + statement.group(2)
    body = line.lstrip()
    return f"{line[: len(line) - len(body)]}pass  # {body}"
