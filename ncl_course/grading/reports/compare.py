"""Compare two runs: whose marks changed, and why (another notebook, or another seed, version or limit)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ncl_course.checking.verdict import Verdict
from ncl_course.grading.entry import Entry
from ncl_course.grading.errors import GradebookError
from ncl_course.grading.plain import StrictError
from ncl_course.grading.reports.cohort import number
from ncl_course.grading.reports.marks import signed
from ncl_course.grading.results import NAME, Results, Run, read_results
from ncl_course.language import text

Key = tuple[str, str]

DECIDES = ("seed", "versions", "limits", "tolerances", "sandbox")
"""The settings of a run that may change a mark, beside the notebook."""


@dataclass(frozen=True)
class Moved:
    """A part with a changed verdict; None for a run that did not have the part."""

    exercise: str
    part: str
    before: Verdict | None
    after: Verdict | None


@dataclass(frozen=True)
class Change:
    """A student's lesson with a changed score, verdict or status.

    ``before`` and ``after`` are the marks (the scores, if nothing else counts); None if there is none.
    """

    student: str
    lesson: str
    before: float | None
    after: float | None
    moved: tuple[Moved, ...]
    reasons: tuple[str, ...]

    @property
    def up(self) -> bool:
        """Return whether there are more points than before."""
        return (self.after or 0.0) > (self.before or 0.0)

    @property
    def down(self) -> bool:
        """Return whether there are fewer points than before."""
        return (self.after or 0.0) < (self.before or 0.0)


def earlier(path: Path) -> Results:
    """Read an earlier run's ``results.json``, given its path or its folder.

    Raises:
        GradebookError: if it cannot be read.
    """
    path = path / NAME if path.is_dir() else path
    try:
        return read_results(path)
    except (OSError, StrictError) as error:
        raise GradebookError(text("grading.compare.unreadable", path=path, why=str(error)[:200])) from None


def changes(old: Results, new: Results) -> list[Change]:
    """Return the changes, in order of student and lesson."""
    before, after = by_key(old), by_key(new)
    runs = old.run, new.run
    found = [change(key, before.get(key), after.get(key), *runs) for key in sorted({**before, **after})]
    return [one for one in found if one is not None]


def by_key(results: Results) -> dict[Key, Entry]:
    """Return a student's entry for a lesson; a graded one if there is one."""
    return {(entry.student, entry.lesson or ""): entry for entry in (*results.ungraded, *results.graded)}


def change(key: Key, old: Entry | None, new: Entry | None, old_run: Run, new_run: Run) -> Change | None:
    """Return the change for one student and lesson, or None."""
    if old is None or new is None:
        why = text(f"grading.compare.{'new' if old is None else 'gone'}")
        return Change(*key, old.mark if old else None, new.mark if new else None, (), (why,))
    moved = tuple(moved_parts(old, new))
    if (old.mark, old.status) == (new.mark, new.status) and not moved:
        return None
    return Change(*key, old.mark, new.mark, moved, tuple(reasons(old, new, old_run, new_run)))


def moved_parts(old: Entry, new: Entry) -> list[Moved]:
    """Return the parts with a changed verdict."""
    before, after = verdicts(old), verdicts(new)
    return [
        Moved(*part, before.get(part), after.get(part))
        for part in {**before, **after}
        if before.get(part) != after.get(part)
    ]


def verdicts(entry: Entry) -> dict[Key, Verdict]:
    """Return the verdict on each part of an entry."""
    return {(one.exercise, part.part): part.verdict for one in entry.exercises for part in one.parts}


def reasons(old: Entry, new: Entry, old_run: Run, new_run: Run) -> list[str]:
    """Return the reasons, one sentence each."""
    said = []
    if old.status != new.status:
        before, after = (text(f"grading.status.{entry.status}") for entry in (old, new))
        said.append(text("grading.compare.status", before=before, after=after))
    marked = by_policy(old, new)
    if old.score == new.score and old.mark != new.mark and not moved_parts(old, new):
        return [*said, *(marked or [text("marks.mark.changed_limits")])]
    said += marked
    if old.sha256 and new.sha256 and old.sha256 != new.sha256:
        files = " → ".join(dict.fromkeys((old.file, new.file)))
        return [*said, text("grading.compare.notebook", files=files)]
    differs = [words for name in DECIDES if (words := what_differs(name, old_run, new_run))]
    same = text("grading.compare.by_run", what=", ".join(differs)) if differs else text("grading.compare.by_itself")
    return [*said, same]


def by_policy(old: Entry, new: Entry) -> list[str]:
    """Return the changes by lateness or by hand, one sentence each."""
    said = []
    factors = [entry.late.factor if entry.late else 1 for entry in (old, new)]
    if factors[0] != factors[1]:
        said.append(text("marks.mark.changed_late", before=number(factors[0]), after=number(factors[1])))
    if old.manual_sum != new.manual_sum:
        before, after = (signed(entry.manual_sum) for entry in (old, new))
        said.append(text("marks.mark.changed_manual", before=before, after=after))
    return said


def what_differs(name: str, old_run: Run, new_run: Run) -> str:
    """Describe one setting of a run, before and after; empty if it is the same."""
    before, after = getattr(old_run, name), getattr(new_run, name)
    if before == after:
        return ""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        names = [key for key in {**before, **after} if before.get(key) != after.get(key)]
        return ", ".join(f"{key} {before.get(key)} → {after.get(key)}" for key in names)
    return f"{text(f'grading.compare.{name}')} {before} → {after}"
