"""The layers that lesson 06 runs on: a student's own if they pass, and the instructor's for the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ncl_course.checking.own import NEEDED
from ncl_course.exercises import EXERCISES, find
from ncl_course.grading.errors import GradingError
from ncl_course.grading.handed_in.parsed import Parsed
from ncl_course.grading.handed_in.submission import Reading, Submission
from ncl_course.language import LANGUAGES, text
from ncl_course.submission.defined import needed_cells
from ncl_course.submission.errors import UnreadableNotebookError
from ncl_course.submission.magics import runnable
from ncl_course.submission.notebook import read_notebook

RUNS_ON_LAYERS = frozenset(exercise.lesson for exercise in EXERCISES if exercise.pieces)
"""The lessons whose exercises get layers of other lessons."""


SOLUTIONS = Path(__file__).parents[2] / "solutions"


@dataclass(frozen=True)
class LayerSource:
    """Cells that run in a separate namespace, and the layers that are taken from it."""

    names: tuple[str, ...]
    cells: tuple[str, ...]


Key = Mapping[str, LayerSource]
"""The instructor's layers by name; empty if there is no key."""


def read_key(folder: Path | None) -> Key:
    """Return the layers of the keys in a folder, each with only the part of the key that it needs.

    Args:
        folder: the folder of the notebooks, or of one folder for each language; None if there is no key.

    Raises:
        GradingError: if a key cannot be read.
    """
    found: dict[str, LayerSource] = {}
    for name in NEEDED if folder else ():
        exercise = find(name)
        assert exercise is not None
        places = [*(folder / lang for lang in LANGUAGES), folder] if folder else []
        path = next((p for place in places if (p := place / f"{exercise.lesson}.ipynb").is_file()), None)
        if path is not None:
            found[name] = LayerSource((name,), needed_cells(key_cells(path), name))
    return found


def key_for(folder: Path | None) -> Key:
    """Return the layers of the keys in the folder from ``--key``, or else in the course's own folder.

    Raises:
        GradingError: if the folder does not exist, or if a key in it cannot be read.
    """
    if folder is not None and not folder.is_dir():
        raise GradingError(text("grading.problem.no_path", path=folder))
    return read_key(folder or (SOLUTIONS if SOLUTIONS.is_dir() else None))


def key_cells(path: Path) -> tuple[str, ...]:
    """Return the code cells of a key.

    Raises:
        GradingError: if it cannot be read.
    """
    try:
        return tuple(runnable(source) for source in read_notebook(path).sources)
    except UnreadableNotebookError as error:
        raise GradingError(f"{path}: {error}") from None


def with_notebooks_beside(submissions: Sequence[Submission]) -> list[Submission]:
    """Return the submissions, each with the same student's other notebooks beside it."""
    by_student: dict[str, list[Submission]] = defaultdict(list)
    for submission in submissions:
        by_student[submission.student].append(submission)
    return [
        replace(one, beside=tuple(other for other in by_student[one.student] if other is not one))
        for one in submissions
    ]


@dataclass(frozen=True)
class Known:
    """A judged notebook's contribution to lesson 06: the layers that pass, and its cells as they were run."""

    names: tuple[str, ...]
    cells: tuple[str, ...]


def notebooks_beside(submission: Submission) -> Iterator[tuple[Reading, Parsed]]:
    """Yield the readable notebooks beside a submission that hold needed layers."""
    lessons = {exercise.lesson for name in NEEDED if (exercise := find(name))}
    for other in submission.beside:
        if other.reading.lesson in lessons:
            reading, notebook = other.opened()
            if notebook is not None:
                yield reading, notebook


def lacking(own: Sequence[LayerSource], key: Key) -> tuple[LayerSource, ...]:
    """Return the key's layers for all that a student's own lack.

    Raises:
        GradingError: if the key lacks one of them.
    """
    there = {name for source in own for name in source.names}
    names = [name for name in NEEDED if name not in there]
    without = [name for name in names if name not in key]
    if without:
        raise GradingError(text("grading.layers.no_key", names=", ".join(without)))
    return tuple(key[name] for name in names)


def said_of(own: Iterable[LayerSource]) -> str:
    """Say in a sentence which layers are the student's own and which are the key's."""
    there = [name for name in NEEDED if any(name in source.names for source in own)]
    others = [name for name in NEEDED if name not in there]
    kind = "all" if not others else "some" if there else "none"
    return text(f"grading.layers.{kind}", own=", ".join(there), key=", ".join(others))
