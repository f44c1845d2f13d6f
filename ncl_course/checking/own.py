"""The student's own layers for lesson 06, from the notebooks in the same folder; torch replaces the missing ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from ncl_course.checking.kernel.quiet import quiet
from ncl_course.checking.kernel.timed import Timed, limit_of
from ncl_course.checking.kernel.untouched import untouched
from ncl_course.checking.result import ExerciseResult
from ncl_course.checking.run import judge
from ncl_course.checking.searched import Searched
from ncl_course.checking.verdict import Verdict
from ncl_course.exercises import Exercise, find
from ncl_course.language import text
from ncl_course.protocol.pieces import GIVEN
from ncl_course.submission.desk import notebooks_in
from ncl_course.submission.namespace import Definitions, definitions

NEEDED = (
    "MaxPool2d",
    "ReLU",
    "Sigmoid",
    "Flatten",
    "Linear",
    "CrossEntropyLoss",
    "Dropout",
    "BatchNorm2d",
)
"""The layers of lessons 01 to 05 that lesson 06 runs on."""


class State(StrEnum):
    """The source of one layer."""

    OWN = "own"
    FAILING = "failing"
    MISSING = "missing"


@dataclass(frozen=True)
class Taken:
    """One layer that lesson 06 runs on: the student's own, or torch's instead.

    Attributes:
        notebook: the file that defines it, or empty.
        result: the result of its check, or None if the layer is not defined.
    """

    name: str
    layer: Callable[..., Any]
    state: State
    notebook: str = ""
    result: ExerciseResult | None = None


class OwnLayers:
    """The layers by name: ``layers.ReLU``, ``layers.MaxPool2d``, …; ``taken`` says where each comes from.

    ``searched`` is the folder that was searched, with the lessons that have no notebook there.
    """

    def __init__(self, taken: Sequence[Taken], searched: Searched) -> None:
        self.taken, self.searched = tuple(taken), searched
        self.by_name = {one.name: one.layer for one in taken}

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_") or name == "by_name":
            raise AttributeError(name)
        if name not in self.by_name:
            raise AttributeError(text("training.own.unknown", name=name, names=", ".join(self.by_name)))
        return self.by_name[name]

    def __repr__(self) -> str:
        return f"OwnLayers({', '.join(self.by_name)})"

    @property
    def kit(self) -> dict[str, Callable[..., Any]]:
        """All pieces of a network: these layers and the given pieces."""
        return GIVEN | self.by_name


def own_layers(folder: Path, judged_by: Callable[[Exercise], Sequence[Any]]) -> OwnLayers:
    """Collect and check the layers that the notebooks in a folder define, each notebook in a namespace of its own.

    The notebooks' cells run in their own folder, and afterwards the state of this process is as it was before.

    Args:
        folder: the folder with the student's notebooks.
        judged_by: a function that returns the right answers to an exercise, part by part.
    """
    wanted = [exercise for name in NEEDED if (exercise := find(name))]
    folder = folder.resolve()
    with untouched(folder), quiet():
        made = dict(defined_in(folder, {exercise.lesson for exercise in wanted}))
        layers = [taken(exercise, made.get(exercise.lesson), judged_by) for exercise in wanted]
    missing = dict.fromkeys(exercise.lesson for exercise in wanted if exercise.lesson not in made)
    threadpool_limits(1, "blas")  # the matrix products of such small networks are slower on two threads than on one
    return OwnLayers(layers, Searched("own_layers", folder, tuple(missing)))


def defined_in(folder: Path, lessons: set[str]) -> Iterator[tuple[str, tuple[str, Definitions]]]:
    """Yield each lesson, with its notebook's file name and the names that the notebook defines."""
    for lesson, there in notebooks_in(folder, lessons).items():
        yield lesson, (there.path.name, definitions(there.notebook))


def taken(
    exercise: Exercise, made: tuple[str, Definitions] | None, judged_by: Callable[[Exercise], Sequence[Any]]
) -> Taken:
    """Return the student's layer if it exists and passes its check, else torch's."""
    notebook, target = (made[0], made[1].names.get(exercise.name)) if made else ("", None)
    if not callable(target):
        return Taken(exercise.name, exercise.oracle, State.MISSING, notebook)
    result = judge(exercise, Timed(target, limit_of(exercise)), judged_by(exercise))
    if result.verdict is Verdict.PASSED:
        return Taken(exercise.name, target, State.OWN, notebook, result)
    state = State.MISSING if result.verdict is Verdict.MISSING else State.FAILING
    return Taken(exercise.name, exercise.oracle, state, notebook, result)
