"""What reports say of a mark beside its score: lateness, a person's points, what it comes to. Nothing is computed."""

from __future__ import annotations

from collections.abc import Iterable

from ncl_course.grading.entry import ByHand, Entry
from ncl_course.grading.reports.cohort import number
from ncl_course.language import text


def any_marks(entries: Iterable[Entry]) -> bool:
    """Whether there is a mark that is more than a score."""
    return any(entry.final is not None for entry in entries)


def late_line(entry: Entry) -> str:
    """How late a submission was and what that costs; empty where it was on time or nothing is known."""
    late = entry.late
    if late is None or not late.hours:
        return ""
    key = "late" if late.factor < 1 else "grace"
    due = late.due.strftime("%Y-%m-%d %H:%M")
    return text(f"marks.mark.{key}", hours=number(late.hours), due=due, factor=number(late.factor))


def manual_lines(entry: Entry) -> list[str]:
    """A person's points and comments, a line each."""
    return [manual_line(one) for one in entry.manual]


def manual_line(one: ByHand) -> str:
    """One line of a person's."""
    where = f" ({one.exercise})" if one.exercise else ""
    said = f": {one.comment}" if one.comment else ""
    return text("marks.mark.manual", points=signed(one.points), where=where) + said


def signed(points: float) -> str:
    """Points that are given or taken."""
    return f"{points:+g}".replace("-", "−")


def final_line(entry: Entry) -> str:
    """What the mark comes to."""
    return text("marks.mark.final", final=number(entry.final), max_score=number(entry.max_score))


def mark_lines(entry: Entry) -> list[str]:
    """All that is to be said of a mark; nothing where it is the score and nobody added a word."""
    told = [line for line in (late_line(entry), *manual_lines(entry)) if line]
    return [*told, final_line(entry)] if told else []
