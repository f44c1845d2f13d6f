"""Find whose a downloaded file is, from the names that learning platforms give to files.

Moodle: a folder ``Anna Petrova_123456_assignsubmission_file_`` (older and newer ones end without the last
underscore), or flat files ``Anna Petrova_123456_assignsubmission_file_01_pooling.ipynb``; before the name there may be
a group, and for blind grading it is ``Participant_123456_…``. Canvas: flat files
``petrovaanna_LATE_4711_815_01_pooling-1.ipynb`` with the user's and the file's number, or ``LATE_anon_Xy12Z_815_…``.
Blackboard: flat files ``Homework 1_apetrova_attempt_2026-10-12-20-41-00_01_pooling.ipynb``, and a text file of the same
name without the last part. Brightspace: folders ``397063-2557369 - Anna Petrova - Sep 24, 2026 926 PM``, one for each
time that a student handed in, or flat files whose own name follows after another `` - ``. Sakai: folders
``Petrova, Anna(apetrova)``. nbgrader's exchange: folders ``apetrova+hw1+2026-10-12 20:41:00.123456 UTC+ab12cd``, one
for each time that a student handed in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from ncl_course.exercises import LESSONS

LESSON = "|".join(lesson.partition("_")[0] + "_" + lesson.split("_")[1] for lesson in LESSONS)
MOODLE = re.compile(r"(?P<student>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+(?:_(?P<file>.*))?$", re.DOTALL)
MOODLE_FOLDER = re.compile(r"(?P<student>.+)_(?P<number>\d+)_assignsubmission_[a-z]+_?$", re.DOTALL)
"""Students can choose names that look like a whole folder's, so in a folder's name the last number counts."""

CANVAS = re.compile(
    rf"(?P<student>[^_\d][^/]*?)(?:_LATE)?_(?P<number>\d+)_(?!(?i:{LESSON}))\d+_(?P<file>.+)$", re.DOTALL
)
"""A lesson's number with its word after it is not the number of a file: ``ivanov_12_01_pooling``."""

CANVAS_BLIND = re.compile(r"(?:LATE_)?(?P<student>anon_(?P<number>[A-Za-z0-9]+))_\d+_(?P<file>.+)$", re.DOTALL)
BLACKBOARD = re.compile(
    r"(?P<before>.+?_[^_]+)_[^\W\d_]+_(?P<time>\d{4}(?:-\d\d){5})(?:\.txt|_(?P<file>.+))$", re.DOTALL | re.IGNORECASE
)
"""The first time in a name is the platform's. What follows is the student's own name for the file."""

TIME = r"[^-]*\b\d{4}\b[^-\d]+\b\d{3,4}\b[^-\d]*?"
"""Brightspace's time is in the words of the course's language, its hour and minute without a colon."""

BRIGHTSPACE = re.compile(rf"(?P<number>\d+)-\d+ - (?P<student>.+?) - (?P<time>{TIME})(?: - (?P<file>.+))?$", re.DOTALL)
BRIGHTSPACE_FOLDER = re.compile(rf"(?P<number>\d+)-\d+ - (?P<student>.+) - (?P<time>{TIME})$", re.DOTALL)
AGAIN = re.compile(rf".*_\d+_assignsubmission_[a-z]+(?:_|$)|(?:.* - )?{TIME}(?: - |$)", re.DOTALL)
"""The end of a flat file's name that has the form of Moodle or Brightspace twice: all after the first one."""

SAKAI = re.compile(r"(?P<student>[^(),]+,[^(),]+)\((?P<number>[^()\s]+)\)$")


NBGRADER = re.compile(
    r"(?P<student>[^+]+)\+[^+]+\+(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? [^+]+)(?:\+[\w-]+)?$"
)
"""A folder in ``inbound/`` of nbgrader's exchange; newer versions add a random word."""


@dataclass(frozen=True)
class Owner:
    """A student as a download names them: with the number that distinguishes namesakes in that ``download``.

    Moodle numbers a student anew for each assignment, so across downloads only the name identifies the student.
    """

    student: str
    number: str = ""
    download: str = ""


Owners = dict[str, tuple[Owner, ...]]
"""The students of the folders and files in one folder of a download, by their names."""


def moodle(names: Iterable[str], folders: Container[str] = ()) -> Owners:
    """Return the students of Moodle's folders or flat files; ``folders`` are the names of folders."""
    return {name: (found,) for name in names if (found := moodle_owner(name, name in folders))}


