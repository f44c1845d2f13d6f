"""All that grading has to know of a notebook's file, found out in one go: ``parsing.py`` does it in a child process.

What a student can make long is capped here. A cell that is too long, or that cannot be looked into, costs that cell.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace

from ncl_course.exercises import EXERCISES
from ncl_course.language import text
from ncl_course.submission.defined import defined_names
from ncl_course.submission.lesson import is_map, lesson_of
from ncl_course.submission.magics import without_magics
from ncl_course.submission.notebook import Cell, Notebook, notebook_of
from ncl_course.submission.remarks import remarks

MAX_CELL = 200_000
"""Characters in one cell. The course's longest has 4,000; a line of Python costs its parser up to 2 kB of memory."""

MAX_CODE = 1_000_000
"""Characters in all code cells of a notebook."""

MAX_CELLS = 2_000
MOST_NAMED = 10

NAMES = frozenset(exercise.name for exercise in EXERCISES)


@dataclass(frozen=True)
class Parsed:
    """A notebook as far as grading needs it.

    Attributes:
        sources: each code cell as plain Python, without magics; empty where the cell was left out.
        places: the number, from 1, of the last cell that defines an exercise, by the exercise's name.
        notes: what had to be repaired, what was left out, and what differs from the notebook that was handed out.
        lesson: empty if it is unknown, and for the course map.
        is_map: whether the notebook is the course map.
    """

    sources: tuple[str, ...]
    places: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    lesson: str = ""
    is_map: bool = False


def parsed(raw: bytes, file: str, costly: Collection[int], begin: Callable[[int], None]) -> Parsed:
    """Return what the bytes of a notebook's file hold.

    Args:
        raw: the bytes.
        file: the path as it is named in results.
        costly: the numbers, from 1, of cells that are known to take too much time or memory; they are left out.
        begin: called with the number of each cell before it is looked into, and with 0 after the last one.

    Raises:
        UnreadableNotebookError: they are no notebook.
    """
    notebook, notes = capped(notebook_of(raw), costly)
    sources, places = [], dict[str, int]()
    for number, cell in enumerate(notebook.cells, start=1):
        begin(number)
        sources.append(plain(cell.source))
        places |= dict.fromkeys(NAMES & defined_names(sources[-1]), number)
    begin(0)
    lesson = lesson_of(notebook, file)
    said = remarks(notebook, lesson, file) if lesson else ()
    of_map = not lesson and is_map(notebook, file)
    return Parsed(tuple(sources), places, (*notebook.repaired, *notes, *said), lesson, of_map)


def plain(source: str) -> str:
    """Return a cell without magics. Where they cannot be told, it stays as it is, and Python says what is wrong."""
    try:
        return without_magics(source)
    except Exception:
        return source


def capped(notebook: Notebook, costly: Collection[int]) -> tuple[Notebook, list[str]]:
    """Return a notebook of bearable size, and a line for each kind of thing that was left out."""
    long, late, kept, total = [], [], [], 0
    for number, cell in enumerate(notebook.cells[:MAX_CELLS], start=1):
        size = len(cell.source)
        if size > MAX_CELL:
            long.append(number)
        elif number not in costly and total + size > MAX_CODE:
            late.append(number)
        left_out = size > MAX_CELL or number in costly or total + size > MAX_CODE
        kept.append(Cell("", cell.role, cell.tags) if left_out else cell)
        total += 0 if left_out else size
    prose = tuple(source for source in notebook.prose[:MAX_CELLS] if len(source) <= MAX_CELL)
    count = len(notebook.cells)
    lines = [
        *([text("submission.limit.cell", cells=listed(long), limit=MAX_CELL)] if long else []),
        *([text("submission.limit.code", cells=listed(late), limit=MAX_CODE)] if late else []),
        *([text("submission.limit.costly", cells=listed(sorted(costly)))] if costly else []),
        *([text("submission.limit.cells", count=count, limit=MAX_CELLS)] if count > MAX_CELLS else []),
    ]
    return replace(notebook, cells=tuple(kept), prose=prose), lines


def listed(numbers: Sequence[int]) -> str:
    """Return the first numbers as a text, and how many there are if there are more."""
    more = f" … ({len(numbers)})" if len(numbers) > MOST_NAMED else ""
    return ", ".join(map(str, numbers[:MOST_NAMED])) + more
