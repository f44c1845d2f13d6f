"""The recorded answers of ``ncl-course build``: written where they differ from what torch computes, or compared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ncl_course.authoring.build import AGAIN
from ncl_course.checking.right.file import FOLDER, as_bytes, path_of
from ncl_course.checking.right.make import differing
from ncl_course.files import write_atomically


def recordings(
    only: str = "", check: bool = False, report: Callable[[str], None] = lambda _: None, folder: Path = FOLDER
) -> list[str]:
    """Write the recorded answers that are missing or out of date, or report them.

    Args:
        only: the lesson; all of them by default.
        check: whether to compare and write nothing.
        report: a function that is called with the name of each file before it is written.
        folder: the folder of the recordings.

    Returns:
        The problems found; an empty list means that all is well.
    """
    made = {path_of(name, folder): recording for name, recording in differing(only, folder).items()}
    if check:
        return [f"{path.name} differs from what torch computes; {AGAIN}" for path in made]
    for path, recording in made.items():
        report(path.name)
        write_atomically(path, as_bytes(recording))
    return []