def moodle_owner(name: str, is_folder: bool) -> Owner | None:
    """Return the student in a name of Moodle's, or None if the name is not Moodle's."""
    found = (is_folder and MOODLE_FOLDER.match(name)) or MOODLE.match(name)
    if not found:
        return None
    student = f"Participant {found['number']}" if is_blind(found["student"]) else found["student"]
    return Owner(student.strip(), found["number"])


def is_blind(name: str) -> bool:
    """Return whether Moodle has hidden the name: then all students have the same one."""
    return name.rpartition("-")[2].strip() in ("Participant", "Участник")


def canvas(names: Iterable[str]) -> Owners:
    """Return the students of Canvas's flat files."""
    names = [*names]
    found = numbered(CANVAS.match, names) | numbered(CANVAS_BLIND.match, names)
    return {} if is_made_up(found) else found


def is_made_up(found: Owners) -> bool:
    """Return whether the students made up these names themselves: all would belong to one student, some to one file.

    Canvas numbers a second file of the same name. So ``lab_1_20417_01_pooling`` and ``lab_1_20418_01_pooling`` are not
    its names, and the last number in them is the student's own.
    """
    files = {one["file"] for name in found if (one := CANVAS.match(name) or CANVAS_BLIND.match(name))}
    return len({*found.values()}) == 1 and len(files) < len(found)


def blackboard(names: Iterable[str]) -> Owners:
    """Return the students of Blackboard's flat files.

    The user's name follows that of the assignment, and both may hold underscores: the words with which all names begin
    are the assignment's.
    """
    found = {name: one["before"].split("_") for name in names if (one := BLACKBOARD.match(name))}
    places = zip(*(words[:-1] for words in found.values()), strict=False)
    shared = len([*takewhile(lambda place: len({*place}) == 1, places)])
    return {name: (Owner("_".join(before[shared if len(before) > 2 else 1 :])),) for name, before in found.items()}


def brightspace(names: Iterable[str], folders: Container[str] = ()) -> Owners:
    """Return the students of Brightspace's folders or flat files; ``folders`` are the names of folders."""
    return numbered(lambda name: brightspace_match(name, name in folders), names)


def brightspace_match(name: str, is_folder: bool) -> re.Match[str] | None:
    """Return the parts of a name of Brightspace's, or None if the name is not Brightspace's."""
    return (is_folder and BRIGHTSPACE_FOLDER.match(name)) or BRIGHTSPACE.match(name)


def is_ambiguous(name: str) -> bool:
    """Return whether the name of a flat file has the form of Moodle or Brightspace twice.

    A student may have made up the first one, as a name of their own, or the second one, as the name of the file.
    """
    found = MOODLE.match(name) or BRIGHTSPACE.match(name)
    return bool(found and found["file"] and AGAIN.match(found["file"]))


def sakai(names: Iterable[str]) -> Owners:
    """Return the students of Sakai's folders."""
    return numbered(SAKAI.match, names)


def nbgrader(names: Iterable[str]) -> Owners:
    """Return the students of the folders in nbgrader's exchange, by their accounts."""
    return {name: (Owner(one["student"]),) for name in names if (one := NBGRADER.match(name))}


def numbered(match: Callable[[str], re.Match[str] | None], names: Iterable[str]) -> Owners:
    """Return the students of names that a match divides into a student and a number or an account."""
    found = {name: match(name) for name in names}
    return {name: (Owner(one["student"].strip(), one["number"]),) for name, one in found.items() if one}


FLAT = (canvas, blackboard)
"""Downloads that hold files and no folders."""

BOTH = (moodle, brightspace)
"""Downloads that hold a folder for each student, or several, or files and no folders."""

FOLDERS = (sakai, nbgrader)
"""Downloads that hold a folder for each student."""


def named(groups: Sequence[Iterable[Owner]]) -> list[Mapping[Owner, str]]:
    """Return a name for each owner, by the groups that they come in: the paths that were given.

    Namesakes in one download get their number. So does everyone whose own name looks like that of a namesake.
    """
    numbers: dict[tuple[int, str, str], set[str]] = {}
    for group, owners in enumerate(groups):
        for owner in owners:
            numbers.setdefault((group, owner.download, owner.student), set()).add(owner.number)
    several = {place for place, found in numbers.items() if len(found) > 1}
    more = set(several)
    while more:
        taken = {f"{place[2]} ({number})" for place in several for number in numbers[place] if number}
        more = {place for place in numbers if place[2] in taken} - several
        several |= more
    return [
        {owner: with_number(owner, (group, owner.download, owner.student) in several) for owner in owners}
        for group, owners in enumerate(groups)
    ]


def with_number(owner: Owner, several: bool) -> str:
    """Return the owner's name, with the number if others have the same name."""
    return f"{owner.student} ({owner.number})" if several and owner.number else owner.student
