"""A panel shows the input even if the wrong place has fewer axes, and says an error in the reader's language."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from ncl_course.checking.answers import Answers, notebook_answers
from ncl_course.checking.compare import Difference
from ncl_course.checking.grids import grid, inputs, number
from ncl_course.checking.run import Here, judge
from ncl_course.checking.verdict import Fault
from ncl_course.checking.view import depends_on_all, panel, type_sentence
from ncl_course.exercises import Case, find
from ncl_course.language import language
from ncl_course.nn import Conv2d, Layer
from ncl_course.protocol.plain import plain_trace, trace_of
from ncl_course.protocol.script import Numbers, Opaque, Tensor, call
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


class Convolves(Layer):
    """A ReLU that gives a wrong array to a given piece."""

    def forward(self, x):
        return Conv2d(3, 3, 3).forward(np.zeros((1, 2, 8, 8)))


class Across(Here):
    """Plays a script on the other side of a wire."""

    def play(self, script):
        tree, arrays = plain_trace(super().play(script))
        return trace_of(json.loads(json.dumps(tree)), arrays)


@pytest.mark.parametrize("subject", [Here, Across], ids=["in the notebook", "in the sandbox"])
def test_an_error_of_a_given_piece_is_said_in_the_readers_language(subject):
    language("ru")
    result = judge(find("ReLU"), subject(Convolves), [notebook_answers(find("ReLU"), "forward")])
    (said, *_) = panel(result)[0].sentences
    assert said.startswith("ValueError: Conv2d ждёт x формы (N, 3, H, W), а получил (1, 2, 8, 8); тот ли слой")
    language("en")
    assert panel(result)[0].sentences[0].startswith("ValueError: Conv2d expects x of shape (N, 3, H, W) but got")


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [("en", "Your list holds 0 numbers; expected 12."), ("ru", "Чисел в вашем списке: 0, а должно быть: 12.")],
)
@pytest.mark.parametrize("nothing", [Opaque("list"), Opaque("tuple")])
def test_an_empty_list_is_told_how_many_numbers_are_missing(lang, sentence, nothing):
    language(lang)
    assert type_sentence(Numbers(np.zeros(12)), nothing) == sentence
    assert type_sentence(Numbers(np.zeros(12)), Opaque("list", ("NoneType",))) != sentence


def of_shape(*shape):
    """Return the titles of the input's grids if the first number of an array of that shape is wrong."""
    x = np.arange(math.prod(shape), dtype=float).reshape(shape)
    script = (call("layer", "forward", Tensor(x), label="forward"),)
    difference = Difference(Fault.VALUES, Case("random", script), 0, x, x + 1, index=(0,) * len(shape), wrong=x >= 0)
    return [[one.title for one in inputs(difference, whole=whole)] for whole in (True, False)]


def test_every_map_of_a_small_input_of_a_normalization_is_shown_and_named():
    language("en")
    whole, one = of_shape(2, 2, 1, 3)
    assert whole == [f"input x [{n}, {c}]" for n in range(2) for c in range(2)]
    assert one == ["input x [0, 0]"]
    assert depends_on_all("BatchNorm2d")
    assert not depends_on_all("MaxPool2d")


@pytest.mark.parametrize("shape", [(3, 3, 1, 2), (2, 2, 5, 5), (4, 4)])
def test_of_a_larger_input_only_the_map_with_the_wrong_number_is_shown(shape):
    whole, one = of_shape(*shape)
    assert whole == one
    assert len(one) == 1
