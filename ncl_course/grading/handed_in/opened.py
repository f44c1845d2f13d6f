"""Notebooks that were opened: each is read and parsed once, and not all of a large cohort are in memory at a time."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from ncl_course.grading.handed_in.archive import Inside
from ncl_course.submission.errors import UnreadableNotebookError
from ncl_course.submission.lesson import is_map, lesson_of
from ncl_course.submission.notebook import Notebook, notebook_of

ROOM = 32 * 2**20
"""Characters of notebooks that are kept. The one that was not asked for longest makes room, and is read again if asked
for once more: a cohort of some hundred notebooks fits."""

Place = tuple[str, Inside]


@dataclass(frozen=True, slots=True)
class Reading:
    """What sorts a submission, small enough to be kept of every one.

    Attributes:
        sha256: the file's fingerprint; empty where its bytes cannot be had.
        lesson: empty where nobody can tell, and of the course map.
        why: why it cannot be read, or empty.
    """

    sha256: str = ""
    lesson: str = ""
    is_map: bool = False
    why: str = ""


class Opened(NamedTuple):
    """A reading, and the notebook where there is one."""

    reading: Reading
    notebook: Notebook | None


class Readable(Protocol):
    """A file that holds a notebook."""

    @property
    def file(self) -> str:
        """Its path as it is named in results."""

    @property
    def place(self) -> Place:
        """What tells it from other files."""

    def read(self) -> bytes:
        """Its bytes.

        Raises:
            UnreadableNotebookError: they cannot be read, or must not be.
        """


class Shelf:
    """Where the notebooks of a run stand once they were opened, for all its threads.

    Args:
        room: characters of notebooks that it holds.
    """

    def __init__(self, room: int = ROOM) -> None:
        self.room, self.filled = room, 0
        self.readings: dict[Place, Reading] = {}
        self.notebooks: OrderedDict[Place, Notebook] = OrderedDict()
        self.lock = threading.Lock()

    def __reduce__(self) -> tuple[type[Shelf], tuple[int]]:
        """It travels to another machine empty."""
        return Shelf, (self.room,)

    def reading(self, one: Readable) -> Reading:
        """What sorts it."""
        with self.lock:
            return self.readings.get(one.place) or self.open(one).reading

    def opened(self, one: Readable) -> Opened:
        """The reading and the notebook, from one and the same look at the file."""
        with self.lock:
            reading, notebook = self.readings.get(one.place), self.notebooks.get(one.place)
            if reading is None or not (notebook or reading.why):
                return self.open(one)
            if notebook:
                self.notebooks.move_to_end(one.place)
            return Opened(reading, notebook)

    def open(self, one: Readable) -> Opened:
        """Open the file and put it on the shelf."""
        found = opened(one)
        self.readings[one.place] = found.reading
        if found.notebook is not None:
            self.notebooks[one.place] = found.notebook
            self.filled += size(found.notebook)
            while self.filled > self.room and len(self.notebooks) > 1:
                self.filled -= size(self.notebooks.popitem(last=False)[1])
        return found


def opened(one: Readable) -> Opened:
    """Open a file; where that fails, the reading says why."""
    sha256 = ""
    try:
        raw = one.read()
        sha256 = hashlib.sha256(raw).hexdigest()
        notebook = notebook_of(raw)
    except UnreadableNotebookError as error:
        return Opened(Reading(sha256, why=str(error)), None)
    lesson = lesson_of(notebook, one.file)
    return Opened(Reading(sha256, lesson, not lesson and is_map(notebook, one.file)), notebook)


def size(notebook: Notebook) -> int:
    """How many characters a notebook takes up."""
    return sum(map(len, (*notebook.sources, *notebook.prose)))
