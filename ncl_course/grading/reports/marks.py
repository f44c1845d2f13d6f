"""Describe a mark in reports, beside its score: lateness, a person's points, the result. Nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterable

from ncl_course.grading.entry import ByHand, Entry
from ncl_course.grading.reports.cohort import number
from ncl_course.language import numeral, text


def any_marks(entries: Iterable[Entry]) -> bool:
    """Return whether any mark differs from its score."""
    return any(entry.final is not None for entry in entries)


def late_line(entry: Entry) -> str:
    """Say how late a submission was, and the deduction; empty if it was on time or if the time is unknown."""
    late = entry.late
    if late is None or not late.hours:
        return ""
    key = "late" if late.factor < 1 else "grace"
    due = late.due.strftime("%Y-%m-%d %H:%M")
    return text(f"marks.mark.{key}", hours=number(late.hours), due=due, factor=number(late.factor))


def manual_lines(entry: Entry) -> list[str]:
    """Return a person's points and comments, one line each."""
    return [manual_line(one) for one in entry.manual]


def manual_line(one: ByHand) -> str:
    """Return one of these lines."""
    where = f" ({one.exercise})" if one.exercise else ""
    said = f": {one.comment}" if one.comment else ""
    return text("marks.mark.manual", points=signed(one.points), where=where) + said


def signed(points: float) -> str:
    """Write points that are given or taken, with their sign."""
    return numeral(f"{points:+g}")


def final_line(entry: Entry) -> str:
    """Return the line with the final mark."""
    return text("marks.mark.final", final=number(entry.final), max_score=number(entry.max_score))


def mark_lines(entry: Entry) -> list[str]:
    """Return everything to say about a mark; nothing if it is the score and there is no comment."""
    told = [line for line in (late_line(entry), *manual_lines(entry)) if line]
    return [*told, final_line(entry)] if told else []
