"""From scores to marks: the penalty for lateness, then a person's points, then the limits. Pure.

The score stays what the grader found. Beside it a record gets ``late`` (when it was handed in and due, and the factor),
``manual`` (points and comments) and ``final``, the mark; all three are computed anew at every run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ncl_course.grading.entry import round_points
from ncl_course.grading.marks.manual import Manual
from ncl_course.grading.marks.policy import Policy

Record = dict[str, Any]
Key = tuple[str, str]

ADDED = ("late", "manual", "final")


def settled(
    records: Sequence[Record], policy: Policy | None, manual: Sequence[Manual], moments: Mapping[Key, datetime | None]
) -> list[Record]:
    """The records with their marks.

    Args:
        policy: None: nothing is late.
        moments: when the submissions of this run were handed in, by student and file; None: nobody knows.
    """
    graded = {(record["student"], record["lesson"]) for record in records if record["status"] == "graded"}
    wanted = policy is not None or bool(manual)
    lines: dict[Key, list[Manual]] = defaultdict(list)
    for line in manual:
        lines[line.student, line.lesson].append(line)
    done = []
    for record in records:
        plain = {key: value for key, value in record.items() if key not in ADDED}
        counts = record["status"] == "graded" or (record["student"], record["lesson"]) not in graded
        given = [line for name in sorted(names_of(record)) for line in lines.get((name, record["lesson"]), ())]
        if wanted and counts and (record["status"] == "graded" or given):
            plain |= mark(plain, policy or Policy(), given, handed_in(record, moments))
        done.append(plain)
    return done


def handed_in(record: Record, moments: Mapping[Key, datetime | None]) -> datetime | None:
    """When a record's notebook was handed in; what an earlier run knew where this one was not given the file."""
    here = (record["student"], record["file"])
    earlier = record.get("late", {}).get("submitted")
    if here in moments or not earlier:
        return moments.get(here)
    return datetime.fromisoformat(earlier)


def mark(record: Record, policy: Policy, manual: Sequence[Manual], submitted: datetime | None) -> Record:
    """What is added to a record; one that could not be graded has what a person gave."""
    late = policy.late(names_of(record), record["lesson"], submitted) if record["status"] == "graded" else None
    points = (record["score"] or 0.0) * (late.factor if late else 1.0) + sum(line.points for line in manual)
    most = record["max_score"]
    if not policy.above_max and most is not None:
        points = min(points, most)
    if not policy.below_zero:
        points = max(points, 0.0)
    added: Record = {"final": round_points(points)}
    if late:
        added["late"] = late.record()
    if manual:
        added["manual"] = [line.record() for line in manual]
    return added


def names_of(record: Record) -> frozenset[str]:
    """How a record's student may be called: by name, and by number where a download gave one."""
    return frozenset(filter(None, (record["student"], record.get("id"))))


def untimed(records: Iterable[Record], policy: Policy) -> list[Record]:
    """The graded records with a due time of which nobody knows when they were handed in."""
    return [
        record
        for record in records
        if record["status"] == "graded" and "late" not in record and policy.due(names_of(record), record["lesson"])
    ]
