"""The course in the real nbgrader: our keys are its sources, it releases our notebooks, and it agrees on the marks."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
import pytest
from typer.testing import CliRunner

from ncl_course.authoring.source import read
from ncl_course.cli import app
from ncl_course.exercises import EXERCISES
from ncl_course.language import LANGUAGES
from tests.peers import NBGRADER, environment, first_in_path

pytestmark = [pytest.mark.timeout(3600), pytest.mark.bwrap]  # the first run makes its environment

ROOT = Path(__file__).parents[2]
LESSONS = sorted(path.stem for path in (ROOT / "lessons").glob("*.py"))
GRADED = (("en", "01_pooling"), ("ru", "03_linear_softmax"))
"""An assignment is a language with all of its lessons; these notebooks of it are handed in."""
SOLVED = {
    "01_pooling": ("maxpool2d-forward", "avgpool2d-forward", "pool-output-size"),
    "03_linear_softmax": ("flatten-forward", "flatten-backward", "softmax-forward"),
}
"""The cells in which a half-done notebook has the key's answer."""
NOISE = """

import sys
silent = pool_output_size
def pool_output_size(size, kernel_size, stride):
    print("nearly there", file=sys.stderr)
    return silent(size, kernel_size, stride)
"""
"""The code that a half-done notebook adds to an answer: nbgrader gives no points to a cell that writes to stderr."""
SETTINGS = """
c = get_config()
c.CourseDirectory.course_id = "course"
c.Execute.timeout = 300
c.Execute.iopub_timeout = 60
"""
"""The time limits are for a busy machine."""

GRADEBOOK = """
import json
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db", "course") as book:
    print(json.dumps({
        f"{work.student.id}/{work.assignment.name}/{notebook.name}":
            {grade.cell.name: [grade.score, grade.max_score] for grade in notebook.grades if grade.cell}
        for assignment in book.assignments for work in assignment.submissions for notebook in work.notebooks
    }))
"""
"""A program that prints nbgrader's marks through nbgrader's own interface."""


