"""An input is shown even if the wrong place is in an array with fewer axes."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.checking.answers import Answers
from ncl_course.checking.run import Here, judge
from ncl_course.checking.view import grid, number, panel
from ncl_course.exercises import find
from tests.answers import WRONG


@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 2, 2), (3,)])
@pytest.mark.parametrize("index", [(), (1,), (1, 2), (1, 2, 0, 1)])
def test_a_grid_is_a_table_whichever_array_the_index_comes_from(shape, index):
    shown = grid("x", np.arange(np.prod(shape), dtype=float).reshape(shape), index)
    assert {len(row) for row in shown.cells} == {shape[-1]}


@pytest.mark.parametrize(("name", "mistake"), [("PReLU", "gradient-accumulated"), ("Linear", "bias-not-summed")])
def test_a_wrong_gradient_of_a_parameter_is_shown_beside_the_input(name, mistake):
    exercise = find(name)
    answer = [target for title, target in WRONG[name] if title == mistake][-1]
    result = judge(exercise, Here(answer), [Answers(exercise, part.name, 7) for part in exercise.parts])
    assert len(panel(result)) == len(exercise.parts)


def test_a_complex_number_is_shown_unchanged():
    assert number(np.complex128(1.25 + 2j)) == "1.25+2j"
