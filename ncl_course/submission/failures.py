"""Say what a cell's failed statements cost: which names they leave undefined, and which failure came first."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ncl_course.language import text
from ncl_course.protocol.script import Raised
from ncl_course.protocol.statements import MOST_FAILED, Failed
from ncl_course.protocol.values import ProtocolError
from ncl_course.protocol.words import words_in
from ncl_course.submission.outline import Outline
from ncl_course.worded import worded

NOT_DEFINED = re.compile(r"name '([^']{1,100})' is not defined")
ENDING = ("", "SystemExit")
"""The types of failures after which the rest of a cell is not run; the first is that of a process that ended."""

SYNTAX = ("SyntaxError", "IndentationError", "TabError")
MOST_NAMES = 8
"""The number of names that a sentence lists."""

MOST_TEXT = 500
"""The number of characters that are kept of a text in an answer."""

UNWRITTEN = "NotImplementedError"
"""The error of a part that is not written yet; a given cell that only tries that part out has not failed by itself."""

WHOLE = 0
"""The line of a failure that costs a whole cell."""


@dataclass(frozen=True)
class Failure:
    """A statement that failed, and its cost.

    Attributes:
        cell: the number of the code cell, from 1.
        line: the statement's first line, from 1; 0 for the whole cell.
        raised: the exception.
        lost: the names that the statement should have bound and that stay undefined.
        kept: the names that keep an earlier definition, with the number of the cell that holds it.
        cause: the failure that this one follows from, or None.
        newer: the version of Python that the notebook was written in, if it is newer than this one.
        syntax: the version of Python whose syntax the cell seems to have, if it is newer than this one.
        conflict: whether the cell holds the marks of a merge conflict.
        definitions: the classes and functions among the names.
    """

    cell: int
    line: int
    raised: Raised
    lost: tuple[str, ...] = ()
    kept: Mapping[str, int] = field(default_factory=dict)
    cause: Failure | None = None
    newer: str = ""
    syntax: str = ""
    conflict: bool = False
    definitions: frozenset[str] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        """All names that the statement should have bound."""
        return frozenset(self.lost) | self.kept.keys()

    @property
    def shown(self) -> tuple[str, ...]:
        """The lost names to show: of a whole cell, only its classes and functions."""
        return self.lost if self.line != WHOLE else tuple(name for name in self.lost if name in self.definitions)

    @property
    def root(self) -> Failure:
        """The first failure of the chain that this one ends."""
        return self.cause.root if self.cause else self


def failures(cells: Sequence[Outline], failed: Mapping[int, Sequence[Failed]], python: str = "") -> tuple[Failure, ...]:
    """Return the failures of a notebook in the order of its cells.

    Args:
        cells: the outlines of the code cells, as they were run.
        failed: the statements that failed, by the number of their cell, from 1.
        python: the version of Python that the notebook was written in, or empty.
    """
    found: list[Failure] = []
    bound_in: dict[str, int] = {}
    lost_by: dict[str, Failure] = {}
    for number, cell in enumerate(cells, start=1):
        by_line = {one.line: one.raised for one in failed.get(number, ())}
        found_here = list(statements(cell, whole=WHOLE in by_line))
        while found_here:
            line, names = found_here.pop(0)
            raised = by_line.pop(line, None)  # of several statements in one line, the first
            if raised is not None and raised.type_name in ENDING:
                names = names.union(*(rest for _, rest in found_here))
                found_here = []
            if raised is None or (raised.type_name == UNWRITTEN and not names and not raised.hint):
                bound_in |= dict.fromkeys(names, number)
                lost_by = {name: failure for name, failure in lost_by.items() if name not in names}
                continue
            failure = Failure(
                number,
                line,
                raised,
                lost=tuple(sorted(names - bound_in.keys())),
                kept={name: bound_in[name] for name in sorted(names & bound_in.keys())},
                cause=lost_by.get(missing_name(raised)),
                newer=newer_than_here(python) if raised.type_name in SYNTAX else "",
                syntax=cell.newer if raised.type_name in SYNTAX else "",
                conflict=raised.type_name in SYNTAX and cell.conflict,
                definitions=frozenset(cell.definitions),
            )
            found.append(failure)
            lost_by |= {name: failure.root for name in names if name not in lost_by}
    return tuple(found)


def statements(cell: Outline, *, whole: bool) -> Iterator[tuple[int, set[str]]]:
    """Yield the first line and the bound names of each top-level statement; of the whole cell if it did not run."""
    if whole or not cell.starts:
        yield WHOLE, set(cell.names)
    else:
        yield from zip(cell.starts, map(set, cell.binds), strict=True)


def missing_name(raised: Raised) -> str:
    """Return the name that a NameError misses, or empty."""
    found = NOT_DEFINED.search(raised.message) if raised.type_name == "NameError" else None
    return found[1] if found else ""


def newer_than_here(python: str) -> str:
    """Return a version of Python if it is newer than the one that runs here, else empty."""
    numbers = re.findall(r"\d+", python)[:2]
    return ".".join(numbers) if tuple(map(int, numbers)) > sys.version_info[:2] else ""


def behind(failed: Sequence[Failure], name: str) -> Failure | None:
    """Return the first failure that a name's missing definition goes back to, or None."""
    return next((failure.root for failure in failed if name in failure.names), None)


def sentence(failure: Failure) -> str:
    """Say in words what failed, without the number of its cell, and what that costs."""
    raised = failure.raised
    said = [what(failure)]
    if failure.conflict:
        said.append(text("submission.failure.conflict"))
    elif failure.newer:
        here = ".".join(map(str, sys.version_info[:2]))
        said.append(text("submission.failure.newer", theirs=failure.newer, here=here))
    elif failure.syntax:
        here = ".".join(map(str, sys.version_info[:2]))
        said.append(text("submission.failure.newer_syntax", theirs=failure.syntax, here=here))
    if failure.line == WHOLE and raised.type_name:
        said.append(text("submission.failure.whole"))
    if failure.shown:
        said.append(text("submission.failure.lost", names=listed(failure.shown)))
    for name, cell in list(failure.kept.items())[:MOST_NAMES] if raised.type_name else ():
        if name in failure.definitions or cell != failure.cell:
            said.append(text("submission.failure.kept", name=name, cell=cell))
    if failure.cause is not None:
        said.append(text("submission.failure.follows", cell=failure.root.cell))
    return " ".join(said)


def what(failure: Failure) -> str:
    """Say what was raised, and in which line."""
    raised = failure.raised
    words = ": ".join(filter(None, (raised.type_name, worded(raised.message))))
    inside = raised.where.partition(":")[0]
    line = failure.line or (int(inside) if inside.isdecimal() and len(inside) < MOST_NAMES else 0)
    if line and raised.type_name:
        return text("submission.failure.what", what=words, line=line)
    return words if words.endswith((".", "?", "!")) else f"{words}."


def listed(names: Sequence[str]) -> str:
    """Return names as a list in words, the first few of many."""
    return ", ".join(names[:MOST_NAMES]) + (" …" if len(names) > MOST_NAMES else "")


def as_failed(tree: object) -> list[Failed]:
    """Return the failures in an answer that may be of any form; what is not one is left out.

    Sentences become short texts in the reader's language at once, since an answer may nest thousands of them.
    """
    found = []
    for node in tree[:MOST_FAILED] if isinstance(tree, list) else ():
        match node:
            case [int(line), str(kind), message, str(where)] if line >= 0:
                with contextlib.suppress(ProtocolError):
                    words = worded(words_in(message))
                    found.append(Failed(line, Raised(*(word[:MOST_TEXT] for word in (kind, words, where)))))
    return found
