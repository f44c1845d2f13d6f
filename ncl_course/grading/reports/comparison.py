"""Write the changes after a regrade with ``--compare`` into ``report.html`` and on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ncl_course.files import write_atomically
from ncl_course.grading.reports.cohort import number
from ncl_course.grading.reports.compare import Change, changes, earlier
from ncl_course.grading.reports.html import report_page
from ncl_course.grading.results import Results
from ncl_course.grading.term.credited import credited
from ncl_course.grading.term.gradebook import term
from ncl_course.grading.term.remembered import former_roster, known
from ncl_course.grading.term.written import overview
from ncl_course.grading.terminal import printable, say
from ncl_course.language import text

MOST_LINES = 50


def tell_changes(old: Results, path: Path, out: Path, lessons: Sequence[str] = ()) -> None:
    """Compare the results in ``out`` with an earlier run's results, which came from ``path``; with their partners.

    Args:
        lessons: the lessons that were graded; empty if all were.

    Raises:
        GradebookError: if there are no results in ``out``.
        PolicyError: if what is remembered beside one of them cannot be read.
    """
    results, now = earlier(out), known(out, None, None)
    whole = credited(results, now.roster)
    before = credited(old, former_roster(path if path.is_dir() else path.parent))
    found = [one for one in changes(before, whole) if one.lesson in lessons or not lessons]
    made = term(whole, now.roster, now.policy.weights if now.policy else None)
    roster = now.roster
    write_atomically(out / "report.html", report_page(results, found, sections=overview(made, roster)))
    for line in lines(found, path):
        say(line)


def lines(found: list[Change], path: Path) -> list[str]:
    """Return the changes, one per line."""
    if not found:
        return [text("grading.compare.nothing", path=path)]
    ups, downs = sum(one.up for one in found), sum(one.down for one in found)
    said = [text("grading.compare.count", up=ups, down=downs, all=len(found))]
    said += [line(one) for one in found[:MOST_LINES]]
    left = len(found) - MOST_LINES
    return [*said, text("grading.compare.more", count=left)] if left > 0 else said


def line(one: Change) -> str:
    """Return the line for one change."""
    who = printable(one.student)
    before, after = number(one.before), number(one.after)
    why = printable(" ".join(one.reasons))
    return text("grading.compare.line", student=who, lesson=one.lesson, before=before, after=after, why=why)
