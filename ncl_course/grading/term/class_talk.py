"""Prepare the lecturer's words about each misconception: how many, what they believe, an example for the board. Pure.

The example is the smallest of the panels that students with this misconception see in their own notebooks, with the
numbers of the notebook's public cases. It shows what the code gives and what is right, and not the student's hint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ncl_course.checking.view import named
from ncl_course.exercises import EXERCISES
from ncl_course.grading.entry import Entry, Panel
from ncl_course.grading.results import Results
from ncl_course.grading.term.excerpts import Sources, excerpts

MOST_OPEN = 3
"""The largest number of misconceptions of one exercise that the page shows unfolded."""

SEVERAL = 2
"""A misconception of fewer students is folded, and no code of theirs is shown."""


@dataclass(frozen=True)
class Talk:
    """One misconception: its students, out of those who tried, an example for the board, and excerpts of code."""

    exercise: str
    title: str
    students: int
    tried: int
    board: Panel | None
    excerpts: tuple[str, ...]


@dataclass(frozen=True)
class Topic:
    """An exercise, with its misconceptions from the most common one on; the page folds ``further`` away."""

    lesson: str
    exercise: str
    common: tuple[Talk, ...]
    further: tuple[Talk, ...]


@dataclass(frozen=True)
class Seen:
    """One entry with a misconception, the part that shows it, and the panel there."""

    entry: Entry
    part: str
    panel: Panel | None


def topics(results: Results, sources: Sources) -> list[Topic]:
    """Return the exercises with misconceptions, in the order of the course."""
    found: dict[tuple[str, str], list[Seen]] = {}
    tried: dict[str, int] = {}
    for entry in results.graded:
        for exercise in entry.exercises:
            tried[exercise.exercise] = tried.get(exercise.exercise, 0) + 1
            seen: set[str] = set()
            for part in exercise.parts:
                for name in part.misconceptions:
                    if name not in seen:
                        seen.add(name)
                        found.setdefault((exercise.exercise, name), []).append(Seen(entry, part.part, part.panel))
    made: list[Topic] = []
    for exercise_asked in EXERCISES:
        talks = [
            talk(one, name, seen_by, tried[one], sources)
            for (one, name), seen_by in found.items()
            if one == exercise_asked.name
        ]
        talks.sort(key=lambda one: (-one.students, one.title))
        if talks:
            common = [one for one in talks if one.students >= SEVERAL][:MOST_OPEN]
            further = tuple(talks[len(common) :])
            made.append(Topic(exercise_asked.lesson, exercise_asked.name, tuple(common), further))
    return made


def talk(exercise: str, name: str, seen: Sequence[Seen], tried: int, sources: Sources) -> Talk:
    """Return the words about one misconception."""
    students = len({one.entry.student for one in seen})
    panels = [one.panel for one in seen if one.panel and one.panel.grids]
    board = min(panels, key=size, default=None)
    code = excerpts([one.entry for one in seen], exercise, seen[0].part, sources) if students >= SEVERAL else ()
    return Talk(exercise, named(exercise, name).title, students, tried, board, code)


def size(panel: Panel) -> tuple[int, tuple[str, ...]]:
    """Return how much a panel asks of a board: the numbers in it."""
    return sum(len(row) for grid in panel.grids for row in grid.cells), panel.code
