"""One notebook of one student: whose it is, where it lies, and what is in it once it was opened."""

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
    """One notebook of one student; its file is opened at the first question about it, and once.

    Attributes:
        file: the path as it is named in results, relative to what was given.
        refused: why it will not be opened, or empty.
        inside: where it lies in the zip at ``path``, or empty where it is a file.
        beside: the same student's other notebooks, from which lesson 06 takes its layers.
        id: the student's number in the download of a learning platform, which its grading sheet names, too; or empty.
        shelf: where it stands with the others of the run once it was opened.
    """

    student: str
    path: Path
    file: str
    refused: str = ""
    inside: Inside = ()
    beside: tuple[Submission, ...] = field(default=(), repr=False)
    id: str = ""
    shelf: Shelf = field(default_factory=Shelf, repr=False, compare=False)

    def read(self) -> bytes:
        """The notebook's bytes, as they are on the disk or in a zip.

        Raises:
            UnreadableNotebookError: they cannot be read, or must not be.
        """
        if self.refused:
            raise UnreadableNotebookError(self.refused)
        return member_bytes(self.path, self.inside) if self.inside else read_bytes(self.path)

    @property
    def place(self) -> tuple[str, Inside]:
        """What tells its file from all others."""
        return str(self.path), self.inside

    @property
    def reading(self) -> Reading:
        """What sorts it: its fingerprint, its lesson, whether it can be read."""
        return self.shelf.reading(self)

    def opened(self) -> Opened:
        """The reading, and the notebook itself where it can be read."""
        return self.shelf.opened(self)

    def digest_beside(self) -> str:
        """The SHA-256 of the student's other notebooks, whatever their order; the unreadable count for nothing."""
        found = sorted(filter(None, (other.reading.sha256 for other in self.beside)))
        return hashlib.sha256("".join(found).encode()).hexdigest()
