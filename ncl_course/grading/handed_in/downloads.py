"""Whose a downloaded file is, by the names that Moodle and Canvas give to what they hand out.

Moodle: a folder ``Anna Petrova_123456_assignsubmission_file_`` (older and newer ones end without the last
underscore), or flat files ``Anna Petrova_123456_assignsubmission_file_01_pooling.ipynb``; before the name there may be
a group, and graded blindly it is ``Participant_123456_…``. Canvas: flat files
``petrovaanna_LATE_4711_815_01_pooling-1.ipynb`` with the user's and the file's number, or ``LATE_anon_Xy12Z_815_…``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MOODLE = re.compile(r"(?P<student>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+(?:_(?P<file>.*))?$", re.DOTALL)
CANVAS = re.compile(r"(?P<student>[^_\d][^/]*?)(?:_LATE)?_(?P<number>\d+)_\d+_(?P<file>.+)$", re.DOTALL)
CANVAS_BLIND = re.compile(r"(?:LATE_)?(?P<student>anon_(?P<number>[A-Za-z0-9]+))_\d+_(?P<file>.+)$", re.DOTALL)


@dataclass(frozen=True)
class Owner:
    """A student as a download names them: with the number that tells namesakes apart in that ``download``.

    Moodle numbers a student anew for each assignment, so across downloads the name alone says who it is.
    """

    student: str
    number: str = ""
    download: str = ""


def owner_in(parts: Sequence[str]) -> Owner | None:
    """The student that a path in a download names, or None where it is no download's."""
    for place, part in enumerate(parts):
        found = MOODLE.match(part)
        if found:
            student = f"Participant {found['number']}" if is_blind(found["student"]) else found["student"]
            return Owner(student.strip(), found["number"], "/".join(parts[:place]))
    if len(parts) == 1 or parts[0].lower().endswith(".zip"):
        found = CANVAS_BLIND.match(parts[0]) or CANVAS.match(parts[0])
        if found:
            return Owner(found["student"], found["number"])
    return None


def is_blind(name: str) -> bool:
    """Whether Moodle has hidden the name: then all students have the same one."""
    return name.rpartition("-")[2].strip() in ("Participant", "Участник")


def named(owners: Sequence[Owner]) -> dict[Owner, str]:
    """A name for each owner: namesakes in one download carry their number."""
    numbers: dict[tuple[str, str], set[str]] = {}
    for owner in owners:
        numbers.setdefault((owner.download, owner.student), set()).add(owner.number)
    return {owner: with_number(owner, len(numbers[owner.download, owner.student])) for owner in owners}


def with_number(owner: Owner, namesakes: int) -> str:
    """The owner's name, with the number where it is not the only one of that name."""
    return f"{owner.student} ({owner.number})" if namesakes > 1 and owner.number else owner.student
