"""The words for a sheet's column of comments, between a first and a last sign by which they are found again.

A person's words before or after them in the same cell stay; a regrade replaces the words between the signs.
Moodle reads a comment as HTML, so everything is escaped there and lines end in ``<br>``.
"""

from __future__ import annotations

import html
import re

from ncl_course.grading.entry import Entry
from ncl_course.grading.reports.cohort import number
from ncl_course.grading.reports.csv import neutral
from ncl_course.grading.reports.marks import mark_lines
from ncl_course.grading.terminal import printable
from ncl_course.language import text

NAME = "ncl-course"
"""Part of both signs. It is taken out of the lines between them, so that a student's message cannot end our comment."""

FIRST, LAST = f"{NAME}:", f"— {NAME}"
OURS = re.compile(rf"{FIRST}.*?{LAST}", re.DOTALL)


def feedback(entry: Entry) -> list[str]:
    """Return the feedback on a submission, line by line."""
    scores = {"score": number(entry.score), "max_score": number(entry.max_score)}
    points = text("grading.feedback.points", **scores) if entry.graded else text("grading.feedback.ungraded")
    exercises = [
        f"{one.exercise}: {number(one.score)} / {number(one.max_score)}. {one.message}" for one in entry.exercises
    ]
    inner = [line.replace(NAME, NAME.replace("-", " ")) for line in (*mark_lines(entry), *exercises)]
    return [printable(line) for line in (f"{FIRST} {entry.lesson}, {points}", *inner, LAST)]


def comment(cell: str, lines: list[str], as_html: bool) -> str:
    """Return a cell with these lines in place of earlier ones, or below a person's words."""
    escaped = (html.escape(line, quote=False) if as_html else line for line in lines)
    ours = ("<br>" if as_html else "\n").join(map(neutral, escaped))
    if OURS.search(cell):
        return OURS.sub(lambda _: ours, cell, count=1)
    gap = "<br><br>" if as_html else "\n\n"
    return f"{cell}{gap}{ours}" if cell.strip() not in ("", "-") else ours
