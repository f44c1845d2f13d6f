"""``ncl-course check``: check a student's own notebooks in the terminal exactly as in the notebook."""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from ncl_course.checking.answers import every_answer
from ncl_course.checking.causes import with_causes
from ncl_course.checking.checked import Checked
from ncl_course.checking.course_map import standings
from ncl_course.checking.kernel.called import with_called
from ncl_course.checking.kernel.timed import Timed, limit_of
from ncl_course.checking.kernel.untouched import untouched
from ncl_course.checking.map_view import map_plain
from ncl_course.checking.own import own_layers
from ncl_course.checking.result import ExerciseResult, PartResult
from ncl_course.checking.run import judge
from ncl_course.checking.verdict import Verdict
from ncl_course.errors import CourseError
from ncl_course.exercises import EXERCISES, Exercise
from ncl_course.language import chosen, language, text
from ncl_course.protocol.foreign import foreign
from ncl_course.protocol.inert import silent
from ncl_course.protocol.play import Kit
from ncl_course.submission.failures import failures, sentence
from ncl_course.submission.lesson import MAP, is_map, lesson_of
from ncl_course.submission.magics import runnable
from ncl_course.submission.namespace import Definitions, as_main, definitions
from ncl_course.submission.notebook import read_notebook
from ncl_course.submission.outline import outline
from ncl_course.viz import loaded_when_called

Told = Callable[[str], object]
"""A function that is told, in a few words, which step of a check begins."""


CELL_SECONDS = 600.0
"""The limit of one cell: lesson 06 trains networks in some."""


class NoLessonError(CourseError):
    """A notebook in which no lesson of the course can be recognised."""


def check_each(paths: Iterable[Path], told: Told = str) -> Iterator[Checked]:
    """Check notebooks one after another; if one cannot be checked, report why and go on with the others."""
    for path in paths:
        try:
            yield check_notebook(path, told)
        except (CourseError, OSError) as error:
            yield Checked(path, problem=str(error))


def check_notebook(path: Path, told: Told = str) -> Checked:
    """Run a notebook's cells and check every exercise of its lesson, in the notebook's language.

    Args:
        path: the notebook's file.
        told: told which cell or which check begins.

    Raises:
        UnreadableNotebookError: if the file cannot be read as a notebook.
        NoLessonError: if the notebook is not a lesson of the course.
    """
    if zipfile.is_zipfile(path) and path.suffix.lower() == ".zip":
        raise NoLessonError(text("course.selfcheck.zip", path=path))
    notebook = read_notebook(path)
    if notebook.language:
        language(notebook.language)
    lesson = lesson_of(notebook, path.name)
    if is_map(notebook, path.name):
        return Checked(path, MAP, instead=the_map(path))
    if not lesson:
        raise NoLessonError(text("course.selfcheck.no_lesson", path=path))
    folder = path.parent.resolve()
    by_torch = any("torch" in source for source in notebook.sources)
    with untouched(folder, torch=by_torch), loaded_when_called(), no_debugger(), as_main() as names:
        made = definitions(
            notebook,
            lambda cell: told(text("course.selfcheck.cell", number=cell)),
            seconds=CELL_SECONDS,
            names=names,
        )
        failed = failures([outline(runnable(source)) for source in notebook.sources], made.failed, notebook.python)
        troubles = tuple(text("course.selfcheck.trouble", number=one.cell, what=sentence(one)) for one in failed)
        kit = pieces(folder) if any(e.pieces for e in EXERCISES if e.lesson == lesson) else {}
        found = tuple(with_causes(result, failed) for result in results(lesson, made, kit, told))
        checked, spoken = Checked(path, lesson, found, (*troubles, *will_not_count(lesson, made))), chosen()
    language(spoken)  # the notebook may have chosen it
    return checked


@contextlib.contextmanager
def no_debugger() -> Iterator[None]:
    """Pass over ``pdb.set_trace()``: a line that is left in a notebook would wait for a person for ever."""
    import pdb  # late: it takes long to load where there is no IPython

    before, pdb.set_trace = pdb.set_trace, silent
    try:
        yield
    finally:
        pdb.set_trace = before


def will_not_count(lesson: str, made: Definitions) -> Iterator[str]:
    """Say of each exercise that calls packages that are not there when it is graded."""
    for exercise in (e for e in EXERCISES if e.lesson == lesson and e.name in made.names):
        packages = ", ".join(foreign(made.names[exercise.name]))
        if packages:
            yield text("checking.check.will_not_count", name=exercise.name, packages=packages)


def the_map(path: Path) -> str:
    """Return the course map of the notebooks in the same folder, with an introductory sentence."""
    return f"{text('course.map.nothing_to_check', path=path)}\n\n{map_plain(standings(path.parent))}"


def pieces(folder: Path) -> Kit:
    """Return the pieces for lesson 06: the given ones, and the student's own layers from the notebooks in a folder."""
    return own_layers(folder, every_answer).kit


def results(lesson: str, made: Definitions, kit: Kit, told: Told = str) -> Iterator[ExerciseResult]:
    """Yield the result of each exercise of a lesson."""
    done: dict[tuple[str, str], PartResult] = {}
    for exercise in (e for e in EXERCISES if e.lesson == lesson):
        target = made.names.get(exercise.name)
        if callable(target):
            told(f"check({exercise.name})")
            judged = judge(exercise, Timed(target, limit_of(exercise), kit), every_answer(exercise))
            done.update({(exercise.name, part.part): part for part in judged.parts})
            yield with_called(judged, target, done)
        else:
            yield without_verdict(exercise, Verdict.MISSING)


def without_verdict(exercise: Exercise, verdict: Verdict, note: str = "") -> ExerciseResult:
    """Return the result of an exercise that could not be judged: not defined, or its process has ended."""
    parts = tuple(PartResult(part.name, verdict, part.points, note=note) for part in exercise.parts)
    return ExerciseResult(exercise.name, exercise.lesson, parts)
