"""The names that a notebook defines are found without running a cell."""

from __future__ import annotations

import pytest

from ncl_course.submission.defined import defined_names, last_definition

CELLS = {
    "class MaxPool2d(Layer):\n    def forward(self): pass": {"MaxPool2d"},
    "def pool_output_size(size):\n    inner = 1": {"pool_output_size"},
    "async def f(): pass": {"f"},
    "pool_output_size = lambda s, k, t: s": {"pool_output_size"},
    "a, (b, *c) = 1, (2, 3)": {"a", "b", "c"},
    "x: int = 3": {"x"},
    "import numpy as np, os.path\nfrom m import y as z": {"np", "os", "z"},
    "if True:\n    class A: pass\nelse:\n    def b(): pass": {"A", "b"},
    "try:\n    a = 1\nexcept E:\n    b = 2\nfinally:\n    c = 3": {"a", "b", "c"},
    "for i in range(3):\n    with f() as g:\n        h = i": {"i", "g", "h"},
    "": set(),
    "check(MaxPool2d)": set(),
}


@pytest.mark.parametrize(("source", "names"), CELLS.items())
def test_the_names_that_a_cell_binds_at_its_top_level_are_found(source, names):
    assert defined_names(source) == names


@pytest.mark.parametrize(
    "source",
    [
        "class MaxPool2d(Layer)\n    pass",
        "%matplotlib inline\nclass MaxPool2d:\n  pass",
        "MaxPool2d = (1,\n",
        "\0 x\nMaxPool2d = 1",
    ],
)
def test_names_are_found_in_cells_that_do_not_parse(source):
    assert "MaxPool2d" in defined_names(source)


def test_an_absurdly_nested_cell_raises_no_error():
    assert defined_names("A = 1\n" + "(" * 100_000) >= {"A"}


def test_the_last_definition_is_given_by_its_number_from_one():
    assert last_definition(["A = 1", "B = 2", "class A: pass", "C = 3"], "A") == 3
    assert last_definition(["B = 2"], "A") is None
