"""The guides in docs/, and the commands and files in them."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"^`(/[\w/.]+)`[^\n]*:\n\n```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def sections(name: str) -> dict[str, list[tuple[str, str]]]:
    """Return the fenced blocks of a guide, each with its language, by the heading above them."""
    title, *parts = re.split(r"^## ", (DOCS / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert not FENCE.search(title), "a block is above the first heading, where nothing runs it"
    return {part.splitlines()[0]: FENCE.findall(part) for part in parts}


def files(name: str) -> dict[str, str]:
    """Return the Python files that a guide gives as a whole, by their paths on the reader's machine."""
    return dict(FILE.findall((DOCS / name).read_text(encoding="utf-8")))
