"""A lesson's solutions as one percent script, and the notebooks made from it: with edits, stubs, and expected marks.

A cell holds one part of one exercise, as in the students' notebooks: ``class ReLU(ReLU)`` adds the backward pass.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from tests.submissions.pooling import SETUP, changed

MARK = "# %%\n"
Cells = tuple[str, ...]


@dataclass(frozen=True)
class Marks:
    """A notebook's expected marks: one letter for each part of each exercise, as in ``expected.py``."""

    exercises: dict[str, str]
    named: tuple[str, ...] = ()
    why: str = ""
    status: str = "graded"

    def letters(self) -> dict[str, str]:
        """Return the letters by exercise."""
        return self.exercises

    def but(self, why: str, *named: str, **letters: str) -> Marks:
        """Return the same marks with other letters for some exercises, and with the misconceptions that are named."""
        return Marks({**self.exercises, **letters}, named, why)


Handed = dict[str, tuple[Cells, Marks]]
"""The notebooks of one lesson by their folder's name."""


def cells(source: str, *edits: tuple[str, str]) -> Cells:
    """Return the notebook's code cells after the course's imports, with the edits made."""
    return (SETUP, *(cell.strip("\n") + "\n" for cell in changed(source, edits).split(MARK) if cell.strip()))


def stubbed(source: str, *names: str) -> str:
    """Return the script with those functions and methods as they were handed out."""
    lines = source.splitlines(keepends=True)
    for node in sorted(functions(source), key=lambda one: -one.lineno):
        if node.name in names:
            indent = " " * node.body[0].col_offset
            body = [f"{indent}# YOUR CODE HERE\n", f"{indent}raise NotImplementedError()\n"]
            lines[node.body[0].lineno - 1 : node.end_lineno] = body
    return "".join(lines)


def functions(source: str) -> list[ast.FunctionDef]:
    """Return every function and method of a script."""
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
