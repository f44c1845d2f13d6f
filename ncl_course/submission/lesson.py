"""Which lesson a notebook is, whatever its student called it."""

from __future__ import annotations

import re
from pathlib import Path

from ncl_course.exercises import EXERCISES, LESSONS
from ncl_course.submission.defined import defined_names
from ncl_course.submission.notebook import Notebook

MAP = "00_start"
"""The course map: a notebook of the course without exercises, so none of ``LESSONS``."""


def lesson_in_name(stem: str) -> str:
    """The lesson that a file's name tells: ``01_pooling``, ``01_pooling (2)``, ``Lesson-01 pooling``; or empty."""
    numbers = re.findall(r"(?<![a-z0-9])(\d\d)(?=_|$)", words_of(stem))
    return whole_name_in(stem) or next((lesson for lesson in LESSONS if numbers[:1] == [lesson[:2]]), "")


def whole_name_in(stem: str) -> str:
    """The lesson whose whole name, number and word, stands in a file's name; or empty."""
    words = words_of(stem)
    found = (lesson for lesson in LESSONS if re.search(rf"(?<![a-z0-9]){lesson}(?![a-z0-9])", words))
    return next(found, "")


def words_of(stem: str) -> str:
    """A file's name in small letters, with one underscore wherever there is something else than letters and digits."""
    return re.sub(r"[^a-z0-9]+", "_", stem.lower())


def lesson_of(notebook: Notebook, file: str) -> str:
    """The lesson by the metadata, else by the file's name, else by what the notebook defines; or empty.

    A number alone does not count where all exercises that the notebook defines are of other lessons: ``hw_02`` may
    be the second homework, and hold lesson 05.
    """
    if notebook.lesson in LESSONS:
        return notebook.lesson
    stem = Path(file).stem
    if whole_name_in(stem):
        return whole_name_in(stem)
    by_name = lesson_in_name(stem)
    names = frozenset().union(*map(defined_names, notebook.sources))
    counts = {lesson: sum(e.name in names for e in EXERCISES if e.lesson == lesson) for lesson in LESSONS}
    best = max(counts, key=lambda lesson: counts[lesson])
    return best if counts[best] and not counts.get(by_name) else by_name


def is_map(notebook: Notebook, file: str) -> bool:
    """Whether a notebook is the course map, and no lesson under the map's name."""
    return not lesson_of(notebook, file) and (notebook.lesson == MAP or named_as_map(file))


def named_as_map(file: str) -> bool:
    """Whether a file's name is the map's: ``00_start``, ``00_start (1)``, ``Anna_1_assignsubmission_file_00_start``."""
    words = re.sub(r"[^a-z0-9]+", "_", Path(file).stem.lower())
    return re.search(rf"(?<![a-z0-9]){MAP}(?![a-z0-9])", words) is not None
