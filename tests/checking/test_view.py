"""A panel shows the input even if the wrong place has fewer axes, and says an error in the reader's language."""

from __future__ import annotations

import json

import numpy as np
import pytest

from ncl_course.checking.answers import Answers, notebook_answers
from ncl_course.checking.compare import Difference, value_difference
from ncl_course.checking.grids import grid, grids, inputs, number
from ncl_course.checking.run import Here, judge
from ncl_course.checking.verdict import Fault
from ncl_course.checking.view import measured_sentence, panel, sentences, type_sentence
from ncl_course.exercises import Case, find
from ncl_course.language import language
from ncl_course.nn import Conv2d, Layer
from ncl_course.protocol.plain import plain_trace, trace_of
from ncl_course.protocol.script import Numbers, Opaque, Outcome, Remark, Tensor, call, put
from tests.answers import WRONG
from tests.checking.naming.outside.made import edited, judged, rows


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


def panel_of(lesson, cause):
    """Return the view of the first failing part of a wrong answer from outside."""
    row = next(row for row in rows(f"written.other_{lesson}") if row[0] == cause)
    return next(part for part in panel(judged(edited(row[2], *row[3:]), seed=0)) if part.grids)


def test_a_wrong_gradient_of_a_parameter_is_shown_with_the_gradient_that_came_in():
    shown = panel_of("linear", "dW with the output")
    assert shown.code[-1].startswith('layer.grads["weight"]')
    assert [grid.title for grid in shown.grids][:4] == ["input x", "input grad_out", "input weight", "input bias"]


def test_a_wrong_loss_is_shown_with_its_logits_and_labels():
    shown = panel_of("linear", "all rows and all labels")
    assert [grid.title for grid in shown.grids] == ["input x", "input labels"]


@pytest.mark.parametrize(("lang", "words"), [("en", "M its path through the mean"), ("ru", "M — путь через среднее")])
def test_the_letters_of_a_gradients_paths_are_explained(lang, words):
    language(lang)
    (name,) = panel_of("normalization", "-0.5 lost").named
    assert "(D − M) + 2·V" in name.hint
    assert words in name.hint


def test_a_formula_without_these_letters_is_not_explained():
    (name,) = panel_of("normalization", "mean of squares for variance").named
    assert "path" not in name.hint


def test_a_complex_number_is_shown_unchanged():
    assert number(np.complex128(1.25 + 2j)) == "1.25+2j"


def test_a_negative_number_has_a_minus_sign_and_no_hyphen():
    assert [number(value) for value in (-3.0, -0.25, -np.inf)] == ["−3", "−0.25", "−inf"]


def test_a_factor_below_0_has_the_readers_minus_and_decimal_mark():
    language("ru")
    assert "на −0,25" in measured_sentence(Remark("factor", {"factor": "−0.25"}, "factor-wrong"))


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


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [("en", "Your list holds 2 numbers; expected 3."), ("ru", "Чисел в вашем списке: 2, а должно быть: 3.")],
)
def test_a_short_list_is_told_how_many_numbers_it_lacks(lang, sentence):
    language(lang)
    outcome = Outcome(value=Numbers(np.array([0.5, 0.25])))
    case = Case("random", (call("f", "__call__", label="value"),))
    found = value_difference(case, 0, Numbers(np.array([0.5, 0.25, 0.125])), outcome)
    assert sentences("train", found) == [sentence]


def of_shape(shape, exercise, index=None, judged=None):
    """Return the titles of the input's grids if a number of a result of that or another shape is wrong."""
    x, right = np.zeros(shape), np.zeros(judged or shape)
    index = (0,) * right.ndim if index is None else index
    script = (call("layer", "forward", Tensor(x), label="forward"),)
    difference = Difference(Fault.VALUES, Case("random", script), 0, right, right + 1, index=index, wrong=right == 0)
    return [one.title for one in inputs(difference, exercise)]


def test_every_map_of_a_small_input_of_a_normalization_is_shown_and_named():
    assert of_shape((2, 2, 1, 3), "BatchNorm2d") == [f"input x [{n}, {c}]" for n in range(2) for c in range(2)]
    assert of_shape((2, 2, 1, 3), "MaxPool2d") == ["input x [0, 0]"]


def test_of_a_larger_input_all_maps_are_shown_that_share_the_wrong_numbers_mean():
    shape, index = (3, 4, 5, 5), (2, 1, 0, 0)
    assert of_shape(shape, "BatchNorm2d", index) == [f"input x [{n}, 1]" for n in range(3)]
    assert of_shape(shape, "LayerNorm2d", index) == [f"input x [2, {c}]" for c in range(4)]
    assert of_shape(shape, "WeightStandardization", index) == [f"input x [2, {m}]" for m in range(4)]
    assert of_shape(shape, "InstanceNorm2d", index) == ["input x [2, 1]"]
    assert of_shape(shape, "GroupNorm", (1,), (4,)) == [f"input x [{n}, 1]" for n in range(3)]


def test_the_shown_slice_of_a_large_input_holds_the_window_of_the_wrong_output():
    assert of_shape((1, 1, 30, 40), "MaxPool2d", (0, 0, 9, 0), (1, 1, 10, 20)) == ["input x [0, 0, 22:30, 0:8]"]
    assert of_shape((2, 3, 4, 5), "Flatten", (1, 47), (2, 60)) == ["input x [1, 2]"]
    assert of_shape((2, 60), "Flatten", (1, 2, 1, 2), (2, 3, 4, 5)) == ["input x [:, 43:51]"]


def test_what_a_case_writes_into_a_layer_is_shown_beside_its_input():
    gamma = np.array([2.0, 3.0])
    script = (put("layer", "params.gamma", gamma), call("layer", "forward", Tensor(np.ones((1, 2, 1, 2))), label="y"))
    zero = np.zeros((1, 2, 1, 2))
    found = Difference(Fault.VALUES, Case("random", script), 1, zero, zero + 1, index=(0, 0, 0, 0), wrong=zero == 0)
    shown = inputs(found, "BatchNorm2d")
    assert [one.title for one in shown] == ["input x [0, 0]", "input x [0, 1]", "input gamma"]
    assert shown[-1].cells == (("2", "3"),)


def test_a_russian_panel_has_decimal_commas_in_tables_and_in_sentences():
    language("ru")
    right, got = np.array([[0.5, 1.0]]), np.array([[0.25, 1.0]])
    script = (call("layer", "forward", Tensor(right), label="y"),)
    found = Difference(
        Fault.VALUES, Case("random", script), 0, right, got, index=(0, 0), wrong=got != right, max_error=0.25
    )
    assert [one.cells for one in grids(found)][:2] == [(("0,5", "1"),), (("0,25", "1"),)]
    said = sentences("ReLU", found)
    assert "0,25" in said[0]
    assert "0,5" in said[0]
    assert not any("0." in one for one in said)
    remark = Remark("kept_share", {"share": "0.25", "keep_prob": 0.5})
    (said,) = sentences("build_cnn", Difference(Fault.RULE, Case("random", script), 0, remark=remark))
    assert "0,25" in said
    assert "0,5" in said
