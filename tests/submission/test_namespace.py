"""A student's own notebook runs in a namespace of its own, and an error in a cell does not stop the rest."""

from __future__ import annotations

import pytest

from ncl_course.submission.namespace import definitions
from ncl_course.submission.notebook import Cell, Notebook


def run(*cells):
    return definitions(Notebook(tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in cells)))


def test_later_cells_see_what_earlier_ones_define_and_the_last_definition_counts():
    made = run("a = 1", "def f():\n    return a", "a = 2")
    assert made.names["f"]() == 2


DEFINITION = "class ReLU:\n    def __call__(self): return 1"


@pytest.mark.parametrize("overwritten", ["ReLU = ReLU()", "ReLU = ReLU()()", "ReLU = None"])
def test_an_exercise_that_is_overwritten_by_what_it_makes_is_its_definition(overwritten):
    assert isinstance(run(DEFINITION, overwritten).names["ReLU"], type)


@pytest.mark.parametrize("redefined", ["ReLU = lambda: 2", "ReLU = int", "def ReLU():\n    pass"])
def test_an_exercise_that_is_defined_again_in_another_way_is_the_last_one(redefined):
    kind = run(DEFINITION).names["ReLU"]
    found = run(DEFINITION, redefined).names["ReLU"]
    assert callable(found)
    assert getattr(found, "__name__", "") != kind.__name__ or not isinstance(found, type)


def test_other_names_keep_what_they_hold_last():
    assert run("def a():\n    return 3", "a = a()").names["a"] == 3


def test_a_cell_that_raises_is_noted_and_the_later_cells_run():
    made = run("1 / 0", "import sys\nsys.exit(3)", "def broken(:", "b = 5")
    assert made.names["b"] == 5
    assert made.troubles == {
        1: "ZeroDivisionError: division by zero",
        2: "SystemExit: 3",
        3: "SyntaxError: invalid syntax (<cell 3>, line 1)",
    }


@pytest.mark.parametrize(
    "cell",
    [
        "check(nothing)",
        'check(a)\nprogress("01_pooling")',
        Cell("show_photo(undefined)", role="picture"),
        "%matplotlib inline",
        "",
    ],
)
def test_checks_and_pictures_are_skipped(cell):
    assert run(cell).troubles == {}


def test_two_notebooks_share_nothing():
    run("only_here = 1")
    assert run("only_here").troubles == {1: "NameError: name 'only_here' is not defined"}


def test_output_and_warnings_are_not_shown(capsys):
    run("print('loud')\nimport warnings\nwarnings.warn('careful')")
    assert capsys.readouterr() == ("", "")


def test_an_interrupt_is_not_swallowed():
    with pytest.raises(KeyboardInterrupt, match="stop"):
        run("raise KeyboardInterrupt('stop')")
