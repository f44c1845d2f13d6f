"""Who changed between two runs, and why: another notebook, or the same one under another seed, version or limit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ncl_course.grading.errors import GradebookError
from ncl_course.grading.reports.cohort import mark, number
from ncl_course.grading.reports.marks import manual_sum, signed
from ncl_course.language import text

Record = dict[str, Any]
Key = tuple[str, str]

DECIDES = ("seed", "versions", "limits", "tolerances", "sandbox")
"""What of a run may decide a mark, beside the notebook."""


@dataclass(frozen=True)
class Moved:
    """A part whose verdict is another one."""

    exercise: str
    part: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """A student's lesson that has another score, verdict or status than before.

    ``before`` and ``after`` are the marks (the scores, where nothing else counts); None where there is none.
    """

    student: str
    lesson: str
    before: float | None
    after: float | None
    moved: tuple[Moved, ...]
    reasons: tuple[str, ...]

    @property
    def up(self) -> bool:
        """Whether there are more points than before."""
        return (self.after or 0.0) > (self.before or 0.0)

    @property
    def down(self) -> bool:
        """Whether there are fewer points than before."""
        return (self.after or 0.0) < (self.before or 0.0)


def earlier(path: Path) -> Record:
    """The content of an earlier run's ``results.json``; the folder that holds it will do.

    Raises:
        GradebookError: it cannot be read.
    """
    path = path / "results.json" if path.is_dir() else path
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        entries = [(entry["student"], entry["status"], entry["exercises"]) for entry in content["submissions"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GradebookError(text("grading.compare.unreadable", path=path, why=str(error)[:200])) from None
    assert len(entries) == len(content["submissions"])
    return dict(content)


def changes(old: Record, new: Record) -> list[Change]:
    """What is different, in order of student and lesson."""
    before, after = by_key(old), by_key(new)
    found = [change(key, before.get(key), after.get(key), old, new) for key in sorted({**before, **after})]
    return [one for one in found if one is not None]


def by_key(results: Record) -> dict[Key, Record]:
    """A student's entry for a lesson; one that was graded before one that was not."""
    entries: dict[Key, Record] = {}
    for entry in sorted(results["submissions"], key=lambda entry: entry["status"] == "graded"):
        entries[entry["student"], entry["lesson"] or ""] = entry
    return entries


def change(key: Key, old: Record | None, new: Record | None, old_run: Record, new_run: Record) -> Change | None:
    """What is different for one student and lesson, or None."""
    moved = tuple(moved_parts(old or {}, new or {}))
    before, after = (mark(entry) if entry else None for entry in (old, new))
    if old and new and (before, old["status"]) == (after, new["status"]) and not moved:
        return None
    why = tuple(reasons(old, new, old_run, new_run))
    return Change(*key, before, after, moved if old and new else (), why)


def moved_parts(old: Record, new: Record) -> list[Moved]:
    """The parts whose verdict is another one."""
    before, after = verdicts(old), verdicts(new)
    return [
        Moved(*part, before.get(part, ""), after.get(part, ""))
        for part in {**before, **after}
        if before.get(part) != after.get(part)
    ]


def verdicts(entry: Record) -> dict[Key, str]:
    """The verdict on each part of an entry."""
    return {
        (one["exercise"], part["part"]): part["verdict"] for one in entry.get("exercises", ()) for part in one["parts"]
    }


def reasons(old: Record | None, new: Record | None, old_run: Record, new_run: Record) -> list[str]:
    """Why, a sentence each."""
    if old is None or new is None:
        return [text(f"grading.compare.{'new' if old is None else 'gone'}")]
    said = []
    if old["status"] != new["status"]:
        after = text("grading.status." + new["status"])
        said.append(text("grading.compare.status", before=text("grading.status." + old["status"]), after=after))
    marked = by_policy(old, new)
    if old["score"] == new["score"] and mark(old) != mark(new) and not moved_parts(old, new):
        return [*said, *(marked or [text("marks.mark.changed_limits")])]
    said += marked
    if old.get("sha256") and new.get("sha256") and old["sha256"] != new["sha256"]:
        files = " → ".join(dict.fromkeys((old["file"], new["file"])))
        return [*said, text("grading.compare.notebook", files=files)]
    differs = [what_differs(name, old_run, new_run) for name in DECIDES if old_run.get(name) != new_run.get(name)]
    same = text("grading.compare.by_run", what=", ".join(differs)) if differs else text("grading.compare.by_itself")
    return [*said, same]


def by_policy(old: Record, new: Record) -> list[str]:
    """What lateness or a person changed, a sentence each."""
    said = []
    factors = [entry.get("late", {}).get("factor", 1) for entry in (old, new)]
    if factors[0] != factors[1]:
        said.append(text("marks.mark.changed_late", before=number(factors[0]), after=number(factors[1])))
    if manual_sum(old) != manual_sum(new):
        before, after = (signed(manual_sum(entry)) for entry in (old, new))
        said.append(text("marks.mark.changed_manual", before=before, after=after))
    return said


def what_differs(name: str, old_run: Record, new_run: Record) -> str:
    """One setting of a run in words: what it was and what it is."""
    before, after = old_run.get(name), new_run.get(name)
    if isinstance(before, dict) and isinstance(after, dict):
        names = [key for key in {**before, **after} if before.get(key) != after.get(key)]
        return ", ".join(f"{key} {before.get(key)} → {after.get(key)}" for key in names)
    return f"{text(f'grading.compare.{name}')} {before} → {after}"
