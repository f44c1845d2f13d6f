"""Cut the part of a student's code that a misconception is about, without comments and texts: for a page about nobody.

The code is only read as text, and only a short piece of it: nothing of a notebook is run or parsed here.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterable, Mapping, Sequence

from ncl_course.grading.entry import Entry, clean
from ncl_course.grading.handed_in.submission import Submission

LONGEST, LINES = 6_000, 24
"""Characters of a definition that are read, and lines of an excerpt."""

LOOKED_AT, SHOWN = 8, 2
"""Notebooks that are opened for one misconception, and excerpts of them that are shown."""

Sources = Mapping[tuple[str, str], Submission]


def by_key(submissions: Iterable[Submission]) -> Sources:
    """Return the submissions by the keys of their entries."""
    return {(clean(one.student), clean(one.file)): one for one in submissions}


def excerpts(entries: Sequence[Entry], exercise: str, part: str, sources: Sources) -> tuple[str, ...]:
    """Return the shortest different excerpts of these notebooks."""
    found: set[str] = set()
    for entry in [one for one in entries if one.key in sources][:LOOKED_AT]:
        _, notebook = sources[entry.key].opened()
        code = excerpt(notebook.sources, exercise, part) if notebook else ""
        if code:
            found.add(code)
    return tuple(sorted(found, key=lambda code: (len(code), code))[:SHOWN])


def excerpt(cells: Iterable[str], exercise: str, part: str) -> str:
    """Return the last method of that name, or a whole definition if there is none; or an empty text.

    A class may be continued under its own name in a later cell. An assignment to the name replaces what was before.
    """
    found: list[str] = []
    for cell in cells:
        if definition := block(cell, rf"(?:class|def) {re.escape(exercise)}\b"):
            found.append(definition)
        elif re.search(rf"^{re.escape(exercise)}\s*(?::[^=\n]+)?=(?!=)", cell, re.MULTILINE):
            found.clear()
    classes = [one for one in found if one.startswith("class")]
    methods = [method for one in classes if (method := block(one, rf"def {re.escape(part)}\b"))]
    return anonymous((methods or found or [""])[-1])


def block(source: str, head: str) -> str:
    """Return the last block of lines that begins with this head: up to the next line that is not further in."""
    lines = source.splitlines()
    starts = [n for n, line in enumerate(lines) if re.match(rf"\s*{head}", line)]
    if not starts:
        return ""
    start = starts[-1]
    depth = len(lines[start]) - len(lines[start].lstrip())
    end = start + 1
    while end < len(lines) and (not lines[end].strip() or len(lines[end]) - len(lines[end].lstrip()) > depth):
        end += 1
    return "\n".join(line[depth:] for line in lines[start:end]).rstrip()


def anonymous(code: str) -> str:
    """Return code without comments and with … in its texts; empty if it is too long or Python cannot read it."""
    if not code or len(code) > LONGEST:
        return ""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(code + "\n").readline))
    except (tokenize.TokenError, SyntaxError, ValueError):
        return ""
    lines = code.splitlines()
    for kind, word, (top, left), (bottom, right), _ in reversed(tokens):
        name = tokenize.tok_name[kind]
        if name in ("COMMENT", "STRING", "FSTRING_MIDDLE") and bottom <= len(lines):
            put = {"COMMENT": "", "STRING": '"…"'}.get(name, "…" if word else "")
            lines[top - 1 : bottom] = [lines[top - 1][:left] + put + lines[bottom - 1][right:]]
    lines = [line.rstrip() for line in lines]
    shown = [line for line in lines if line.strip() not in ("", '"…"')]
    return "\n".join(shown[:LINES] + (["…"] if len(shown) > LINES else []))
