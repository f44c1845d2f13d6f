"""Keep secrets out of what students are told of exceptions.

An exception that was raised while the grader's cases were played may hold their numbers: in its message, in the name of
a class that was made on the spot, in the line that it claims to come from. So its type has to be one of Python's,
NumPy's or the notebook's own, its line a line of the notebook, the name in its hint a word of the notebook, and its
message is not told.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

from ncl_course.grading.worded import REFUSED
from ncl_course.protocol.script import Raised, Trace

OF_PYTHON = frozenset(
    name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException)
)
OF_NUMPY = frozenset(
    {"AxisError", "LinAlgError", "UFuncTypeError", "_UFuncNoLoopError", "_UFuncOutputCastingError", "_ArrayMemoryError"}
)
OF_LIBRARY = frozenset({"FrozenInstanceError", "InvalidOperation", "StatisticsError", "UnsupportedOperation"})
OTHER = "Exception"

CLASS = re.compile(r"^[ \t]*class[ \t]+(\w{1,60})\b", re.MULTILINE)
WORD = re.compile(r"\w+")

HINTS = frozenset({"within", "close", "own", "self"})
"""The kinds of hints; after some of them, a name follows."""

SHORT = 200
"""Characters of a message that the results keep for the instructor."""


class Discreet:
    """Decides which facts about exceptions from one notebook are told.

    Args:
        cells: the notebook's cells.
    """

    def __init__(self, cells: Iterable[str]) -> None:
        self.cells = tuple(cells)

    @cached_property
    def types(self) -> frozenset[str]:
        """The names of types that may be told."""
        own = {name for cell in self.cells for name in CLASS.findall(cell)}
        return OF_PYTHON | OF_NUMPY | OF_LIBRARY | own

    @cached_property
    def lines(self) -> frozenset[str]:
        """The lines of the cells, each as an exception names it: the number in its cell and the words."""
        return frozenset(
            f"{number}: {line.strip()}" for cell in self.cells for number, line in enumerate(cell.split("\n"), start=1)
        )

    @cached_property
    def words(self) -> frozenset[str]:
        """The words in the cells."""
        return frozenset(word for cell in self.cells for word in WORD.findall(cell))

    def type_name(self, name: str) -> str:
        """Return the name of a type, or that of all exceptions."""
        return name if name in self.types else OTHER

    def raised(self, raised: Raised, *, secret: bool) -> Raised:
        """Return what may be told of an exception.

        Args:
            raised: the exception.
            secret: whether the process had seen what students must not learn.
        """
        type_name = self.type_name(raised.type_name)
        where = raised.where if raised.where in self.lines else ""
        message = self.message(raised) if secret else raised.message
        hint = self.hint(raised.hint) if secret else raised.hint
        return replace(raised, type_name=type_name, where=where, message=message, hint=hint)

    def hint(self, hint: str) -> str:
        """Return the hint if its words are the notebook's: a function that was made on the spot may have any name."""
        kind, _, name = hint.partition(" ")
        return hint if kind in HINTS and (not name or name in self.words) else ""

    def message(self, raised: Raised) -> str:
        """Return the message for the results. One on a refused import is told, if the notebook has that import."""
        refused = REFUSED.match(raised.message)
        if refused and set(WORD.findall(refused[1])) <= self.words:
            return refused[0]
        return "" if refused else str(raised.message[:SHORT])

    def trace(self, trace: Trace, *, secret: bool) -> Trace:
        """Return a trace in which exceptions are told as they may be."""
        return tuple(
            replace(outcome, raised=self.raised(outcome.raised, secret=secret)) if outcome.raised else outcome
            for outcome in trace
        )
