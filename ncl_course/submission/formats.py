"""Find the cells of a notebook in any of Jupyter's formats, from format 2 (2011) on, or in a damaged one.

Format 4 keeps them in ``cells``; formats 2 and 3 keep them in ``worksheets``, and a code cell's source under ``input``.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from ncl_course.language import text
from ncl_course.submission.errors import UnreadableNotebookError
from ncl_course.submission.repairs import Repairs

CURRENT = 4

Node = dict[str, Any]


def nodes_of(tree: Any, repaired: Repairs) -> list[Node]:
    """Return the cells as nodes of format 4, ignoring entries that are not cells.

    Raises:
        UnreadableNotebookError: if there is no list of cells.
    """
    if not isinstance(tree, dict):
        raise UnreadableNotebookError(text("submission.unreadable.shape"))
    nodes = tree.get("cells")
    if not isinstance(nodes, list):
        nodes = of_worksheets(tree.get("worksheets"))
    version = tree.get("nbformat")
    if version != CURRENT:
        repaired.append(text("submission.repaired.format", version=str(version)[:20], current=CURRENT))
    cells = [node for node in nodes if isinstance(node, dict)]
    if len(cells) < len(nodes):
        repaired.append(text("submission.repaired.cells", count=len(nodes) - len(cells)))
    tell_of_ids(cells, repaired)
    return cells


def of_worksheets(worksheets: Any) -> list[Any]:
    """Return the cells of all worksheets, with their ``input`` renamed to ``source``.

    Raises:
        UnreadableNotebookError: if there is no list of worksheets.
    """
    if not isinstance(worksheets, list):
        raise UnreadableNotebookError(text("submission.unreadable.shape"))
    nodes: list[Any] = []
    for sheet in worksheets:
        cells = sheet.get("cells") if isinstance(sheet, dict) else None
        nodes += cells if isinstance(cells, list) else []
    return [{**node, "source": node["input"]} if isinstance(node, dict) and "input" in node else node for node in nodes]


def is_code(node: Node) -> bool:
    """Return whether a cell holds code; if its kind is lost, it does if it has a place for outputs."""
    kind = node.get("cell_type")
    return kind.lower() == "code" if isinstance(kind, str) else "outputs" in node


def tell_of_ids(cells: list[Node], repaired: Repairs) -> None:
    """Report the cells that share an id; they can still be told apart by their order."""
    counts = Counter(cell["id"] for cell in cells if isinstance(cell.get("id"), str))
    twice = [name[:60] for name, count in counts.items() if count > 1]
    if twice:
        repaired.append(text("submission.repaired.ids", ids=", ".join(twice[:5])))


def source_of(node: Node, repaired: Repairs) -> str:
    """Return a cell's source, saved as one text or as a list of lines, with LF as the line ending."""
    source = node.get("source")
    parts = [part for part in (source if isinstance(source, list) else [source]) if isinstance(part, str)]
    if len(parts) > 1 and not any("\n" in part or "\r" in part for part in parts):
        tell_once(text("submission.repaired.lines"), repaired)
        parts = [f"{part}\n" for part in parts]
    joined = "".join(parts)
    if "\r" in joined:
        tell_once(text("submission.repaired.line_ends"), repaired)
    return joined.replace("\r\n", "\n").replace("\r", "\n")


def tell_once(line: str, repaired: Repairs) -> None:
    """Report a repair unless it has been reported already."""
    if line not in repaired:
        repaired.append(line)
