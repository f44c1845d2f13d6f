"""Differences from the notebook that was handed out get a remark, and an unchanged notebook gets none."""

from __future__ import annotations

from pathlib import Path

import pytest

from ncl_course.exercises import LESSONS
from ncl_course.submission.notebook import Cell, Notebook, read_notebook
from ncl_course.submission.remarks import remarks

ROOT = Path(__file__).parents[2]
SIZE = "def pool_output_size(size, kernel_size, stride):\n    return 1"
MAX = "class MaxPool2d(Layer):\n    pass"
CHECKS = ("check(pool_output_size)", 'check(MaxPool2d, "forward")')


def told(*sources, lesson="01_pooling", file="anna/01_pooling.ipynb", prose=()):
    """Return the remarks on a notebook with those code cells."""
    return remarks(Notebook(tuple(map(Cell, sources)), lesson, prose=tuple(prose)), "01_pooling", file)


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("folder", ["notebooks", "solutions"])
@pytest.mark.parametrize("lesson", LESSONS)
def test_a_notebook_as_it_was_handed_out_gets_no_remark(folder, lang, lesson):
    path = ROOT / folder / lang / f"{lesson}.ipynb"
    if not path.exists():
        pytest.skip(f"{lesson} is not built yet")
    assert remarks(read_notebook(path), lesson, path.name) == ()


def test_a_remark_says_how_a_lesson_was_recognised_without_metadata():
    assert told(lesson="") == (
        "The notebook's metadata does not say which lesson it is; the file's name does: 01_pooling.",
    )
    assert told(lesson="", file="anna.ipynb") == (
        "Neither the metadata nor the name says which lesson this is; its definitions show that it is 01_pooling.",
    )
    assert told(file="anna/03_other.ipynb") == (
        "The file is named for 03_linear_softmax, but the notebook is 01_pooling; it was graded as that.",
    )


def test_a_remark_lists_the_cells_with_magics():
    assert told("%matplotlib inline\nx = 1", "y = 7 % 2", "!pip install torch") == (
        "Lines for IPython or a shell (%…, !…, …?) were left out, in code cell 1, 3.",
    )


def test_a_remark_lists_exercises_whose_check_is_gone_if_they_are_defined():
    assert told(SIZE, MAX, *CHECKS) == ()
    assert told(SIZE, MAX, CHECKS[0], "my_check(MaxPool2d)") == (
        "The cells with check(…) are gone or changed for MaxPool2d. Grading does not need them.",
    )
    assert told("x = 1") == ()


def test_a_remark_lists_exercises_in_one_cell():
    assert told(f"{SIZE}\n\n\n{MAX}", *CHECKS) == (
        "Code cell 1 holds several exercises (pool_output_size, MaxPool2d); each was graded by its name.",
    )


def test_an_exercise_in_a_text_cell_gets_a_remark_unless_it_is_also_in_a_code_cell():
    line = "MaxPool2d is only in a text cell, so it is not run. Turn it into a code cell."
    assert told(prose=["Write it here:", MAX]) == (line,)
    assert told(MAX, CHECKS[1], prose=[MAX]) == ()
    assert told(prose=["The class MaxPool2d(Layer) has a forward pass."]) == ()


def test_a_remark_says_that_both_versions_of_a_merge_are_there():
    marks = ["**<<<<<<< local**", "**=======**", '<span style="color:red">**>>>>>>> remote**</span>']
    (line,) = told(SIZE, "check(pool_output_size)", SIZE, prose=marks)
    assert line.startswith("Text cells hold the marks of a merge")
    assert told(SIZE, "check(pool_output_size)", prose=marks[1:]) == ()
