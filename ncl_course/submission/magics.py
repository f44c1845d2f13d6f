"""Remove IPython's magics and shell escapes from a cell, so that its Python code still runs.

IPython's own transformer decides what a magic is. It only parses, and runs nothing. It starts over after each magic
that it finds, so it gets one logical line at a time. Python's tokenizer, which reads every line once, finds where a
logical line ends.
"""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from ncl_course.submission.defined import parsed

PYTHON_CELLS = ("time", "capture", "prun", "python", "python3", "ipytest", "debug")
"""Cell magics whose body is Python that runs in the notebook's own namespace."""

WRITING = ("writefile", "file")
"""Cell magics that write their body into a file, from which another cell may import it."""

OTHER_CELLS = """\
writefile file timeit memit bash sh script cmd powershell system sx shell html HTML javascript js latex markdown svg SVG
perl ruby pypy python2 R julia sql bigquery cython fortran skip ai mermaid css
"""
"""Cell magics with a body that is not Python, or that defines nothing in the notebook."""

CELL_MAGIC = re.compile(r"\s*+%%(\w++)(?!\?)([^\n]*)\n?")
MAGIC = re.compile(r"^[ \t]*[%!?,;/]|\?[ \t]*$|=\s*[%!](?!=)", re.MULTILINE)
"""Matches every line with a magic and few others: a sign in front, a question mark at the end, ``x = !``, ``x = %``."""

PASTED = re.compile(r"(?:[ \t]*+\n)*+(?:[ \t]+\S|>>>|In \[\d+\]:)")
"""Matches a cell that begins with an indentation or a prompt. IPython removes both from every line."""

STATEMENT = re.compile(r"^(\s*)%(?:time|prun|memit)\s+(?!-)(?=\S)")
"""A line magic that runs the statement after it."""

RUN = re.compile(r"^([ \t]*)pass  # %run[ \t]+[\"']?([\w./-]+\.py)[\"']?[ \t]*$", re.MULTILINE)
"""Matches the comment in place of the line magic that runs a file, perhaps one that a cell has written."""

PYLAB = re.compile(r"^([ \t]*)pass  # %pylab\b(?![^\n]*--no-import-all)[^\n]*$", re.MULTILINE)
"""Matches the comment in place of the magic that imports NumPy's names."""

CERTAIN = re.compile(r"\s*(?:%{1,2}\w|!|\?)")
"""Matches a line that cannot be the beginning of Python code."""

ALONE = re.compile(r"[^\"'()\[\]{}\\]*")
"""Matches a line that cannot continue on the next line."""

BROKEN = (tokenize.TokenError, SyntaxError, ValueError)


class CellMagic(NamedTuple):
    """A cell magic: its name, its arguments, and the position in the source where the cell's body begins."""

    name: str
    arguments: str
    body: int


def cell_magic(source: str, at: int = 0) -> CellMagic | None:
    """Return the cell magic at a position of a cell's source, its beginning by default; None if there is none."""
    found = CELL_MAGIC.match(source, at)
    return CellMagic(found[1], found[2].strip(), found.end()) if found else None


def runnable(source: str) -> str:
    """Return the cell as Python to run: without magics, except those that write or run Python, or import NumPy's names.

    They become calls of ``get_ipython()``, as in IPython; ``protocol/shell.py`` answers them.
    """
    return with_files(source, without_magics(source))


def with_files(source: str, rest: str) -> str:
    """Return the rest of a cell without magics, with the calls for those that define names."""
    found = cell_magic(source)
    if found and found.name in WRITING:
        call = f"get_ipython().run_cell_magic({found.name!r}, {found.arguments!r}, {source[found.body :]!r})"
        return "\n" * source.count("\n", 0, found.body - 1) + call
    rest = PYLAB.sub(r"\1get_ipython().run_line_magic('pylab', '')", rest)
    return RUN.sub(r"\1get_ipython().run_line_magic('run', '\2')", rest)


@lru_cache(maxsize=128)
def without_magics(source: str) -> str:
    """Return the cell as plain Python: each magic becomes a comment, and ``pass`` takes its place in a block.

    A line that only looks like a magic, inside a string or as the continuation of another line, stays as it is. Line
    numbers stay the same.
    """
    at = 0
    while found := cell_magic(source, at):
        if found.name not in PYTHON_CELLS and not is_python(found.name, source[found.body :]):
            return ""
        at = found.body
    body = source[at:]
    if MAGIC.search(body) or PASTED.match(body):
        body = "\n".join(python_lines(body))
    return "\n" * source.count("\n", 0, at) + body if body else ""


def is_python(name: str, body: str) -> bool:
    """Return whether a cell magic of an extension has a body of Python, which it probably runs."""
    return name not in OTHER_CELLS.split() and parsed("\n".join(python_lines(body))) is not None


def python_lines(source: str) -> Iterator[str]:
    """Yield the cell's lines, with magics as comments."""
    from IPython.core.inputtransformer2 import TransformerManager  # late: few cells have magics

    manager = TransformerManager()
    lines = (unpasted(source, manager) if PASTED.match(source) else source).split("\n")
    at = 0
    while at < len(lines):
        end = logical_end(lines, at)
        if end is None:  # the cell cannot run; its error should name the student's own line
            yield from (commented([line])[0] if CERTAIN.match(line) else line for line in lines[at:])
            return
        piece = lines[at:end]
        yield from as_python(piece, manager) if MAGIC.search("\n".join(piece)) else piece
        at = end


def unpasted(source: str, manager: Any) -> str:
    """Return the cell without prompts and without its common indentation."""
    first = source.rfind("\n", 0, len(source) - len(source.lstrip())) + 1
    lines = [f"{line}\n" for line in source[first:].split("\n")]
    for transform in manager.cleanup_transforms:
        lines = transform(lines)
    return source[:first] + "".join(lines)[:-1]


def logical_end(lines: Sequence[str], at: int) -> int | None:
    """Return the number of the line after the logical line that begins at ``at``; None if that line never ends."""
    line = lines[at].lstrip()
    if not line or line.startswith("#"):
        return at + 1
    if line[0] in "%!?,;/":
        return continued(lines, at)
    return at + 1 if ALONE.fullmatch(line) else tokenized_end(lines, at)


def continued(lines: Sequence[str], at: int) -> int:
    """Return the number of the line after a line that backslashes continue."""
    while lines[at].endswith("\\") and at + 1 < len(lines):
        at += 1
    return at + 1


def tokenized_end(lines: Sequence[str], at: int) -> int | None:
    """Return the number of the line after a logical line of Python, or after a command whose result is assigned."""
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
    """Return a logical line as Python: a magic becomes a comment, or the statement that the magic runs."""
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
    return ["".join(lines).rstrip("\n"), *[""] * (len(piece) - 1)]  # such as ,f a b, which IPython turns into a call


def commented(piece: Sequence[str]) -> list[str]:
    """Return a magic's lines as a comment that may be the only content of a block."""
    first, *rest = piece
    body = first.lstrip()
    return [f"{first[: len(first) - len(body)]}pass  # {body}", *(f"# {line}" for line in rest)]
