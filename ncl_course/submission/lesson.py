"""Which lesson a notebook is, whatever its student called it."""

from __future__ import annotations

import re
from pathlib import Path

from ncl_course.exercises import EXERCISES, LESSONS
from ncl_course.submission.defined import defined_names
from ncl_course.submission.notebook import Notebook


def lesson_in_name(stem: str) -> str:
    """The lesson that a file's name tells: ``01_pooling``, ``01_pooling (2)``, ``Lesson-01 pooling``; or empty."""
    words = re.sub(r"[^a-z0-9]+", "_", stem.lower())
    for lesson in LESSONS:
        if re.search(rf"(?<![a-z0-9]){lesson}(?![a-z0-9])", words):
            return lesson
    numbers = re.findall(r"(?<![a-z0-9])(\d\d)(?=_|$)", words)
    return next((lesson for lesson in LESSONS if numbers[:1] == [lesson[:2]]), "")


def lesson_of(notebook: Notebook, file: str) -> str:
    """The lesson by the metadata, else by the file's name, else by what the notebook defines; or empty."""
    if notebook.lesson in LESSONS:
        return notebook.lesson
    by_name = lesson_in_name(Path(file).stem)
    if by_name:
        return by_name
    names = frozenset().union(*map(defined_names, notebook.sources))
    counts = {lesson: sum(e.name in names for e in EXERCISES if e.lesson == lesson) for lesson in LESSONS}
    best = max(counts, key=lambda lesson: counts[lesson], default="")
    return best if best and counts[best] else ""
