"""List how a notebook differs from the one that was handed out, if the difference costs nothing: one line each.

Exercises are found by name in any cell, so none of these differences changes a mark; but they help to understand one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ncl_course.exercises import EXERCISES, LESSONS
from ncl_course.language import text
from ncl_course.submission.defined import HEADER, defined_names
from ncl_course.submission.lesson import lesson_in_name
from ncl_course.submission.magics import runnable, without_magics
from ncl_course.submission.notebook import Notebook

FOR_IPYTHON = re.compile("[%!?]")
"""Characters that every magic contains, and few other cells."""

MERGED = re.compile(r"<{7} local\b.*>{7} remote\b", re.DOTALL)
"""The marks that nbdime puts into text cells around two versions of a cell."""

Places = dict[str, int]


def remarks(notebook: Notebook, lesson: str, file: str) -> tuple[str, ...]:
    """Return all remarks on a notebook that has been recognised as that lesson."""
    places = places_of(notebook, lesson)
    kinds = (
        of_lesson(notebook, lesson, file),
        of_magics(notebook),
        of_checks(notebook, places),
        of_cells(places),
        of_prose(notebook, places),
        of_merge(notebook),
    )
    return tuple(line for kind in kinds for line in kind)


def places_of(notebook: Notebook, lesson: str) -> Places:
    """For each exercise of the lesson, return the number, from 1, of the last cell that defines it, or 0."""
    places = {exercise.name: 0 for exercise in EXERCISES if exercise.lesson == lesson}
    binding = re.compile(rf"(?:class|def)\s+(?:{'|'.join(places)})\b|\b(?:{'|'.join(places)})\s*[:=,]")
    for number, source in enumerate(notebook.sources, start=1):
        if binding.search(source):
            places |= dict.fromkeys(places.keys() & defined_names(source), number)
    return places


def of_lesson(notebook: Notebook, lesson: str, file: str) -> Iterator[str]:
    """Remark if the metadata does not name the lesson, or if the file's name says another one."""
    name = lesson_in_name(file.rpartition("/")[2].removesuffix(".ipynb"))
    if notebook.lesson not in LESSONS:
        key = "name" if name == lesson else "definitions"
        yield text(f"submission.remark.lesson_by_{key}", lesson=lesson)
    elif name not in ("", lesson):
        yield text("submission.remark.lesson_renamed", lesson=lesson, name=name)


def of_magics(notebook: Notebook) -> Iterator[str]:
    """Remark if lines for IPython or a shell were left out."""
    sources = enumerate(notebook.sources, start=1)
    numbers = [n for n, source in sources if FOR_IPYTHON.search(source) and leaves_out(source)]
    if numbers:
        yield text("submission.remark.magics", cells=", ".join(map(str, numbers)))


def leaves_out(source: str) -> bool:
    """Return whether lines of a cell are left out: a magic that writes or runs a file of Python is not."""
    rest = without_magics(source)
    return rest != source and runnable(source) == rest


def of_checks(notebook: Notebook, places: Places) -> Iterator[str]:
    """Remark if an exercise is defined but no cell checks it any more."""
    code = "\n".join(notebook.sources)
    gone = [name for name, number in places.items() if number and not re.search(rf"\bcheck\(\s*{name}\b", code)]
    if gone:
        yield text("submission.remark.checks", names=", ".join(gone))


def of_cells(places: Places) -> Iterator[str]:
    """Remark if several exercises are in one cell."""
    for number in sorted(set(places.values()) - {0}):
        names = [name for name, place in places.items() if place == number]
        if len(names) > 1:
            yield text("submission.remark.merged", number=number, names=", ".join(names))


def of_prose(notebook: Notebook, places: Places) -> Iterator[str]:
    """Remark if an exercise is in a text cell: neither a notebook nor grading runs it there."""
    headers = {name for source in notebook.prose for found in HEADER.findall(source) for name in found if name}
    for name, number in places.items():
        if name in headers and not number:
            yield text("submission.remark.prose", name=name)


def of_merge(notebook: Notebook) -> Iterator[str]:
    """Remark if two versions of a cell are left from a merge: the last one counts, whichever was meant."""
    if MERGED.search("\n".join(notebook.prose)):
        yield text("submission.remark.both")
