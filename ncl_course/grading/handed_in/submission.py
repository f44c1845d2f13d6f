"""One notebook of one student: its owner, its place, and its contents."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from ncl_course.grading.handed_in.archive import Inside, member_bytes
from ncl_course.grading.handed_in.opened import Opened, Reading, Shelf
from ncl_course.submission.errors import UnreadableNotebookError
from ncl_course.submission.notebook import read_bytes


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
    def place(self) -> tuple[str, Inside]:
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
