"""Two traces are compared in order, and the first informative difference is reported."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ncl_course.checking.compare import first_difference
from ncl_course.checking.verdict import Fault
from ncl_course.exercises import Case
from ncl_course.language import LANGUAGES, language, text
from ncl_course.protocol.script import Opaque, Outcome, Raised, Step, Tensor, call, new

CASE = Case("slide", (new("pool", 2), call("pool", "forward", Tensor(np.ones((1, 1, 4, 4))), label="forward")))
RIGHT = np.array([[7.0, 9], [8, 4]])


def difference(value, right=RIGHT, **more):
    return first_difference(CASE, (Outcome(), Outcome(right)), (Outcome(), Outcome(value, **more)))


def fault(value, right=RIGHT, **more):
    found = difference(value, right, **more)
    return found.fault if found else None


def changed(index, value):
    wrong = RIGHT.copy()
    wrong[index] = value
    return wrong


def test_the_right_answer_has_no_difference():
    assert difference(RIGHT.copy()) is None


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, Fault.TYPE),
        (Opaque("list"), Fault.TYPE),
        (7.0, Fault.TYPE),
        (RIGHT.T.reshape(1, 4), Fault.SHAPE),
        (RIGHT[None], Fault.SHAPE),
        (RIGHT > 5, Fault.DTYPE),
        (RIGHT.astype(complex), Fault.DTYPE),
        (RIGHT.astype(np.float32), Fault.DTYPE),
        (RIGHT.astype(int), Fault.DTYPE),
        (changed((0, 1), np.nan), Fault.FINITE),
        (changed((0, 1), -np.inf), Fault.FINITE),
        (changed((0, 1), 9.1), Fault.VALUES),
    ],
)
def test_the_kind_of_difference_is_reported(value, kind):
    assert fault(value) is kind


def test_wrong_values_are_reported_before_a_wrong_dtype():
    assert fault(RIGHT.T.astype(np.float32)) is Fault.VALUES


def test_the_first_wrong_place_the_share_and_the_largest_error_are_known():
    wrong = RIGHT.copy()
    wrong[1] = [0, 3.5]
    found = difference(wrong)
    assert found.index == (1, 0)
    assert found.wrong.tolist() == [[False, False], [True, True]]
    assert found.max_error == 8


@given(
    hnp.arrays(np.float64, (2, 2), elements=st.floats(-10, 10)),
    st.integers(0, 3),
    st.sampled_from([np.nan, np.inf, -np.inf]),
)
def test_an_answer_with_nan_or_infinity_never_passes(right, place, poison):
    wrong = right.copy()
    wrong.flat[place] = poison
    assert fault(wrong, right) is Fault.FINITE


def test_infinity_never_passes_even_if_the_right_answer_is_infinite():
    assert fault(np.array([1.0, np.inf]), np.array([1.0, np.inf])) is Fault.FINITE


@given(hnp.arrays(np.float64, (3, 3), elements=st.floats(-1e3, 1e3, width=32)), st.integers(0, 8))
def test_an_error_above_the_tolerance_never_passes(right, place):
    wrong = right.copy()
    wrong.flat[place] += 3e-7 * (np.abs(right).max() or 1.0)
    assert fault(wrong, right) is Fault.VALUES


@given(hnp.arrays(np.float64, (3, 3), elements=st.floats(-1e3, 1e3, width=32)), st.floats(-9e-8, 9e-8))
def test_rounding_passes(right, relative):
    assert fault(right + relative * np.abs(right).max(), right) is None


def test_errors_are_relative_to_the_largest_value_and_not_to_each_element():
    right = np.array([1e6, 1e-9])
    assert fault(right + np.array([0, 1e-3]), right) is None
    assert fault(right + np.array([0, 1.0]), right) is Fault.VALUES


def test_the_scale_is_one_if_all_right_values_are_zero():
    assert fault(np.full((2, 2), 1e-8), np.zeros((2, 2))) is None
    assert fault(np.full((2, 2), 1e-6), np.zeros((2, 2))) is Fault.VALUES


def test_float32_is_compared_more_loosely():
    right = np.float32([1, 2, 3])
    assert fault((right * (1 + 2e-5)).astype(np.float32), right) is None
    assert fault((right * (1 + 1e-3)).astype(np.float32), right) is Fault.VALUES


@pytest.mark.parametrize("value", [3, np.int64(3), np.uint8(3)])
def test_a_count_may_be_any_int(value):
    assert fault(value, 3) is None


@pytest.mark.parametrize("value", [3.0, np.float64(3), True, "3", None, Opaque("str")])
def test_a_count_is_an_int(value):
    assert fault(Opaque("str") if isinstance(value, str) else value, 3) is Fault.TYPE


def test_a_wrong_count_is_a_wrong_value():
    assert fault(2, 3) is Fault.VALUES


@pytest.mark.parametrize("value", [0.5, np.float32(0.5), np.float64(0.5)])
def test_a_loss_may_be_any_real_scalar(value):
    assert fault(value, 0.5) is None


def test_a_loss_that_is_not_a_finite_number_never_passes():
    assert fault(float("nan"), 0.5) is Fault.VALUES


def test_an_exception_is_reported_as_the_difference():
    found = difference(None, raised=Raised("IndexError", "index 4", "3: x[4]"))
    assert found.fault is Fault.RAISED
    assert found.outcome.raised.type_name == "IndexError"


def test_a_trace_that_ends_early_never_passes():
    assert first_difference(CASE, (Outcome(), Outcome(RIGHT)), ()).fault is Fault.RAISED
    assert first_difference(CASE, (Outcome(), Outcome(RIGHT)), (Outcome(),)).fault is Fault.RAISED


def test_a_right_value_does_not_excuse_a_changed_input_or_an_overwritten_result():
    assert fault(RIGHT, changed=(0,)) is Fault.INPUT_CHANGED
    assert fault(RIGHT, overwritten=("forward",)) is Fault.RESULT_OVERWRITTEN
    assert fault(RIGHT, overwritten=("",)) is Fault.RESULT_OVERWRITTEN


def test_an_overwritten_result_that_is_not_judged_counts_only_if_a_judged_step_overwrote_it():
    def found(*labels):
        trace = Outcome(), Outcome(np.ones(2)), Outcome(np.ones(2), overwritten=labels)
        return first_difference(case, trace, trace)

    steps = (call("layer", "forward", Tensor(np.ones(2))) for _ in range(2))
    case = Case("toy", (new("layer"), *steps))
    assert found("") is None
    assert found("forward").fault is Fault.RESULT_OVERWRITTEN


def test_a_float32_loss_is_compared_by_the_tolerance_of_float32():
    assert fault(np.float32(2.0 + 1e-4), np.float32(2.0)) is None
    assert fault(np.float32(2.0 + 1e-3), np.float32(2.0)) is Fault.VALUES
    assert fault(2.0 + 1e-4, 2.0) is Fault.VALUES
    assert fault(np.float64(2.0 + 1e-4), np.float64(2.0)) is Fault.VALUES


def test_a_gradient_of_a_parameter_is_compared_by_the_tolerance_of_its_own_dtype():
    right, got = np.array([1.0, 2.0]), np.array([1.0, 2.0 + 1e-6])
    steps = {
        kind: Case("toy", (Step(kind, "layer", "grads.weight", label="grads.weight"),)) for kind in ("get", "call")
    }

    def found(kind, dtype):
        return first_difference(steps[kind], (Outcome(right),), (Outcome(got.astype(dtype)),))

    assert found("get", np.float32) is None
    assert found("get", np.float64).fault is Fault.VALUES
    assert found("call", np.float32).fault is Fault.VALUES


def test_the_error_of_a_small_loss_is_relative_to_one():
    assert fault(1e-8, 0.0) is None
    assert fault(1e-6, 0.0) is Fault.VALUES


def unfilled(method, raised, kind="get"):
    case = Case("slide", (new("fc", 2, 3), Step(kind, "fc", method, label=method)))
    right = (Outcome(), Outcome(np.ones(3)))
    return first_difference(case, right, (Outcome(), Outcome(raised=raised)))


def test_a_gradient_missing_from_grads_is_explained_in_words_and_named():
    found = unfilled("grads.bias", Raised("KeyError", "'bias'"))
    assert found.fault is Fault.RULE
    assert (found.remark.key, found.remark.values, found.remark.name) == (
        "grads_missing",
        {"name": "bias"},
        "grads-not-filled",
    )


@pytest.mark.parametrize(
    ("method", "error", "kind"),
    [("grads.bias", "ValueError", "get"), ("params.bias", "KeyError", "get"), ("backward", "KeyError", "call")],
)
def test_any_other_exception_stays_an_exception(method, error, kind):
    assert unfilled(method, Raised(error), kind).fault is Fault.RAISED


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_missing_gradient_is_named_in_the_students_sentence(lang):
    language(lang)
    assert 'grads["bias"]' in text("checking.rule.grads_missing", name="bias")
