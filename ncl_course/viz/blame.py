"""Find out whether an error arose in the student's code, or in the course or one of its packages."""

from __future__ import annotations

import site
import sysconfig
import traceback
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from ncl_course.protocol.raised import is_students

PACKAGE = Path(__file__).resolve().parents[1]
GIVEN = PACKAGE / "nn"
"""The pieces that students call themselves: an error in one is about the call."""


def is_own(error: BaseException, action: Callable[[], Any]) -> bool:
    """Return whether the traceback of an error has a frame of the student's.

    Args:
        action: the function of the lesson's cell that was run. Its own frame counts only if it called what raised
            the error, through nothing but given pieces and libraries; otherwise it only started a picture of ours.
    """
    entry = getattr(action, "__code__", None)
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    inner = [frame for frame in frames if frame.f_code is not entry]
    if any(is_theirs(frame.f_code.co_filename) for frame in inner):
        return True
    deepest = next((frame for frame in reversed(frames) if not is_tool(frame.f_code.co_filename)), None)
    return deepest is not None and deepest.f_code is entry


def is_theirs(filename: str) -> bool:
    """Return whether code of that file is the student's: a cell, or a file that belongs to no installed package."""
    if is_students(filename):
        return True
    return not filename.startswith("<") and not is_library(filename) and not is_in(filename, PACKAGE)


def is_tool(filename: str) -> bool:
    """Return whether code of that file belongs to a library or to the given pieces."""
    return is_in(filename, GIVEN) or not (is_theirs(filename) or is_in(filename, PACKAGE))


@cache
def is_library(filename: str) -> bool:
    """Return whether a file belongs to Python or to an installed package."""
    if {"site-packages", "dist-packages"} & set(Path(filename).parts):
        return True
    paths = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    return any(is_in(filename, Path(path)) for path in [*paths, *site.getsitepackages()])


def is_in(filename: str, folder: Path) -> bool:
    """Return whether a file is below a folder."""
    return Path(filename).resolve().is_relative_to(folder.resolve())
