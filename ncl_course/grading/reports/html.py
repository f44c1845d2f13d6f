"""Write ``report.html`` for the instructor and ``feedback/STUDENT.html``: whole pages that need no network.

A page allows only its own script, by the script's hash: a script that a student smuggles in does not run.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup

from ncl_course.checking.grids import Grid
from ncl_course.checking.view import Named, key_about, named
from ncl_course.grading.entry import Entry, PartEntry, round_points
from ncl_course.grading.plain import plain
from ncl_course.grading.reports import cohort, marks, troubles
from ncl_course.grading.reports.compare import Change
from ncl_course.grading.reports.names import file_names
from ncl_course.grading.results import Results
from ncl_course.grading.worded import part_name, raised_sentence
from ncl_course.language import current, find, text

SIGNS = {"all": "■", "some": "▲", "none": "●", "ended": "✕", "missing": "–", "absent": ""}
"""Signs beside the colours, for people who see colours differently, and for print."""

NARROW, EDGES = 36, 2
"""The characters that fit beside one another on a phone of 320 px, and those that a column's edges take."""

STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Controls, and marks of direction: after one of them a browser may show ``5 of 9`` as ``9 of 5``."""

TOP = 10
"""The number of misconceptions in the report; ``items.html`` has all."""


@dataclass(frozen=True)
class Section:
    """A section in the overview: its students, how many handed in something, the mean percentage, and its page."""

    name: str
    students: int
    handed_in: int
    mean: float | None
    page: str


@cache
def templates() -> jinja2.Environment:
    """Load our templates; every value that is put into them is escaped."""
    loader = jinja2.PackageLoader("ncl_course.grading.reports")
    env = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    env.undefined = jinja2.StrictUndefined
    env.finalize = readable
    env.globals.update(text=text, number=cohort.number, fixed=cohort.fixed, signs=SIGNS, level=cohort.level, told=marks)
    env.globals.update(part_name=part_name, explained=explained, wide=wide)
    return env


def wide(grid: Grid) -> bool:
    """Return whether a grid may be wider than a phone: then the keyboard must reach it to scroll it."""
    columns = zip(*grid.cells, strict=False)
    return sum(max(map(len, column)) + EDGES for column in columns) > NARROW


def readable(value: Any) -> Any:
    """Return a value as pages show it, with ? in place of each control and of each mark of direction."""
    return STEERING.sub("?", value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def script() -> str:
    """Return the code that searches and sorts tables."""
    return resources.files("ncl_course.grading.reports").joinpath("templates", "tables.js").read_text(encoding="utf-8")


@cache
def script_hash() -> str:
    """Return the hash by which a page allows only that code."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script().encode()).digest()).decode()


def render(name: str, **values: Any) -> str:
    """Make a page from its template."""
    code = Markup(script())  # our own file, not a student's
    return templates().get_template(name).render(lang=current(), script=code, script_hash=script_hash(), **values)


def report_page(
    results: Results,
    changes: Sequence[Change] = (),
    *,
    title: str = "",
    up: str = "",
    sections: Sequence[Section] = (),
) -> str:
    """Return the cohort's page.

    Args:
        changes: those since an earlier run, if one was given.
        title: the section, if the page is for one.
        up: the path from the page's folder to that of ``feedback/``.
        sections: the sections of the roster, for an overview.
    """
    entries = results.submissions
    return render(
        "report.html",
        title=title,
        up=up,
        sections=sections,
        top=TOP,
        how=plain(results.run),
        graded=len(results.graded),
        total=len(entries),
        lessons=cohort.lessons(results),
        common=cohort.common(results),
        ungraded=results.ungraded,
        ended=troubles.ended(results),
        slow=troubles.slow(results),
        matters=troubles.MATTERS,
        entries=entries,
        share=cohort.share,
        pages=file_names(results.students),
        changes=changes,
        marked=marks.any_marks(entries),
    )


def items_page(**values: Any) -> str:
    """Return the lecturer's page: statistics of the parts, misconceptions, who may be falling behind."""
    return render("items.html", **values)


def feedback_page(student: str, entries: Sequence[Entry]) -> str:
    """Return one student's page: verdicts, the notebook's own panels, hints, and no numbers from the grader's cases."""
    return render("feedback.html", student=student, entries=entries, total=total(entries))


@dataclass(frozen=True)
class Total:
    """The points of several lessons together, and the number of notebooks that are not graded yet."""

    score: float
    max_score: float
    open: int


def total(entries: Sequence[Entry]) -> Total:
    """Return the sum of the marks, out of the points of the lessons that were handed in."""
    marked = [entry for entry in entries if entry.mark is not None]
    score, most = sum(entry.mark or 0.0 for entry in marked), sum(entry.max_score or 0.0 for entry in marked)
    return Total(round_points(score), round_points(most), len(entries) - len(marked))


@dataclass(frozen=True)
class Explained:
    """Return the sentences about a part that a student reads beside its panel and its note."""

    why: str
    raised: str
    named: tuple[Named, ...]


def explained(exercise: str, part: PartEntry) -> Explained:
    """Explain a part in words."""
    raised = "" if part.panel or part.raised is None else raised_line(part)
    return Explained(described(exercise, part), raised, tuple(named(exercise, name) for name in part.misconceptions))


def described(exercise: str, part: PartEntry) -> str:
    """Say in words how many of the grader's cases fail, and what the smallest of them is about."""
    if not part.case:
        return ""
    why = find(key_about(exercise, f"case.{part.case}")) or part.case
    key = "further" if part.panel else "smallest"
    return text(f"grading.feedback.{key}", why=why, failing=part.failing, cases=part.cases)


def raised_line(part: PartEntry) -> str:
    """Say what was raised, and where."""
    where = f" ({text('grading.feedback.where', where=part.where)})" if part.where else ""
    return raised_sentence(part.raised or "", part.raised_message or "") + where
