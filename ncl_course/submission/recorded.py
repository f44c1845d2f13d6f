"""What the checks in a saved notebook have said: read from the stored outputs, nothing is run.

A stored output is what the notebook's owner says of it; who grades asks the code itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ncl_course.submission.defined import defined_names
from ncl_course.submission.formats import Node, nodes_of, source_of
from ncl_course.submission.saved import saved

STUB = "raise NotImplementedError"
"""What stands where a student has not written anything yet."""

PartName = tuple[str, str]
"""An exercise's name and that of one of its parts."""


@dataclass(frozen=True)
class RecordedCell:
    """A code cell as it was saved: its id, its source, and the verdicts in its outputs."""

    id: str
    source: str
    verdicts: Mapping[PartName, str] = field(default_factory=dict)


def recorded_cells(raw: bytes, mime: str) -> tuple[RecordedCell, ...]:
    """The code cells of a notebook's bytes.

    Args:
        raw: the file.
        mime: the type under which a check's record rides along with its panel.

    Raises:
        UnreadableNotebookError: they are no notebook.
    """
    tree, repaired = saved(raw)
    code = (node for node in nodes_of(tree, repaired) if node.get("cell_type") == "code")
    return tuple(recorded_cell(node, mime) for node in code)


def recorded_cell(node: Node, mime: str) -> RecordedCell:
    """A code cell's node as a record."""
    name = node.get("id")
    said = {part: verdict for record in records(node, mime) for part, verdict in verdicts(record)}
    return RecordedCell(name if isinstance(name, str) else "", source_of(node, []), said)


def records(node: Node, mime: str) -> Iterator[dict[str, Any]]:
    """The records in a cell's outputs."""
    outputs = node.get("outputs")
    for output in outputs if isinstance(outputs, list) else ():
        data = output.get("data") if isinstance(output, dict) else None
        record = data.get(mime) if isinstance(data, dict) else None
        if isinstance(record, dict):
            yield record


def verdicts(record: dict[str, Any]) -> Iterator[tuple[PartName, str]]:
    """The verdict on each part in a record; what was edited to something else is left out."""
    exercise, parts = record.get("exercise"), record.get("parts")
    for part in parts if isinstance(parts, list) else ():
        said = (exercise, part.get("part"), part.get("verdict")) if isinstance(part, dict) else ()
        match said:
            case (str(name), str(which), str(verdict)):
                yield (name, which), verdict


def last_verdicts(cells: Sequence[RecordedCell]) -> dict[PartName, str]:
    """The verdict on each part in the last cell that has one."""
    return {part: verdict for cell in cells for part, verdict in cell.verdicts.items()}


def defining_cell(cells: Sequence[RecordedCell], exercise: str, part: str) -> int | None:
    """The number from 0 of the cell that a part is written in, or None.

    It is the last one in front of the part's check that defines the exercise, for a class can be continued part by
    part; where no cell checks the part, it is the last one of all.
    """
    defining = [number for number, cell in enumerate(cells) if exercise in defined_names(cell.source)]
    checking = checking_cell(cells, exercise, part)
    before = [number for number in defining if checking is None or number < checking]
    found = before or defining
    return found[-1] if found else None


def checking_cell(cells: Sequence[RecordedCell], exercise: str, part: str) -> int | None:
    """The number of the last cell that checks a part, by itself or with the whole exercise, or None."""
    call = re.compile(rf"\bcheck\(\s*{re.escape(exercise)}\s*(?:\)|,\s*(?:part\s*=\s*)?[\"']{re.escape(part)}[\"'])")
    found = [number for number, cell in enumerate(cells) if call.search(cell.source)]
    return found[-1] if found else None
