"""Keep the scores of every run into a folder in ``history.json``: of this one, and of those before it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ncl_course.files import write_atomically
from ncl_course.grading.plain import StrictError, made, parsed
from ncl_course.grading.results import Results

NAME = "history.json"
MOST = 200
"""The number of runs that are kept; the oldest go first."""


@dataclass(frozen=True)
class Past:
    """The scores of one run: by student and lesson, each out of the lesson's points."""

    when: str
    scores: Mapping[str, Mapping[str, tuple[float, float]]]


@dataclass(frozen=True)
class File:
    """The content of the file."""

    runs: tuple[Past, ...]


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
        runs = made(File, parsed((folder / NAME).read_bytes()), NAME).runs
    except (OSError, StrictError):
        return []
    most = (most for run in runs for lessons in run.scores.values() for _, most in lessons.values())
    return [*runs] if all(points > 0 for points in most) else []


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
