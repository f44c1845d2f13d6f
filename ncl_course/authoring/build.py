"""``ncl-course build``: write every lesson's keys and student notebooks, or report how they differ from the source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from ncl_course.authoring.execute import execute, unproven
from ncl_course.authoring.notebook import assemble, to_text
from ncl_course.authoring.source import Lesson, read
from ncl_course.authoring.twins import differences
from ncl_course.errors import LessonError
from ncl_course.exercises import EXERCISES, LESSONS
from ncl_course.files import write_atomically
from ncl_course.language import LANGUAGES, text
from ncl_course.places import why_not_writable
from ncl_course.submission.lesson import MAP

FOLDERS = ("solutions", "notebooks")
AGAIN = "run `ncl-course build` and commit what it writes"


def build(root: Path, check: bool = False, report: Callable[[str], None] = lambda _: None, only: str = "") -> list[str]:
    """Write ``solutions/`` and ``notebooks/`` below ``root`` from ``lessons/``, or compare them with the files on disk.

    Args:
        root: the project's folder.
        check: whether to compare and write nothing. The keys are not run again, but their stored results must be
            passes.
        report: a function that is called with the name of each file when work on it begins.
        only: the lesson to build; all of them by default.

    Returns:
        The problems found; an empty list means that all is well. A lesson with a problem is not written.
    """
    problems: list[str] = []
    closed = {} if check else {name: why_not_writable(root / name) for name in FOLDERS}
    if any(closed.values()):
        return [text("release.not_writable", folder=root / name, why=why) for name, why in closed.items() if why]
    lessons = sorted((root / "lessons").glob(f"{only or '*'}.py"), key=lambda path: (path.stem == MAP, path))
    if not lessons:
        return [f"there are no lessons in {root / 'lessons'}"]
    for path in lessons:
        try:
            lesson = read(path)
            found = differences(lesson) + unchecked(lesson)
            problems += found
            if not found:
                problems += compare_lesson(root, lesson) if check else write_lesson(root, lesson, report)
        except LessonError as error:
            problems.append(str(error))
    return problems + (leftovers(root, {path.stem for path in lessons}) if check and not only else [])


def unchecked(lesson: Lesson) -> list[str]:
    """Return a problem for each part of the lesson's exercises that is checked by no cell or by several."""
    checks = [cell.check for cell in lesson.cells if cell.check]
    parts = [f"{e.name}.{part.name}" for e in EXERCISES if e.lesson == lesson.name for part in e.parts]
    return [
        f"{lesson.name}: {name} is checked by {checks.count(name)} cells; write exactly one"
        for name in dict.fromkeys(parts + checks)
        if checks.count(name) != 1 or name not in parts
    ]


def versions(lesson: Lesson) -> Iterator[tuple[str, NotebookNode, bool]]:
    """Yield the notebooks of a lesson: the path of each, the notebook, and whether it is a key."""
    for lang in LANGUAGES:
        yield f"solutions/{lang}/{lesson.name}.ipynb", assemble(lesson, lang, key=True), True
        yield f"notebooks/{lang}/{lesson.name}.ipynb", assemble(lesson, lang, key=False), False


def write_lesson(root: Path, lesson: Lesson, report: Callable[[str], None]) -> list[str]:
    """Write all of a lesson's notebooks, or none if a key does not pass."""
    made, problems = [], unmapped(root) if lesson.name == MAP else []
    for name, notebook, is_key in versions(lesson) if not problems else ():
        report(name)
        if is_key:
            problems += [f"{name}: {problem}" for problem in unproven(execute(notebook, beside(root / name)))]
        made.append((root / name, to_text(notebook)))
    for path, content in made if not problems else ():
        write_atomically(path, content)
    return problems


def beside(path: Path) -> list[Path]:
    """Return the keys that a key needs beside it: those of earlier lessons for lesson 06, and all for the map."""
    keys = [other for other in sorted(path.parent.glob("*.ipynb")) if other != path]
    return keys if path.stem == MAP else [other for other in keys if other.name < path.name]


def unmapped(root: Path) -> list[str]:
    """Return a problem for each missing key that the map needs: it must show that everything is done."""
    names = [f"solutions/{lang}/{lesson}.ipynb" for lang in LANGUAGES for lesson in LESSONS]
    lacking = [name for name in names if not (root / name).exists()]
    return [f"{MAP} shows {name}, which is missing; build that first" for name in lacking]


def compare_lesson(root: Path, lesson: Lesson) -> list[str]:
    """Return the differences between a lesson's notebooks on disk and its source."""
    problems = []
    for name, notebook, is_key in versions(lesson):
        path = root / name
        if not path.exists():
            problems.append(f"{name} is missing; {AGAIN}")
        elif is_key:
            problems += compare_key(name, path, notebook)
        elif path.read_bytes() != to_text(notebook).encode():
            problems.append(f"{name} differs from lessons/{lesson.name}.py; {AGAIN}")
    return problems


def compare_key(name: str, path: Path, made: NotebookNode) -> list[str]:
    """Return how a key on disk differs from its source, ignoring outputs, and the checks that do not pass."""
    stored = nbformat.read(path, as_version=4)
    proof = [f"{name}: {problem}" for problem in unproven(stored)]
    for cell in stored.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    same = to_text(stored) == to_text(made)
    return proof if same else [*proof, f"{name} differs from lessons/{path.stem}.py; {AGAIN}"]


def leftovers(root: Path, lessons: set[str]) -> list[str]:
    """Return a problem for each notebook that no lesson makes."""
    found = sorted(path for folder in ("notebooks", "solutions") for path in (root / folder).rglob("*.ipynb"))
    return [
        f"{path.relative_to(root)} belongs to no lesson; remove it"
        for path in found
        if path.stem not in lessons or path.parent.name not in LANGUAGES
    ]
