"""The recorded answers of ``ncl-course build``: written where they differ from what torch computes, or compared."""

from __future__ import annotations

from collections.abc import Callable

from ncl_course.authoring.build import AGAIN
from ncl_course.checking.right import make
from ncl_course.checking.right.file import path_of


def recordings(only: str = "", check: bool = False, report: Callable[[str], None] = lambda _: None) -> list[str]:
    """Write the recorded answers that are missing or out of date, or report them.

    Args:
        only: the lesson; all of them by default.
        check: whether to compare and write nothing.
        report: a function that is called with the name of each file before it is written.

    Returns:
        The problems found; an empty list means that all is well.
    """
    names = make.differing(only)
    if check:
        return [f"{path_of(name).name} differs from what torch computes; {AGAIN}" for name in names]
    for name in names:
        report(path_of(name).name)
        make.write(name)
    return []
