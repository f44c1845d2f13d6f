"""Syntax of a newer Python is recognised in a cell that does not parse; older faults are not called so."""

from __future__ import annotations

import sys

import pytest

from ncl_course.submission.newer import newer_syntax
from ncl_course.submission.outline import outline

NEW = {
    "type Size = int": "3.12",
    "type Pair[T] = tuple[T, T]": "3.12",
    "def first[T](x: list[T]) -> T:\n    return x[0]": "3.12",
    "class Box[T]:\n    pass": "3.12",
    "    async def f[*Ts](*x):\n        pass": "3.12",
    'print(f"{sizes["a"]} px")': "3.12",
    "print(f'{\"\\n\".join(names)}')": "3.12",
    "try:\n    pass\nexcept ValueError, TypeError:\n    pass": "3.14",
    "q = t'{name}'": "3.14",
}
OLD = [
    "def f(x:\n    pass",
    "type = 3 +",
    "print(f'{x}' 'y)",
    "print(f'{x', f'{y}')",
    "class A(:\n    x = [1]",
    "print 'hello'",
    "except = t['a'",
    "except (ValueError, TypeError:\n    pass",
]


@pytest.mark.parametrize(("source", "version"), NEW.items())
def test_newer_syntax_is_recognised(monkeypatch, source, version):
    monkeypatch.setattr(sys, "version_info", (3, 11))
    assert newer_syntax(source) == version
    monkeypatch.setattr(sys, "version_info", (3, 14))
    assert newer_syntax(source) == ""


@pytest.mark.parametrize("source", OLD)
def test_a_fault_in_any_version_is_not_called_newer(monkeypatch, source):
    monkeypatch.setattr(sys, "version_info", (3, 11))
    assert newer_syntax(source) == ""
    assert outline(source).newer == ""


def test_a_cell_that_parses_is_not_searched():
    assert outline("x = '''\ntype Size = int\n'''").newer == ""
