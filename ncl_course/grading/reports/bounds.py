"""Keep an entry short: every text in it that a student's process had a part in, and all of them together.

The worker in the sandbox cuts its texts, too, but student code shares a process with it and may undo that. So what
counts are the limits here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ncl_course.grading.entry import Entry, ExerciseEntry, Panel, PartEntry
from ncl_course.language import text

IN_ALL = 100_000
"""Characters in one entry. A notebook with a mistake in every part has about 10,000."""

SENTENCE, WORD, PRINTED = 2_000, 200, 2_000
"""Characters of a sentence or a line of code, of a name, and of what a student's code printed."""

MOST_NOTES, MOST_LINES = 60, 100
"""Notes on a notebook, and sentences or lines of code in a panel."""


class Shortener:
    """Cuts texts, and cuts them to nothing once there have been too many.

    Args:
        left: the characters of all texts together.
    """

    def __init__(self, left: int = IN_ALL) -> None:
        self.left = left

    def cut(self, words: str, most: int = SENTENCE) -> str:
        """Return a text of so many characters at most; an ellipsis stands for the rest."""
        short = words[: min(most, self.left)]
        self.left -= len(short)
        return short if len(short) == len(words) else f"{short}…"

    def maybe(self, words: str | None, most: int = SENTENCE) -> str | None:
        """Return the same for a text that may be missing."""
        return None if words is None else self.cut(words, most)

    def lines(self, lines: Iterable[str], most: int = MOST_LINES) -> tuple[str, ...]:
        """Return the first lines, each cut; if there are more, the last one says how many."""
        everything = tuple(lines)
        kept = tuple(self.cut(line) for line in everything[:most] if self.left > 0)
        further = len(everything) - len(kept)
        return (*kept, text("grading.cell.further", count=further)) if further else kept


def bounded(entry: Entry) -> Entry:
    """Return an entry of bearable length."""
    short = Shortener()
    return replace(
        entry,
        message=short.cut(entry.message),
        doubt=short.cut(entry.doubt),
        exercises=tuple(exercise(one, short) for one in entry.exercises),
        notes=short.lines(entry.notes, MOST_NOTES),
    )


def exercise(entry: ExerciseEntry, short: Shortener) -> ExerciseEntry:
    """Return the entry of an exercise with texts of bearable length."""
    return replace(entry, message=short.cut(entry.message), parts=tuple(part(one, short) for one in entry.parts))


def part(entry: PartEntry, short: Shortener) -> PartEntry:
    """Return the entry of a part with texts of bearable length."""
    return replace(
        entry,
        raised=short.maybe(entry.raised, WORD),
        where=short.maybe(entry.where),
        raised_message=short.maybe(entry.raised_message),
        note=short.cut(entry.note),
        panel=panel(entry.panel, short) if entry.panel else None,
    )


def panel(entry: Panel, short: Shortener) -> Panel:
    """Return a panel with texts of bearable length; its grids hold few numbers already."""
    return replace(
        entry,
        lead=short.cut(entry.lead),
        code=short.lines(entry.code),
        sentences=short.lines(entry.sentences),
        printed=short.cut(entry.printed, PRINTED),
    )
