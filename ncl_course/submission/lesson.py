"""Find out which lesson a notebook belongs to, whatever its student called the file."""

from __future__ import annotations

import re
from pathlib import Path

from ncl_course.exercises import EXERCISES, LESSONS
from ncl_course.submission.defined import defined_names
from ncl_course.submission.notebook import Notebook

MAP = "00_start"
"""The course map: a notebook of the course without exercises, so it is not in ``LESSONS``."""


def lesson_in_name(stem: str) -> str:
    """Return the lesson named by a file name: ``01_pooling``, ``01_pooling (2)``, ``Lesson-01 pooling``; or ""."""
    numbers = re.findall(r"(?<![a-z0-9])(\d\d)(?=_|$)", words_of(stem))
    return whole_name_in(stem) or next((lesson for lesson in LESSONS if numbers[:1] == [lesson[:2]]), "")


def whole_name_in(stem: str) -> str:
    """Return the lesson whose full name, number and word, is part of a file name; or ""."""
    words = words_of(stem)
    found = (lesson for lesson in LESSONS if re.search(rf"(?<![a-z0-9]){lesson}(?![a-z0-9])", words))
    return next(found, "")


def words_of(stem: str) -> str:
    """Return a file name in lower case, with an underscore for each run of characters other than letters and digits."""
    return re.sub(r"[^a-z0-9]+", "_", stem.lower())


def lesson_of(notebook: Notebook, file: str) -> str:
    """Return the lesson according to the metadata, else the file name, else the names that the notebook defines; or "".

    A number alone does not count if all exercises that the notebook defines belong to other lessons: ``hw_02`` may be
    the second homework and hold lesson 05.
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
    """Return whether a notebook is the course map, and not a lesson saved under the map's name."""
    return not lesson_of(notebook, file) and (notebook.lesson == MAP or named_as_map(file))


def named_as_map(file: str) -> bool:
    """Tell if a file has the map's name: ``00_start``, ``00_start (1)``, ``Anna_1_assignsubmission_file_00_start``."""
    words = re.sub(r"[^a-z0-9]+", "_", Path(file).stem.lower())
    return re.search(rf"(?<![a-z0-9]){MAP}(?![a-z0-9])", words) is not None
