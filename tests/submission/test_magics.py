"""Magics are removed, Python stays, and each line keeps its number."""

from __future__ import annotations

import ast

import pytest

from ncl_course.submission.magics import without_magics

KEPT = [
    "x = (7\n     % 4)",
    'text = """\n%matplotlib inline\n!ls\n"""',
    "a = 7 %b",
    "if not x:\n    y = x != 2",
    "",
]
CLEANED = [
    ("%matplotlib inline\nx = 1", "pass  # %matplotlib inline\nx = 1"),
    ("!pip install torch\nx = 1", "pass  # !pip install torch\nx = 1"),
    ("x = 1\nMaxPool2d?", "x = 1\npass  # MaxPool2d?"),
    ("??x\ny = 1", "pass  # ??x\ny = 1"),
    ("files = !ls\ny = 1", "pass  # files = !ls\ny = 1"),
    ("n = %env HOME\ny = 1", "pass  # n = %env HOME\ny = 1"),
    ("for i in x:\n    %timeit f(i)\n    g(i)", "for i in x:\n    pass  # %timeit f(i)\n    g(i)"),
    ("%time y = f()", "y = f()"),
    ("%%time\ny = f()", "\ny = f()"),
    ("%%capture out\nimport x", "\nimport x"),
    ("%%bash\nls\nclass", ""),
    ("%%writefile a.py\nclass MaxPool2d: pass", ""),
    ('%load_ext a\ntext = """\n%not a magic\n"""', 'pass  # %load_ext a\ntext = """\n%not a magic\n"""'),
]


@pytest.mark.parametrize("source", KEPT)
def test_python_stays_as_it_is(source):
    assert without_magics(source) == source


@pytest.mark.parametrize(("source", "cleaned"), CLEANED)
def test_magics_are_removed(source, cleaned):
    assert without_magics(source) == cleaned
    ast.parse(cleaned)


def test_a_cell_that_does_not_parse_for_other_reasons_still_loses_its_magics():
    assert (
        without_magics("%matplotlib inline\nclass A(\n!ls\n") == "pass  # %matplotlib inline\nclass A(\npass  # !ls\n"
    )