class Course:
    """An nbgrader course in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.programs = environment(NBGRADER)
        own = {name: str(folder / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")}
        self.environment = {**first_in_path(self.programs), **own}
        (folder / "nbgrader_config.py").write_text(SETTINGS, encoding="utf-8")

    def run(self, program: str, *arguments: str) -> str:
        """Run a program of its environment in the course's folder, and return its stdout."""
        done = subprocess.run(
            [str(self.programs / program), *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def hand_in(self, student: str, lang: str, notebook: nbformat.NotebookNode) -> None:
        """Put a notebook where nbgrader collects it."""
        path = self.folder / "submitted" / student / lang / f"{notebook.metadata.ncl_course.lesson}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Return our keys as the sources of one assignment per language, and nbgrader's release of them."""
    course = Course(tmp_path_factory.mktemp("nbgrader"))
    for lang in LANGUAGES:
        shutil.copytree(ROOT / "solutions" / lang, course.folder / "source" / lang)
        course.run("nbgrader", "generate_assignment", lang)
    return course


def filled_in(released: Path, key: Path, cells: Sequence[str] | None = None) -> nbformat.NotebookNode:
    """Return a released notebook with the key's solution in these cells, or in all."""
    notebook, solved = (nbformat.read(path, as_version=4) for path in (released, key))
    answers = {cell.id: cell.source for cell in solved.cells if cell.metadata.get("nbgrader", {}).get("solution")}
    for cell in notebook.cells:
        if cell.id in answers and (cells is None or cell.id in cells):
            cell.source = answers[cell.id]
    return notebook


def noisy(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return the same, with an answer that writes to stderr in each call."""
    for cell in notebook.cells:
        cell.source += NOISE if cell.id == "pool-output-size" else ""
    return notebook


@pytest.fixture(scope="module")
def handed_in(course: Course) -> Course:
    """Students who are done, half done, or have not begun."""
    for lang, lesson in GRADED:
        files = [course.folder / kind / lang / f"{lesson}.ipynb" for kind in ("release", "source")]
        course.hand_in("right", lang, filled_in(*files))
        course.hand_in("half", lang, noisy(filled_in(*files, SOLVED[lesson])))
        course.hand_in("blank", lang, filled_in(*files, ()))
    return course


Scores = Mapping[str, Mapping[str, tuple[float, float]]]
"""The score and the maximum, by ``STUDENT/ASSIGNMENT/LESSON`` and part."""


@pytest.fixture(scope="module")
def theirs(handed_in: Course) -> Scores:
    """Return nbgrader's marks, by the parts that its cells check."""
    for lang, _ in GRADED:
        handed_in.run("nbgrader", "autograde", lang)
    found: dict[str, dict[str, list[float]]] = json.loads(handed_in.run("python", "-c", GRADEBOOK))
    wanted = {f"{path.parts[-3]}/{path.parts[-2]}/{path.stem}" for path in handed_in.folder.glob("submitted/*/*/*")}
    return {
        work: {part_of(work.rpartition("/")[2])[cell]: (score, most) for cell, (score, most) in cells.items()}
        for work, cells in found.items()
        if work in wanted
    }


def part_of(lesson: str) -> Mapping[str, str]:
    """``MaxPool2d.forward`` by the id of the cell that checks it."""
    return {cell.id: cell.check for cell in read(ROOT / "lessons" / f"{lesson}.py").cells if cell.check}


@pytest.fixture(scope="module")
def ours(handed_in: Course) -> Scores:
    """Return the marks of ``ncl-course grade`` on nbgrader's folder of submissions."""
    out = handed_in.folder / "marks"
    graded = CliRunner().invoke(app, ["grade", str(handed_in.folder / "submitted"), "-o", str(out), "--seed", "7"])
    assert graded.exit_code == 0, graded.output
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))["submissions"]
    return {one["file"].removesuffix(".ipynb"): dict(parts_of(one["exercises"])) for one in results}


def parts_of(exercises: Sequence[Any]) -> list[tuple[str, tuple[float, float]]]:
    """Return the score and the maximum by part, as in results.json."""
    return [(f"{e['exercise']}.{p['part']}", (p["score"], p["max_score"])) for e in exercises for p in e["parts"]]


def total(parts: Mapping[str, tuple[float, float]]) -> float:
    return sum(score for score, _ in parts.values())


def points(lesson: str) -> dict[str, float]:
    """Return the points of each part of a lesson."""
    return {f"{e.name}.{part.name}": part.points for e in EXERCISES if e.lesson == lesson for part in e.parts}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("lesson", LESSONS)
def test_what_nbgrader_releases_of_a_key_is_our_students_notebook_byte_by_byte(course, lesson, lang):
    released = course.folder / "release" / lang / f"{lesson}.ipynb"

    assert released.read_text(encoding="utf-8") == (ROOT / "notebooks" / lang / released.name).read_text("utf-8")


def test_every_part_is_worth_in_nbgrader_what_it_is_worth_here(theirs):
    assert len(theirs) == 3 * len(GRADED)
    for work, parts in theirs.items():
        assert {name: most for name, (_, most) in parts.items()} == points(work.rpartition("/")[2])


@pytest.mark.parametrize(("lang", "lesson"), GRADED)
def test_nbgrader_gives_a_right_notebook_all_points_and_a_blank_one_none(theirs, lang, lesson):
    assert total(theirs[f"right/{lang}/{lesson}"]) == sum(points(lesson).values()) > 0
    assert total(theirs[f"blank/{lang}/{lesson}"]) == 0


@pytest.mark.parametrize(("lang", "lesson"), GRADED)
def test_nbgrader_gives_the_points_of_what_is_done_to_a_half_done_notebook_that_writes_to_stderr(theirs, lang, lesson):
    done = {part_of(lesson)[f"check-{cell}"] for cell in SOLVED[lesson]}
    scores = theirs[f"half/{lang}/{lesson}"]

    assert {name for name, (score, _) in scores.items() if score > 0} == done
    assert total(scores) == sum(points(lesson)[name] for name in done)


def test_grade_reads_nbgraders_folder_of_submissions_and_gives_the_same_marks_part_by_part(theirs, ours):
    assert ours.keys() == theirs.keys()
    for work, parts in theirs.items():
        assert ours[work] == parts, work
