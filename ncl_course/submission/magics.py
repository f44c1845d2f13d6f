"""Take IPython's magics and shell escapes out of a cell, so that what is Python in it still runs.

IPython's own transformer says what a magic is; it parses, and runs nothing. It begins anew after each magic that it
finds, so it is shown a logical line at a time. Where one ends, Python's tokenizer says, which sees every line once.
"""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

PYTHON_CELLS = ("time", "capture", "prun", "python", "python3", "ipytest", "debug")
"""Cell magics whose body runs as Python in the notebook's own namespace."""

CELL_MAGIC = re.compile(r"\s*+%%(\w++)(?!\?)([^\n]*)\n?")
MAGIC = re.compile(r"^[ \t]*[%!?,;/]|\?[ \t]*$|=\s*[%!](?!=)", re.MULTILINE)
"""What every magic has, and few other lines: a sign in front, help behind, or an assignment from a command."""

PASTED = re.compile(r"(?:[ \t]*+\n)*+(?:[ \t]+\S|>>>|In \[\d+\]:)")
"""A cell that begins with an indentation or a prompt: IPython takes such out, line by line."""

STATEMENT = re.compile(r"^(\s*)%(?:time|prun|memit)\s+(?!-)(?=\S)")
"""A line magic that runs the statement behind it."""

CERTAIN = re.compile(r"\s*(?:%{1,2}\w|!|\?)")
"""A line that no Python begins with."""

ALONE = re.compile(r"[^\"'()\[\]{}\\]*")
"""A line that no other one continues."""

BROKEN = (tokenize.TokenError, SyntaxError, ValueError)


class CellMagic(NamedTuple):
    """A cell magic: its name, the arguments behind it, and where in the source the cell's body begins."""

    name: str
    arguments: str
    body: int


def cell_magic(source: str, at: int = 0) -> CellMagic | None:
    """The cell magic that a cell begins with, there or at a later place; or None."""
    found = CELL_MAGIC.match(source, at)
    return CellMagic(found[1], found[2].strip(), found.end()) if found else None


def without_magics(source: str) -> str:
    """The cell as plain Python: each magic's line is a comment, its place in a block kept by ``pass``.

    A line that only looks like a magic, in a text or continuing another line, stays what it is. Line numbers stay
    the same.
    """
    at = 0
    while found := cell_magic(source, at):
        if found.name not in PYTHON_CELLS:
            return ""
        at = found.body
    body = source[at:]
    if MAGIC.search(body) or PASTED.match(body):
        body = "\n".join(python_lines(body))
    return "\n" * source.count("\n", 0, at) + body if body else ""


def python_lines(source: str) -> Iterator[str]:
    """The cell's lines, those of magics as comments."""
    from IPython.core.inputtransformer2 import TransformerManager  # late: few cells have magics

    manager = TransformerManager()
    lines = (unpasted(source, manager) if PASTED.match(source) else source).split("\n")
    at = 0
    while at < len(lines):
        end = logical_end(lines, at)
        if end is None:  # the cell does not run, and says so where it is broken
            yield from (commented([line])[0] if CERTAIN.match(line) else line for line in lines[at:])
            return
        piece = lines[at:end]
        yield from as_python(piece, manager) if MAGIC.search("\n".join(piece)) else piece
        at = end


def unpasted(source: str, manager: Any) -> str:
    """The cell without prompts and common indentation."""
    first = source.rfind("\n", 0, len(source) - len(source.lstrip())) + 1
    lines = [f"{line}\n" for line in source[first:].split("\n")]
    for transform in manager.cleanup_transforms:
        lines = transform(lines)
    return source[:first] + "".join(lines)[:-1]


def logical_end(lines: Sequence[str], at: int) -> int | None:
    """The line behind the logical line that begins at one, a magic's included; None where that never ends."""
    line = lines[at].lstrip()
    if not line or line.startswith("#"):
        return at + 1
    if line[0] in "%!?,;/":
        return continued(lines, at)
    return at + 1 if ALONE.fullmatch(line) else tokenized_end(lines, at)


def continued(lines: Sequence[str], at: int) -> int:
    """The line behind one that backslashes continue."""
    while lines[at].endswith("\\") and at + 1 < len(lines):
        at += 1
    return at + 1


def tokenized_end(lines: Sequence[str], at: int) -> int | None:
    """The line behind a logical line of Python, or behind a command whose result is assigned."""
    unread = iter(range(at, len(lines)))
    depth, assigned = 0, False
    try:
        for token in tokenize.generate_tokens(lambda: next((f"{lines[n]}\n" for n in unread), "")):
            if token.type == tokenize.NEWLINE:
                return at + token.start[0]
            if assigned and token.string in ("%", "!"):
                return continued(lines, at + token.start[0] - 1)
            assigned = (assigned and token.string.isspace()) or (token.string == "=" and depth == 0)
            depth += (token.string in ("(", "[", "{")) - (token.string in (")", "]", "}"))
    except BROKEN:
        return next(unread, None)
    return len(lines)


def as_python(piece: Sequence[str], manager: Any) -> Sequence[str]:
    """A logical line as Python: a comment where it is a magic, or the statement that the magic runs."""
    try:
        changed, lines = manager.do_one_token_transform([f"{line}\n" for line in piece])
    except BROKEN:
        return piece
    if not changed:
        return piece
    if STATEMENT.match(piece[0]):
        return [STATEMENT.sub(r"\1", piece[0]), *piece[1:]]
    if any("get_ipython()." in line for line in lines):
        return commented(piece)
    return ["".join(lines).rstrip("\n"), *[""] * (len(piece) - 1)]  # ,f a b and its like are calls


def commented(piece: Sequence[str]) -> list[str]:
    """A magic's lines as a comment that may be all there is of a block."""
    first, *rest = piece
    body = first.lstrip()
    return [f"{first[: len(first) - len(body)]}pass  # {body}", *(f"# {line}" for line in rest)]
