"""Find when a download says that each student handed in: in the names that it gave, or in a file that it added.

Blackboard and Brightspace write the time into the name of a file or a folder, as a clock at the university shows it.
Sakai adds ``timestamp.txt`` to each student's folder, beside the folder of the student's own files; its time is UTC.
Moodle and Canvas say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence

from ncl_course.grading.handed_in.downloads import BLACKBOARD, NBGRADER, brightspace_match
from ncl_course.grading.handed_in.found import Found
from ncl_course.submission.errors import UnreadableNotebookError

SAKAIS = "timestamp.txt"
DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\d{0,3}$")
"""Sakai's time: the year, month, day, hour, minute, second and milliseconds, without signs between them."""

LAST_CLOCK = re.compile(r"\b(\d{1,2})(\d\d)(?=[^\d]*$)")
MOST_BYTES = 200


def times(
    platform: str, names: Iterable[str], files: Sequence[Found], above: tuple[str, ...], folders: Container[str]
) -> dict[str, str]:
    """Return when the work under each name was handed in, in words; names without a time are left out.

    Args:
        platform: the platform that gave the names.
        names: the names of folders or files.
        files: the files in the folder that holds these.
        above: the folders that lead to it.
        folders: the names of folders among the names.
    """
    if platform == "sakai":
        stamps = {one.parts[-2]: one for one in files if len(one.parts) == len(above) + 2 and one.parts[-1] == SAKAIS}
        said = {name: stamp(stamps[name]) for name in names if name in stamps}
    else:
        said = {name: in_name(platform, name, name in folders) for name in names}
    return {name: words for name, words in said.items() if words}


def in_name(platform: str, name: str, is_folder: bool) -> str:
    """Return the time in a name of Blackboard's, Brightspace's or nbgrader's; empty for another platform's."""
    if platform == "nbgrader" and (found := NBGRADER.match(name)):
        return found["time"]
    if platform == "blackboard" and (found := BLACKBOARD.match(name)):
        year, month, day, *clock = found["time"].split("-")
        return f"{year}-{month}-{day} {':'.join(clock)}"
    if platform == "brightspace" and (found := brightspace_match(name, is_folder)):
        return LAST_CLOCK.sub(r"\1:\2", found["time"])
    return ""


def stamp(file: Found) -> str:
    """Return the time in a file of Sakai's; empty if there is none."""
    try:
        words = file.read()[:MOST_BYTES].decode().strip()
    except (UnreadableNotebookError, UnicodeDecodeError):
        return ""
    found = DIGITS.match(words)
    if not found:
        return words
    year, month, day, *clock = found.groups()
    return f"{year}-{month}-{day} {':'.join(clock)}+00:00"
