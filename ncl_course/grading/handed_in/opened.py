"""Open notebooks: each file is read and parsed once, and memory stays bounded for a large cohort."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from ncl_course.grading.handed_in.archive import Inside
from ncl_course.grading.handed_in.parsed import Parsed
from ncl_course.grading.handed_in.parser import cpu_of_parsing, parse
from ncl_course.language import text
from ncl_course.submission.errors import UnreadableNotebookError

ROOM = 32 * 2**20
"""The number of characters of notebooks to keep, enough for some hundred notebooks. The least recently used notebook is
dropped first, and is read again if it is needed again."""

PATIENCE = 60
"""The CPU seconds after which no further file of a student is opened; a notebook of the course takes 0.01."""

Place = tuple[str, Inside]


@dataclass(frozen=True, slots=True)
class Reading:
    """The facts by which submissions are sorted. They are small, so they are kept for every submission.

    Attributes:
        sha256: the digest of the file; empty if its bytes cannot be read.
        lesson: empty if it is unknown, and for the course map.
        is_map: whether the notebook is the course map.
        why: the reason if the notebook cannot be read, else empty.
    """

    sha256: str = ""
    lesson: str = ""
    is_map: bool = False
    why: str = ""


class Opened(NamedTuple):
    """A reading, and the notebook if it could be read."""

    reading: Reading
    notebook: Parsed | None


class Readable(Protocol):
    """A file with a notebook in it."""

    @property
    def student(self) -> str:
        """The student; empty if the file's name has yet to tell."""

    @property
    def id(self) -> str:
        """The student's number on a learning platform, or empty; it tells namesakes apart."""

    @property
    def file(self) -> str:
        """The path as it is named in results."""

    @property
    def place(self) -> Place:
        """The path, and the path inside a zip, which identify the file."""

    def read(self) -> bytes:
        """Return the bytes.

        Raises:
            UnreadableNotebookError: if they cannot or must not be read.
        """


class Shelf:
    """A cache of the opened notebooks of a run, shared by all threads.

    Args:
        room: the number of characters of notebooks that it keeps.
    """

    def __init__(self, room: int = ROOM) -> None:
        self.room, self.filled = room, 0
        self.readings: dict[Place, Reading] = {}
        self.notebooks: OrderedDict[Place, Parsed] = OrderedDict()
        self.spent: dict[Hashable, float] = defaultdict(float)
        self.lock = threading.Lock()

    def __reduce__(self) -> tuple[type[Shelf], tuple[int]]:
        """Pickle the shelf without its notebooks: another machine gets an empty one."""
        return Shelf, (self.room,)

    def reading(self, one: Readable) -> Reading:
        """Return the reading of a file; open the file if necessary."""
        with self.lock:
            return self.readings.get(one.place) or self.open(one).reading

    def opened(self, one: Readable) -> Opened:
        """Return the reading and the notebook of a file, both from the same bytes."""
        with self.lock:
            reading, notebook = self.readings.get(one.place), self.notebooks.get(one.place)
            if reading is None or not (notebook or reading.why):
                return self.open(one)
            if notebook:
                self.notebooks.move_to_end(one.place)
            return Opened(reading, notebook)

    def open(self, one: Readable) -> Opened:
        """Open a file and keep what was found.

        The time for reading one student's files is limited. It is CPU time, so that a busy machine changes nothing.
        Namesakes with different numbers, and files whose students are not known yet, do not share it.
        """
        who = (one.student, one.id) if one.student else one.place
        if self.spent[who] > PATIENCE:
            why = text("submission.unreadable.patience", seconds=PATIENCE)
            found = Opened(Reading(why=why), None)
        else:
            start = time.thread_time() + cpu_of_parsing()
            found = opened(one)
            self.spent[who] += time.thread_time() + cpu_of_parsing() - start
        self.readings[one.place] = found.reading
        if found.notebook is not None:
            self.notebooks[one.place] = found.notebook
            self.filled += size(found.notebook)
            while self.filled > self.room and len(self.notebooks) > 1:
                self.filled -= size(self.notebooks.popitem(last=False)[1])
        return found


def opened(one: Readable) -> Opened:
    """Open a file. If it cannot be read, for any reason at all, the reading gives the reason."""
    sha256 = ""
    try:
        raw = one.read()
        sha256 = hashlib.sha256(raw).hexdigest()
        notebook = parse(raw, one.file)
    except UnreadableNotebookError as error:
        return Opened(Reading(sha256, why=str(error)), None)
    except Exception as error:
        return Opened(Reading(sha256, why=text("submission.unreadable.fault", error=type(error).__name__)), None)
    return Opened(Reading(sha256, notebook.lesson, notebook.is_map), notebook)


def size(notebook: Parsed) -> int:
    """Return the number of characters in a notebook."""
    return sum(map(len, notebook.sources))
