"""A panel says which other exercise the student's code calls, if that one does not pass its own check."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course import check
from ncl_course.checking import notebook
from ncl_course.errors import CheckFailed
from ncl_course.nn import Layer
from tests.grading.conftest import write_notebook
from tests.submissions.pooling import AVG, MAX, SETUP, SIZE
from tests.test_selfcheck import check as check_in_terminal

SAID = "Your code uses pool_output_size, which does not pass its own check. Correct pool_output_size first"
CALLING = MAX.replace("(H - self.k) // self.s + 1", "pool_output_size(H, self.k, self.s)").replace(
    "(W - self.k) // self.s + 1", "pool_output_size(W, self.k, self.s)"
)
WRONG_SIZE = "def pool_output_size(size, kernel_size, stride):\n    return size // stride"


@pytest.fixture(autouse=True)
def _new_session(monkeypatch):
    monkeypatch.setattr(notebook, "_done", {})


def layer(pool_output_size):
    """Return the right MaxPool2d, which calls a function for the size of its output."""

    class MaxPool2d(Layer):
        def __init__(self, kernel_size, stride=None):
            self.k, self.s = kernel_size, kernel_size if stride is None else stride

        def forward(self, x):
            rows, columns = (pool_output_size(n, self.k, self.s) for n in x.shape[2:])
            y = np.empty((*x.shape[:2], rows, columns), x.dtype)
            for i in range(rows):
                for j in range(columns):
                    cut = x[:, :, i * self.s : i * self.s + self.k, j * self.s : j * self.s + self.k]
                    y[:, :, i, j] = cut.max(axis=(2, 3))
            return y

    MaxPool2d.__module__ = "__main__"
    return MaxPool2d


def wrong_size(size, kernel_size, stride):
    return size // stride


wrong_size.__name__ = "pool_output_size"
wrong_size.__module__ = "__main__"


def test_a_layer_that_calls_a_wrong_function_is_told_to_correct_that_one_first(capsys):
    made = layer(wrong_size)
    with pytest.raises(CheckFailed):
        check(wrong_size)
    assert SAID not in capsys.readouterr().out
    with pytest.raises(CheckFailed):
        check(made, "forward")
    assert SAID in capsys.readouterr().out


def test_a_function_that_was_not_checked_is_not_named(capsys):
    with pytest.raises(CheckFailed):
        check(layer(wrong_size), "forward")
    assert "pool_output_size" not in capsys.readouterr().out


def test_in_the_terminal_only_the_layer_that_calls_it_is_told(tmp_path):
    path = tmp_path / "01_pooling.ipynb"
    write_notebook(path, SETUP, WRONG_SIZE, CALLING, AVG.replace(".mean(", ".max("))
    said = check_in_terminal(path).output.split("AvgPool2d · ")
    assert " ".join(said[0].split()).count(SAID) == 1
    assert all(SAID not in " ".join(part.split()) for part in said[1:])


def test_a_right_function_is_not_named(tmp_path):
    path = tmp_path / "01_pooling.ipynb"
    write_notebook(path, SETUP, SIZE, CALLING.replace(".max(", ".min("))
    assert SAID not in " ".join(check_in_terminal(path).output.split())
