"""``similar.html`` and ``similar.csv``: pairs of similar solutions, for a person to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.reports.html import render
from ncl_course.grading.similar.clusters import clusters
from ncl_course.grading.similar.oral import Defence
from ncl_course.grading.similar.pairs import Alike, Pair, Solution, Span
from ncl_course.grading.term.form import PLAIN

SHOWN, ROWS = 30, 200
"""The number of groups of a lesson that show the code of a pair side by side, and of pairs that the page lists."""

HEAD = ("lesson", "likeness", "first", "share_of_first", "second", "share_of_second", "first_file", "second_file")


@dataclass(frozen=True)
class Piece:
    """A stretch of code, and whether the other student has it too."""

    code: str
    shared: bool


def similar_page(found: Sequence[Alike], left_out: Sequence[tuple[Submission, str]], threshold: float) -> str:
    """Return the page."""
    groups = {lesson.lesson: clusters(lesson.pairs) for lesson in found}
    values = {"found": found, "left_out": left_out, "threshold": threshold, "shown": SHOWN, "rows": ROWS}
    return render("similar.html", groups=groups, pieces=pieces, **values)


def oral_page(found: Sequence[Defence]) -> str:
    """Return the list of questions for an oral defence."""
    return render("oral.html", found=found)


def pieces(pair: Pair, side: int) -> list[Piece]:
    """One side of a pair, split where the shared code begins and ends."""
    solution = (pair.first, pair.second)[side]
    return list(cut(solution, pair.spans[side]))


def cut(solution: Solution, spans: Sequence[Span]) -> list[Piece]:
    """Return a solution's code in pieces."""
    found, here = [], 0
    for start, end in spans:
        found += [Piece(solution.code[here:start], False), Piece(solution.code[start:end], True)]
        here = end
    return [piece for piece in (*found, Piece(solution.code[here:], False)) if piece.code]


def similar_csv(found: Sequence[Alike]) -> str:
    """Return all pairs, one per row."""
    rows = [row_of(pair) for lesson in found for pair in lesson.pairs]
    return PLAIN.text([HEAD, *rows])


def row_of(pair: Pair) -> tuple[str, ...]:
    """Return the cells of a pair."""
    first, second = pair.first, pair.second
    likeness, of_first, of_second = (f"{value:.3f}" for value in (pair.likeness, *pair.shares))
    return first.lesson, likeness, first.label, of_first, second.label, of_second, first.file, second.file
