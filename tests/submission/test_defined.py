"""The names that a notebook defines are found without running a cell."""

from __future__ import annotations

import pytest

from ncl_course.submission.defined import defined_names, used_names
from tests.submission.deep import DEEP

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
        "from ncl_course.nn import Layer, MaxPool2d  # both\nx = (1,",
        "from ncl_course.nn import (\n    Layer as Base,\n    Pool as MaxPool2d,\n)\nx = (1,",
        "import MaxPool2d.inner, numpy as np; x = (1,",
    ],
)
def test_names_are_found_in_cells_that_do_not_parse(source):
    assert "MaxPool2d" in defined_names(source)


def test_an_import_under_another_name_binds_only_that():
    assert defined_names("import numpy as np, math\nfrom a.b import C as D\nx = (1,") == {"np", "math", "D", "x"}


def test_an_absurdly_nested_cell_raises_no_error():
    assert defined_names("A = 1\n" + "(" * 100_000) >= {"A"}


def test_as_many_elif_as_a_student_likes_are_no_trouble():
    source = "if a:\n    A = 1\n" + "elif b:\n    B = 1\n" * 1_500 + "else:\n    class C: pass\n"
    assert defined_names(source) == {"A", "B", "C"}


@pytest.mark.parametrize("source", DEEP.values(), ids=DEEP)
def test_a_cell_that_is_nested_too_deeply_for_python_is_looked_at_line_by_line(source):
    assert defined_names(f"class MaxPool2d:\n    pass\n{source}\n") >= {"MaxPool2d"}
    assert used_names(source) <= {"a", "b", "c"}
