"""Find the names that a cell's statements bind, without running it, so that the cost of a failed one can be said."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from ncl_course.protocol.statements import first_line
from ncl_course.submission.defined import bound, defined_names, parsed
from ncl_course.submission.newer import newer_syntax

CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7})(?: |$)", re.MULTILINE)
"""The marks that git leaves in a file where two versions differ."""

DEFINITION = re.compile(r"^[ \t]*(?:class|def|async[ \t]+def)[ \t]+(\w+)", re.MULTILINE)
MOST_NAMES = 200
"""The largest number of names that are kept from one statement."""


@dataclass(frozen=True)
class Outline:
    """A cell's statements.

    Attributes:
        starts: the first line of each top-level statement, from 1; empty if the cell does not parse.
        binds: the names that each of them binds.
        names: all names that the cell binds, as far as they can be seen if it does not parse.
        definitions: the classes and functions among the names.
        conflict: whether the cell holds the marks of a merge conflict.
        newer: the version of Python whose syntax the cell seems to have, if it does not parse in this older one.
    """

    starts: tuple[int, ...] = ()
    binds: tuple[tuple[str, ...], ...] = ()
    names: tuple[str, ...] = ()
    definitions: tuple[str, ...] = ()
    conflict: bool = False
    newer: str = ""


def outline(source: str) -> Outline:
    """Return the outline of a cell."""
    tree = parsed(source)
    body = tree.body if tree is not None else []
    return Outline(
        starts=tuple(first_line(statement) for statement in body),
        binds=tuple(short(bound([statement])) for statement in body),
        names=short(defined_names(source)),
        definitions=short(DEFINITION.findall(source)),
        conflict=CONFLICT.search(source) is not None,
        newer=newer_syntax(source) if tree is None else "",
    )


def short(names: Any) -> tuple[str, ...]:
    """Return names in order, each once and not too many of them, and without the star of an import."""
    return tuple(sorted(set(names) - {"*"})[:MOST_NAMES])


def outline_of(node: dict[str, Any]) -> Outline:
    """Return the outline that was written as plain lists."""
    return Outline(
        tuple(node["starts"]),
        tuple(map(tuple, node["binds"])),
        tuple(node["names"]),
        tuple(node["definitions"]),
        node["conflict"],
        node["newer"],
    )


def steps_of(source: str, cell: Outline) -> list[str]:
    """Return each top-level statement as a source of its own, with its line numbers.

    It is empty if the cell has only one, if it does not parse, or if it defines no class and no function.
    """
    if len(cell.starts) < 2 or len(set(cell.starts)) < len(cell.starts) or not cell.definitions:
        return []
    lines = source.split("\n")
    ends = [*(start - 1 for start in cell.starts[1:]), len(lines)]
    return [
        "\n" * (start - 1) + "\n".join(lines[start - 1 : end]) for start, end in zip(cell.starts, ends, strict=True)
    ]


def without_steps(source: str, starts: Sequence[int], places: Collection[int]) -> str:
    """Return the source of a cell with empty lines in place of the statements at these places, counted from 0."""
    lines = source.split("\n")
    for place in places:
        end = starts[place + 1] - 1 if place + 1 < len(starts) else len(lines)
        lines[starts[place] - 1 : end] = [""] * (end - starts[place] + 1)
    return "\n".join(lines)


def first_steps(source: str, starts: Sequence[int], count: int) -> str:
    """Return the source of the first statements of a cell, so many of them."""
    return "\n".join(source.split("\n")[: starts[count] - 1]) if 0 < count < len(starts) else ""
