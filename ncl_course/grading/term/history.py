"""Keep the scores of every run into a folder in ``history.json``: of this one, and of those before it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ncl_course.files import write_atomically
from ncl_course.grading.plain import parsed
from ncl_course.grading.results import Results

NAME = "history.json"
MOST = 200
"""The number of runs that are kept; the oldest go first."""


@dataclass(frozen=True)
class Past:
    """The scores of one run: by student and lesson, each out of the lesson's points."""

    when: str
    scores: Mapping[str, Mapping[str, tuple[float, float]]]


def scores(results: Results) -> dict[str, dict[str, tuple[float, float]]]:
    """Return the marks of a run."""
    found: dict[str, dict[str, tuple[float, float]]] = {}
    for entry in results.graded:
        if entry.lesson and entry.mark is not None and entry.max_score:
            found.setdefault(entry.student, {})[entry.lesson] = (entry.mark, entry.max_score)
    return found


def read_history(folder: Path) -> list[Past]:
    """Return the runs into a folder, the oldest first; none if the file is missing or damaged."""
    try:
        content: Any = parsed((folder / NAME).read_bytes())
        return [Past(str(run["when"]), pairs(run["scores"])) for run in content["runs"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return []


def pairs(node: Mapping[str, Mapping[str, Sequence[float]]]) -> dict[str, dict[str, tuple[float, float]]]:
    """Read the scores of a run."""
    return {
        str(student): {str(lesson): score(mark, most) for lesson, (mark, most) in lessons.items()}
        for student, lessons in node.items()
    }


def score(mark: float, most: float) -> tuple[float, float]:
    """Read a score out of the lesson's points.

    Raises:
        ValueError: if they cannot be those of a lesson.
    """
    read = float(mark), float(most)
    if not (all(map(math.isfinite, read)) and read[1] > 0):
        raise ValueError(read)
    return read


def keep(results: Results, folder: Path) -> list[Past]:
    """Add this run's scores to the file, unless they are those of the last run, and return all runs.

    Raises:
        OSError: if the file cannot be written.
    """
    runs, now = read_history(folder), scores(results)
    if not now or (runs and runs[-1].scores == now):
        return runs
    runs = [*runs, Past(datetime.now(UTC).isoformat(timespec="seconds"), now)][-MOST:]
    content = {"schema": 1, "runs": [{"when": run.when, "scores": run.scores} for run in runs]}
    write_atomically(folder / NAME, json.dumps(content, ensure_ascii=False) + "\n", durable=False)
    return runs
