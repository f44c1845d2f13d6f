"""From scores to marks: the penalty for lateness, then a person's points, then the limits. No side effects.

The score stays the grader's. Beside it an entry gets ``late`` (when it was handed in and due, and the factor),
``manual`` (points and comments) and ``final``, the mark; all three are computed anew at every run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from ncl_course.grading.entry import Entry, round_points
from ncl_course.grading.marks.manual import Manual
from ncl_course.grading.marks.policy import Policy

Key = tuple[str, str]


def settled(
    entries: Sequence[Entry], policy: Policy | None, manual: Sequence[Manual], moments: Mapping[Key, datetime | None]
) -> list[Entry]:
    """Return the entries with their marks.

    Args:
        policy: if None, nothing is late.
        moments: when the submissions of this run were handed in, by student and file; None if unknown.
    """
    graded = {(entry.student, entry.lesson) for entry in entries if entry.graded}
    wanted = policy is not None or bool(manual)
    lines: dict[Key, list[Manual]] = defaultdict(list)
    for line in manual:
        lines[line.student, line.lesson].append(line)
    done = []
    for entry in entries:
        plain = replace(entry, final=None, late=None, manual=())
        counts = entry.graded or (entry.student, entry.lesson) not in graded
        given = [line for name in sorted(entry.names) for line in lines.get((name, entry.lesson or ""), ())]
        if wanted and counts and (entry.graded or given):
            plain = marked(plain, policy or Policy(), given, handed_in(entry, moments))
        done.append(plain)
    return done


def handed_in(entry: Entry, moments: Mapping[Key, datetime | None]) -> datetime | None:
    """Return when an entry's notebook was handed in; from an earlier run if this one was not given the file."""
    if entry.key in moments or entry.late is None:
        return moments.get(entry.key)
    return entry.late.submitted


def marked(entry: Entry, policy: Policy, manual: Sequence[Manual], submitted: datetime | None) -> Entry:
    """Return an entry with its mark. An entry that could not be graded gets the points that a person gave."""
    late = policy.late(entry.names, entry.lesson or "", submitted) if entry.graded else None
    points = (entry.score or 0.0) * (late.factor if late else 1.0) + sum(line.points for line in manual)
    final = limited(points, policy, entry.max_score)
    return replace(entry, final=final, late=late, manual=tuple(line.given for line in manual))


def limited(points: float, policy: Policy, most: float | None) -> float:
    """Return a mark within the limits of the policy."""
    if not policy.above_max and most is not None:
        points = min(points, most)
    return round_points(points if policy.below_zero else max(points, 0.0))


def untimed(entries: Iterable[Entry], policy: Policy) -> list[Entry]:
    """Return the graded entries with a due time and no known time of handing in."""
    return [e for e in entries if e.graded and e.late is None and policy.due(e.names, e.lesson or "")]
