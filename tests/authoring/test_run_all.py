"""Jupyter's "Run All" reaches the end of a lesson whatever the student wrote, and each check says what it lacks."""

from __future__ import annotations

import ast
import re
import tempfile
from pathlib import Path

import nbclient
import pytest

from ncl_course.authoring.execute import is_check, kernel
from ncl_course.authoring.notebook import assemble
from ncl_course.authoring.source import read
from ncl_course.exercises import EXERCISES
from tests.checking.kernel.running import printed, raised
from tests.patience import PATIENCE

LESSONS_FOLDER = Path(__file__).parents[2] / "lessons"
SYNTAX = "class MaxPool2d(Layer):\n    def forward(self, x)\n        return x\n"
FAILS = "class Flatten(Layer):\n    shape = unknown\n\n    def forward(self, x):\n        return x\n"
HALF = "class MaxPool2d(Layer):\n    def __init__(self, kernel_size, stride=None):\n        self.k = kernel_siz\n"


def tags(cell):
    """Return whether an error may pass in a cell."""
    return "raises-exception" in cell.metadata.get("tags", ())


ON_A_STUDENTS_NETWORK = "06_train_cnn"
"""The lesson whose pictures show what a student's code made; those of the others need nothing of the student."""


def run_all(lesson, changed):
    """Run a blank lesson in which some cells are changed, as "Run All" does, and return its code cells by id.

    Pictures that need nothing of the student, as the last test below shows, are left out: blank lessons run with them.
    """
    notebook = assemble(read(LESSONS_FOLDER / f"{lesson}.py"), "en", key=False)
    if lesson != ON_A_STUDENTS_NETWORK:
        notebook.cells = [
            cell for cell in notebook.cells if cell.id in ("setup", "own-layers", "progress") or tags(cell)
        ]
    for cell in notebook.cells:
        cell.source = changed.get(cell.id, cell.source)
    with tempfile.TemporaryDirectory() as folder:
        resources = {"metadata": {"path": folder}}
        nbclient.NotebookClient(notebook, timeout=PATIENCE, resources=resources, config=kernel(folder)).execute()
    return {cell.id: cell for cell in notebook.cells if cell.cell_type == "code"}


@pytest.mark.parametrize(
    ("lesson", "changed", "name", "said"),
    [
        (
            "01_pooling",
            {"maxpool2d-forward": SYNTAX},
            "MaxPool2d",
            "failed: SyntaxError: expected ':'",
        ),
        ("01_pooling", {"maxpool2d-forward": HALF}, "MaxPool2d", "NameError: name 'kernel_siz' is not defined"),
        (
            "03_linear_softmax",
            {"flatten-forward": FAILS},
            "Flatten",
            "NameError: name 'unknown' is not defined",
        ),
    ],
    ids=["a SyntaxError", "half written", "an error in the class body"],
)
def test_run_all_reaches_the_end_and_every_check_says_what_it_lacks(lesson, changed, name, said):
    cells = run_all(lesson, changed)
    checks = [cell for cell in cells.values() if is_check(cell)]
    assert all(raised(cell) in (["CheckFailed"], ["NameError"]) for cell in checks)
    for cell in checks:
        lacks = said if cell.source.startswith(f"check({name}") else "not written yet"
        assert lacks in printed(cell), cell.source
    assert printed(list(cells.values())[-1]), "the last cell has run"


def written_by_students(lesson):
    """Return the cells of a lesson in which a student writes, by id."""
    cells = assemble(read(LESSONS_FOLDER / f"{lesson}.py"), "en", key=False).cells
    return {cell.id: cell.source for cell in cells if "raise NotImplementedError()" in cell.source}


def checked(cell):
    """Return the name of the exercise that a cell checks."""
    return re.split(r"[(,)]", cell.source)[1]


LESSONS = sorted(path.stem for path in LESSONS_FOLDER.glob("0[1-6]*.py"))


@pytest.mark.parametrize("lesson", LESSONS)
def test_where_the_first_cell_has_a_syntax_error_its_check_says_so_and_the_others_are_open(lesson):
    first, source = next(iter(written_by_students(lesson).items()))
    cells = run_all(lesson, {first: source.replace("):", ")", 1)})
    checks = [cell for cell in cells.values() if is_check(cell)]
    for cell in checks:
        assert raised(cell) in (["CheckFailed"], ["NameError"]), cell.source
        lacks = "SyntaxError: expected ':'" if checked(cell) == checked(checks[0]) else "not written yet"
        assert lacks in printed(cell), (cell.source, printed(cell))
    assert printed(cells["progress"]), "the last cell has run"


@pytest.mark.parametrize("lesson", LESSONS)
def test_where_every_cell_is_half_written_every_check_names_the_mistake(lesson):
    half = {
        name: source.replace("raise NotImplementedError()", f"unfinished_{number}")
        for number, (name, source) in enumerate(written_by_students(lesson).items())
    }
    cells = run_all(lesson, half)
    for cell in cells.values():
        if is_check(cell):
            assert raised(cell) == ["CheckFailed"], cell.source
            assert "NameError: name 'unfinished_" in printed(cell), (cell.source, printed(cell))
    assert printed(cells["progress"]), "the last cell has run"


def names(source, kind):
    """Return the names that a cell reads (``ast.Load``) or makes (``ast.Store``)."""
    nodes = list(ast.walk(ast.parse(source)))
    defined = {node.name for node in nodes if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    defined |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    found = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, kind)}
    return found | (defined if kind is ast.Store else set())


def test_only_cells_that_need_nothing_of_the_student_can_stop_run_all():
    for path in sorted(LESSONS_FOLDER.glob("0[1-6]*.py")):
        exercises = [exercise.name for exercise in EXERCISES if exercise.lesson == path.stem]
        cells = [cell for cell in assemble(read(path), "en", key=False).cells if cell.cell_type == "code"]
        untagged = [cell.source for cell in cells if not tags(cell)]
        assert untagged
        assert not [source for source in untagged for name in exercises if re.search(rf"\b{name}\b", source)]
        if path.stem != ON_A_STUDENTS_NETWORK:
            made = set().union(*(names(cell.source, ast.Store) for cell in cells if tags(cell)))
            needs = {source: names(source, ast.Load) & made - names(source, ast.Store) for source in untagged}
            assert {source: names for source, names in needs.items() if names} == {}
