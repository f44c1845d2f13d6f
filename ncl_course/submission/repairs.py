"""Repair a notebook's JSON where nothing that a student wrote can be lost or changed by it.

Servers wrap a notebook in an answer of their own, a merge by hand leaves a comma too many, git leaves its marks
around two versions of a picture, and an interrupted save leaves the end of the older, longer file.
"""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from ncl_course.language import text
from ncl_course.submission.errors import UnreadableNotebookError

CONFLICT = re.compile(
    r"^<{7}[^\n]*\n(.*?)(?:^\|{7}[^\n]*\n.*?)?^={7}[^\n]*\n(.*?)^>{7}[^\n]*(?:\n|\Z)", re.MULTILINE | re.DOTALL
)
"""A merge conflict: the lines of the one version and of the other; git may write their common ancestor between them."""

SPARE_COMMA = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\Z)|,(?=\s*+[}\]])', re.DOTALL)
"""A text, or a comma behind which a list or an object ends."""

MOST_DIGITS = 4_000
"""Python reads no whole number of many more digits."""


def whole(digits: str) -> float:
    """Return a whole number; one of thousands of digits, which means nothing in a notebook, is infinite."""
    return int(digits) if len(digits) <= MOST_DIGITS else float(digits)


STRICT = json.JSONDecoder(parse_int=whole)
LENIENT = json.JSONDecoder(strict=False, parse_int=whole)
"""Lets a text hold the line break itself in place of its escape."""

MOST_WRAPPED = 3
DRIVE = {"doc_id", "resource_key"}
"""Keys in the small file by which Google Drive stands for a document on the disk of a computer."""

Repairs = list[str]


def repaired(content: str, told: Repairs) -> Any:
    """Return the tree of JSON that does not parse, and tell what was repaired; None if it cannot be repaired.

    Raises:
        UnreadableNotebookError: if it holds a merge conflict of two versions of a student's code.
    """
    if CONFLICT.search(content):
        return without_conflicts(content, told)
    for key, candidate in (("", content), ("commas", SPARE_COMMA.sub(without_comma, content))):
        for decoder, further in ((STRICT, ""), (LENIENT, "escapes")):
            begin = len(candidate) - len(candidate.lstrip())
            try:
                tree, end = decoder.raw_decode(candidate, begin)
            except ValueError:
                continue
            if not is_notebook(tree):
                return None
            keys = (key, further, "behind" if candidate[end:].strip() else "")
            told += [text(f"submission.repaired.{one}") for one in keys if one]
            return tree
    return None


def without_comma(found: re.Match[str]) -> str:
    """Return what was found if it is a text, and nothing in place of a comma."""
    return found[0] if found[0].startswith('"') else ""


def without_conflicts(content: str, told: Repairs) -> Any:
    """Return one of two versions if both hold the same code and text.

    Raises:
        UnreadableNotebookError: if they differ, or if one of them is not a notebook.
    """
    trees = []
    for side in (1, 2):
        version = CONFLICT.sub(lambda found, side=side: found[side], content)  # type: ignore[misc]
        tree = tree_in(version)
        if tree is None and not CONFLICT.search(version):
            tree = repaired(version, told)
        trees.append(tree)
    if not all(map(is_notebook, trees)) or written_in(trees[0]) != written_in(trees[1]):
        raise UnreadableNotebookError(text("submission.unreadable.conflict"))
    told.append(text("submission.repaired.conflict"))
    return trees[0]


def written_in(tree: dict[str, Any]) -> list[Any]:
    """Return the kind and the source of each cell; a source may be saved as one text or as lines."""
    cells = [node for node in tree["cells"] if isinstance(node, dict)]
    sources = [node.get("source") for node in cells]
    joined = ["".join(map(str, source)) if isinstance(source, list) else source for source in sources]
    return [(node.get("cell_type"), source) for node, source in zip(cells, joined, strict=True)]


def is_notebook(tree: Any) -> bool:
    """Return whether a tree has a notebook's list of cells."""
    return isinstance(tree, dict) and isinstance(tree.get("cells"), list)


def unwrapped(tree: Any, told: Repairs) -> Any:
    """Return the notebook inside the answer of a server or in a text, or else the tree itself.

    Raises:
        UnreadableNotebookError: if it is only Google Drive's link to a file.
    """
    found = tree
    for _ in range(MOST_WRAPPED):
        if is_notebook(found):
            break
        found = inside(found)
    if is_notebook(found) and found is not tree:
        told.append(text("submission.repaired.wrapped"))
        return found
    if isinstance(tree, dict) and tree.keys() & DRIVE:
        raise UnreadableNotebookError(text("submission.unreadable.address"))
    return tree


def inside(tree: Any) -> Any:
    """Return the only value in a tree that may be a notebook, or a text with one; None if there is no such value."""
    if isinstance(tree, str):
        return tree_in(tree)
    values = [*tree.values()] if isinstance(tree, dict) else tree if isinstance(tree, list) and len(tree) == 1 else []
    if isinstance(tree, dict) and tree.get("encoding") == "base64":
        values = [plain_text(value) for value in values]
    found = [value for value in values if is_notebook(value) or (isinstance(value, str) and '"cells"' in value)]
    return found[0] if len(found) == 1 else None


def tree_in(content: str) -> Any:
    """Return the tree of JSON in a text, or None."""
    try:
        return STRICT.decode(content)
    except ValueError:
        return None


def plain_text(value: Any) -> Any:
    """Return the text that a text in base64 stands for, or else the value itself."""
    try:
        return base64.b64decode(value).decode() if isinstance(value, str) else value
    except ValueError:
        return value
