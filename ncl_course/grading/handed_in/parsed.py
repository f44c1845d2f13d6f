"""Find everything that grading needs to know about a notebook's file; ``parsing.py`` does so in a child process.

The size of a student's work is limited here. A cell that is too long, or that cannot be parsed, costs only itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from ncl_course.exercises import EXERCISES
from ncl_course.language import text
from ncl_course.submission.lesson import is_map, lesson_of
from ncl_course.submission.magics import with_files, without_magics
from ncl_course.submission.notebook import Cell, Notebook, notebook_of
from ncl_course.submission.outline import Outline, outline
from ncl_course.submission.remarks import remarks

MAX_CELL = 200_000
"""The most characters in one cell. The course's longest has 4,000; a line takes up to 2 kB of the parser's memory."""

MAX_CODE = 1_000_000
"""The most characters in all code cells of a notebook."""

MAX_CELLS = 2_000
MOST_NAMED = 10
NAMES = frozenset(exercise.name for exercise in EXERCISES)


@dataclass(frozen=True)
class Parsed:
    """The parts of a notebook that grading needs.

    Attributes:
        sources: each code cell as plain Python, without magics; empty if the cell was left out.
        outlines: what the statements of each code cell bind.
        notes: the repairs, the parts left out, and the differences from the notebook that was handed out.
        lesson: empty if it is unknown, and for the course map.
        is_map: whether the notebook is the course map.
        python: the version of Python that ran the notebook last, or empty.
    """

    sources: tuple[str, ...]
    outlines: tuple[Outline, ...] = ()
    notes: tuple[str, ...] = ()
    lesson: str = ""
    is_map: bool = False
    python: str = ""

    @property
    def places(self) -> dict[str, int]:
        """The number, from 1, of the last cell that defines an exercise, by the exercise's name."""
        return {name: n for n, cell in enumerate(self.outlines, start=1) for name in cell.names if name in NAMES}


def parsed(raw: bytes, file: str, costly: Collection[int], begin: Callable[[int], None]) -> Parsed:
    """Parse the bytes of a notebook's file.

    Args:
        raw: the bytes.
        file: the path as it is named in results.
        costly: the numbers, from 1, of cells that are known to take too much time or memory; they are left out.
        begin: called with the number of each cell before it is parsed, and with 0 after the last one.

    Raises:
        UnreadableNotebookError: if they are not a notebook.
    """
    notebook, notes = capped(notebook_of(raw), costly)
    sources, outlines = [], []
    for number, cell in enumerate(notebook.cells, start=1):
        begin(number)
        sources.append(plain(cell.source))
        outlines.append(outline(sources[-1]))
    begin(0)
    lesson = lesson_of(notebook, file)
    said = remarks(notebook, lesson, file) if lesson else ()
    of_map = not lesson and is_map(notebook, file)
    said = (*notebook.repaired, *notes, *said)
    return Parsed(tuple(sources), tuple(outlines), said, lesson, of_map, notebook.python)


def plain(source: str) -> str:
    """Return a cell without magics. If they cannot be recognised, it stays the same, and Python reports the error."""
    try:
        return with_files(source, without_magics(source))
    except Exception:
        return source


def capped(notebook: Notebook, costly: Collection[int]) -> tuple[Notebook, list[str]]:
    """Return a notebook of limited size, and a line for each kind of part that was left out."""
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
    """Return the first numbers as a text, with the total if there are more."""
    more = f" … ({len(numbers)})" if len(numbers) > MOST_NAMED else ""
    return ", ".join(map(str, numbers[:MOST_NAMED])) + more
