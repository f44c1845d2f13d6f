"""An error is called the student's only if the traceback has a frame of the student's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ncl_course.nn import SGD, Layer
from ncl_course.protocol.raised import is_students
from ncl_course.viz.blame import is_theirs
from ncl_course.viz.students_code import tried
from ncl_course.viz.training.own_network import show_images


def cell(source: str, **names: Any) -> Callable[..., Any]:
    """Return the function ``f`` of a cell of a notebook."""
    exec(compile(source, "/tmp/ipykernel_12/34.py", "exec"), names)
    function: Callable[..., Any] = names["f"]
    return function


def own(action: Callable[[], Any]) -> bool:
    """Return whether the error that an action raises is called the student's."""
    done = tried(action)
    assert done.trouble
    return done.own


def broken_picture_of_the_course(*_: Any) -> Any:
    """Draw what cannot be drawn, with a drawing of the course."""
    return show_images(np.zeros((1, 1, 2, 2)), np.array([5]), ())


@pytest.mark.parametrize(
    "source",
    [
        "def f(): return 1 / 0",
        "def f(): return np.ones(2) + np.ones(3)",
        "def f(): return SGD(Layer(), lr=-1)",
        "def g(): raise ValueError\ndef f(): return picture(g())",
        "def g(): return np.ones(2) @ np.ones(3)\ndef f(): return g()",
        "def g(): return picture()\ndef f(): return g()",
    ],
)
def test_an_error_in_a_cell_or_in_a_call_of_a_given_piece_is_the_students(source: str) -> None:
    assert own(cell(source, np=np, SGD=SGD, Layer=Layer, picture=broken_picture_of_the_course))


def test_an_error_of_a_picture_that_the_cell_only_asks_for_is_not_the_students() -> None:
    assert not own(cell("def f(): return picture([1], [0], ())", picture=show_images))


@pytest.mark.parametrize(
    ("filename", "theirs"),
    [
        ("/tmp/ipykernel_812/99.py", True),
        ("C:\\Users\\a\\Temp\\ipykernel_812\\99.py", True),
        ("<cell 3>", True),
        ("<ipython-input-1-abc>", True),
        ("/home/anna/my_layers.py", True),
        ("/usr/lib/python3/dist-packages/ipykernel/comm/comm.py", False),
        ("/opt/venv/lib/python3.11/site-packages/ipykernel/ipkernel.py", False),
        ("<frozen importlib._bootstrap>", False),
        ("<__array_function__ internals>", False),
        (np.__file__, False),
        (show_images.__code__.co_filename, False),
    ],
)
def test_cells_and_files_of_ones_own_are_the_students(filename: str, theirs: bool) -> None:
    assert is_theirs(filename) is theirs


def test_the_package_ipykernel_is_no_cell() -> None:
    assert not is_students("/opt/venv/lib/python3.11/site-packages/ipykernel/ipkernel.py")
