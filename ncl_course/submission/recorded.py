"""Read the verdicts of the checks in a saved notebook from its stored outputs. Nothing is run.

The owner of a notebook can edit its stored outputs, so grading ignores them and runs the code.
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
"""The line in a cell where the student has not written anything yet."""

PartName = tuple[str, str]
"""The names of an exercise and of one of its parts."""


@dataclass(frozen=True)
class RecordedCell:
    """A code cell as it was saved: its id, its source, and the verdicts in its outputs."""

    id: str
    source: str
    verdicts: Mapping[PartName, str] = field(default_factory=dict)


def recorded_cells(raw: bytes, mime: str) -> tuple[RecordedCell, ...]:
    """Return the code cells of a notebook, given its file's bytes.

    Args:
        raw: the bytes of the file.
        mime: the MIME type under which a check stores its record beside its panel.

    Raises:
        UnreadableNotebookError: if they are not a notebook.
    """
    tree, repaired = saved(raw)
    code = (node for node in nodes_of(tree, repaired) if node.get("cell_type") == "code")
    return tuple(recorded_cell(node, mime) for node in code)


def recorded_answers(raw: bytes, mime: str) -> dict[str, str | float]:
    """Return the answers to questions in a notebook's outputs, by the question's name, given its file's bytes.

    Entries that were edited into something else are skipped.

    Args:
        raw: the bytes of the file.
        mime: the MIME type under which ``ask`` stores an answer.

    Raises:
        UnreadableNotebookError: if they are not a notebook.
    """
    tree, repaired = saved(raw)
    found: dict[str, str | float] = {}
    for node in nodes_of(tree, repaired):
        for record in records(node, mime):
            match (record.get("question"), record.get("given")):
                case (str(name), str() | int() | float() as given):
                    found[name] = given
    return found


def recorded_cell(node: Node, mime: str) -> RecordedCell:
    """Return a code cell's node as a ``RecordedCell``."""
    name = node.get("id")
    said = {part: verdict for record in records(node, mime) for part, verdict in verdicts(record)}
    return RecordedCell(name if isinstance(name, str) else "", source_of(node, []), said)


def records(node: Node, mime: str) -> Iterator[dict[str, Any]]:
    """Yield the checks' records in a cell's outputs."""
    outputs = node.get("outputs")
    for output in outputs if isinstance(outputs, list) else ():
        data = output.get("data") if isinstance(output, dict) else None
        record = data.get(mime) if isinstance(data, dict) else None
        if isinstance(record, dict):
            yield record


def verdicts(record: dict[str, Any]) -> Iterator[tuple[PartName, str]]:
    """Yield the verdict on each part in a record, skipping entries that were edited into something else."""
    exercise, parts = record.get("exercise"), record.get("parts")
    for part in parts if isinstance(parts, list) else ():
        said = (exercise, part.get("part"), part.get("verdict")) if isinstance(part, dict) else ()
        match said:
            case (str(name), str(which), str(verdict)):
                yield (name, which), verdict


def last_verdicts(cells: Sequence[RecordedCell]) -> dict[PartName, str]:
    """Return the verdict on each part from the last cell that has one."""
    return {part: verdict for cell in cells for part, verdict in cell.verdicts.items()}


def defining_cell(cells: Sequence[RecordedCell], exercise: str, part: str) -> int | None:
    """Return the number, from 0, of the cell in which a part is written, or None.

    It is the last cell before the part's check that defines the exercise, since a class can be continued part by part.
    If no cell checks the part, it is the last cell that defines the exercise.
    """
    defining = [number for number, cell in enumerate(cells) if exercise in defined_names(cell.source)]
    checking = checking_cell(cells, exercise, part)
    before = [number for number in defining if checking is None or number < checking]
    found = before or defining
    return found[-1] if found else None


def checking_cell(cells: Sequence[RecordedCell], exercise: str, part: str) -> int | None:
    """Return the number of the last cell that checks a part, alone or with the whole exercise, or None."""
    call = re.compile(rf"\bcheck\(\s*{re.escape(exercise)}\s*(?:\)|,\s*(?:part\s*=\s*)?[\"']{re.escape(part)}[\"'])")
    found = [number for number, cell in enumerate(cells) if call.search(cell.source)]
    return found[-1] if found else None
