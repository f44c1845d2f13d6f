"""A hint for notebooks that were not found: the folder that was searched, and how to name another one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ncl_course.language import text


@dataclass(frozen=True)
class Searched:
    """A folder that was searched for notebooks.

    Attributes:
        call: the name of the function that the student called.
        folder: the folder, as a whole path.
        missing: the lessons whose notebooks are not there.
    """

    call: str
    folder: Path
    missing: Sequence[str]

    def hint(self) -> str:
        """Return what was not found, where, and how to name another folder; empty if all is there."""
        if not self.missing:
            return ""
        return text("course.searched.hint", call=self.call, folder=self.folder, names=", ".join(self.missing))
