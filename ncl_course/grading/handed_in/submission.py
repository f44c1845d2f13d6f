"""One notebook of one student: its owner, its place, and its contents, which are read and parsed once.

Memory stays bounded for a large cohort.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ncl_course.grading.handed_in.archive import Inside, member_bytes, packed_time
from ncl_course.grading.handed_in.parsed import Parsed
from ncl_course.grading.handed_in.parser import cpu_of_parsing, parse
from ncl_course.language import text
from ncl_course.submission.errors import UnreadableNotebookError
from ncl_course.submission.notebook import read_bytes

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
        packed: the year, month, day, hour, minute and second in the zip, in the packer's local time; empty if there is
            no zip or if the file was not read.
    """

    sha256: str = ""
    lesson: str = ""
    is_map: bool = False
    why: str = ""
    packed: tuple[int, ...] = ()


class Opened(NamedTuple):
    """A reading, and the notebook if it could be read."""

    reading: Reading
    notebook: Parsed | None


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

    def reading(self, one: Submission) -> Reading:
        """Return the reading of a file; open the file if necessary."""
        with self.lock:
            return self.readings.get(one.place) or self.open(one).reading

    def opened(self, one: Submission) -> Opened:
        """Return the reading and the notebook of a file, both from the same bytes."""
        with self.lock:
            reading, notebook = self.readings.get(one.place), self.notebooks.get(one.place)
            if reading is None or not (notebook or reading.why):
                return self.open(one)
            if notebook:
                self.notebooks.move_to_end(one.place)
            return Opened(reading, notebook)

    def open(self, one: Submission) -> Opened:
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


def opened(one: Submission) -> Opened:
    """Open a file. If it cannot be read, for any reason at all, the reading gives the reason."""
    sha256 = ""
    packed: tuple[int, ...] = ()
    try:
        raw = one.read()
        packed = packed_time(one.path, one.inside) if one.inside else ()
        sha256 = hashlib.sha256(raw).hexdigest()
        notebook = parse(raw, one.file)
    except UnreadableNotebookError as error:
        return Opened(Reading(sha256, why=str(error), packed=packed), None)
    except Exception as error:
        why = text("submission.unreadable.fault", error=type(error).__name__)
        return Opened(Reading(sha256, why=why, packed=packed), None)
    return Opened(Reading(sha256, notebook.lesson, notebook.is_map, packed=packed), notebook)


def size(notebook: Parsed) -> int:
    """Return the number of characters in a notebook."""
    return sum(map(len, notebook.sources))


@dataclass(frozen=True)
class Submission:
    """One notebook of one student. Its file is opened when it is first needed, and only once.

    Attributes:
        file: the path as it is named in results, relative to the path that was given.
        refused: the reason not to open the file, or empty.
        inside: its place in the zip at ``path``; empty if ``path`` is the notebook itself.
        beside: the same student's other notebooks, from which lesson 06 takes its layers.
        doubt: the reason why it may be another student's, or empty.
        stamps: the number of folders above the notebook where a platform may have put its timestamp.
        handed: when it was handed in, in the words of the platform's download, or empty.
        id: the student's number in the download and the grading sheet of a learning platform, or empty.
        shelf: the cache of opened notebooks, shared by all submissions of a run.
    """

    student: str
    path: Path
    file: str
    refused: str = ""
    inside: Inside = ()
    beside: tuple[Submission, ...] = field(default=(), repr=False)
    id: str = ""
    doubt: str = ""
    stamps: tuple[int, ...] = ()
    handed: str = ""
    shelf: Shelf = field(default_factory=Shelf, repr=False, compare=False)

    def read(self) -> bytes:
        """Return the notebook's bytes, from the disk or from a zip.

        Raises:
            UnreadableNotebookError: if they cannot or must not be read.
        """
        if self.refused:
            raise UnreadableNotebookError(self.refused)
        return member_bytes(self.path, self.inside) if self.inside else read_bytes(self.path)

    @property
    def place(self) -> Place:
        """The path, and the path inside a zip, which identify the file."""
        return str(self.path), self.inside

    @property
    def reading(self) -> Reading:
        """The file's digest, its lesson, and whether it can be read."""
        return self.shelf.reading(self)

    def opened(self) -> Opened:
        """Return the reading, and the notebook itself if it can be read."""
        return self.shelf.opened(self)

    def digest_beside(self) -> str:
        """Return one SHA-256 for the student's other notebooks, in any order. Unreadable files do not count."""
        found = sorted(filter(None, (other.reading.sha256 for other in self.beside)))
        return hashlib.sha256("".join(found).encode()).hexdigest()
