"""Read a very large notebook without its outputs, which may hold hundreds of megabytes of pictures.

The file is scanned as bytes, so that no more memory is needed than for what is left.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from typing import BinaryIO

MAX_FILE = 1024 * 2**20
"""The size, in bytes, of the largest file that is read without its outputs."""

MAX_TOKENS = 4_000_000
"""The number of brackets and strings in such a file."""

TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)
"""A string or a bracket. A string without an end is a token, too, so that each byte is looked at once."""

KEY = b'"outputs"'
COLON = re.compile(rb"\s*:\s*")
CELL_DEPTH = 3
"""The number of open brackets inside a cell: those of the notebook, of the list of cells, and of the cell."""


def without_outputs(file: BinaryIO, limit: int) -> bytes | None:
    """Return a notebook's bytes without the outputs of its cells; None if that is larger than ``limit``, or damaged."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as raw:
        kept, at, size = [], 0, 0
        for start, end in outputs(raw):
            kept.append(raw[at:start])
            at = end
            size += len(kept[-1])
            if start < 0 or size > limit:
                return None
        if size + len(raw) - at > limit:
            return None
        kept.append(raw[at:])
    return b"[]".join(kept)


def outputs(raw: mmap.mmap) -> Iterator[tuple[int, int]]:
    """Yield where each cell's list of outputs begins and ends; the last is negative if the file is too intricate."""
    depth, begun, key = 0, -1, False
    for count, token in enumerate(TOKEN.finditer(raw)):
        if count > MAX_TOKENS:
            yield -1, -1
            return
        start, end = token.span()
        sign = raw[start : start + 1]
        if sign == b'"':
            key = begun < 0 and depth == CELL_DEPTH and raw[start : min(end, start + len(KEY) + 1)] == KEY
            key = key and COLON.match(raw, end) is not None
            continue
        if sign in b"[{":
            if key and sign == b"[":
                begun = start
            depth += 1
        else:
            depth -= 1
            if begun >= 0 and depth == CELL_DEPTH:
                yield begun, end
                begun = -1
        key = False
