"""A misconception is named if its answers are the student's answers, and never by coincidence."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.checking.answers import Answers
from ncl_course.checking.compare import Difference
from ncl_course.checking.naming.diagnose import by_itself, is_nearly_all
from ncl_course.checking.naming.suspects import breaks_the_rule, explains, finite, settled
from ncl_course.checking.run import Here, judge, judge_part
from ncl_course.checking.verdict import Fault
from ncl_course.exercises import Case, find
from ncl_course.nn import Layer
from ncl_course.oracles.altered import Misconception
from ncl_course.protocol.play import play
from ncl_course.protocol.script import Opaque, Outcome, Remark
from tests.answers import WRONG
from tests.answers.activations_right import MaximumReLU
from tests.answers.linear_right import MatmulLinear
from tests.answers.normalization_batchnorm_wrong import BN
from tests.answers.pooling_right import LastMaximum
from tests.checking.toy import TWICE, Toy

SEED = 5


def named(answer, suspected=()):
    return judge_part(Here(answer), Answers(TWICE, "value", SEED), suspected).misconceptions


# ---- the name that is given --------------------------------------------------------------------------------------


def test_a_misconception_is_named_if_its_answer_is_the_students_in_every_case():
    assert named(lambda x: x**2) == ("squared",)


def test_the_first_of_two_misconceptions_that_explain_the_same_cases_is_named():
    assert named(lambda x: 2 * abs(x)) == ("absolute",)


def test_a_misconception_that_an_earlier_part_has_shown_wins_a_tie():
    assert named(lambda x: 2 * abs(x), {"mirrored-below-zero"}) == ("mirrored-below-zero",)


def test_two_mistakes_at_once_get_two_names_starting_with_that_of_the_smallest_case():
    assert named(lambda x: min(2 * abs(x), 4) if x > 0 else 2 * abs(x)) == ("capped", "absolute")


def test_agreement_in_a_single_case_is_a_coincidence():
    assert named(lambda x: 2 if x == -1 else 2 * x) == ()


class Overflowing(Toy):
    """The toy with one misconception, whose answer is NaN for every negative number."""

    @property
    def misconceptions(self):
        return (Misconception("overflow", lambda x: float("nan") if x < 0 else 2 * x),)


def nan_at(*numbers):
    """Return the names of a student whose answer is NaN for these numbers and right for all others."""
    answers = Answers(Overflowing("twice", "toy", TWICE.parts), "value", SEED)
    return judge_part(Here(lambda x: float("nan") if x in numbers else 2 * x), answers).misconceptions


def test_nan_alone_gives_a_name_only_if_nothing_contradicts_it():
    assert nan_at(-1, -2, -3) == ("overflow",)
    assert nan_at(-1, -2) == ()


def test_a_case_in_which_the_students_code_raises_does_not_contradict_a_misconception():
    def breaks_off(x):
        if x < -1:
            raise ValueError("too small")
        return 2 * abs(x)

    assert named(breaks_off) == ("absolute",)


def test_no_misconception_explains_an_exception_even_one_that_raises():
    assert named(lambda x: x / 0) == ()


def test_a_misconception_in_several_parts_is_named_once():
    result = judge(TWICE, Here(lambda x: 2 * abs(x)), [Answers(TWICE, part, SEED) for part in ("value", "again")])
    assert result.misconceptions == ("twice.absolute",)


# ---- NaN and infinity -------------------------------------------------------------------------------------------


def test_nan_and_both_infinities_are_replaced_by_different_numbers():
    values = finite(np.array([np.nan, np.inf, -np.inf, 1.5]))
    assert np.isfinite(values).all()
    assert len(set(values.tolist())) == 4
    assert values[3] == 1.5
    assert np.isfinite(finite(float("nan")))


@pytest.mark.parametrize("value", [np.array([1.0, 2.0]), np.array([1, 2]), np.array([True]), 3, None, Opaque("list")])
def test_any_other_value_is_left_as_it_is(value):
    assert finite(value) is value


def test_a_settled_trace_keeps_warnings_only_in_a_strict_comparison():
    trace = (Outcome(np.array([np.nan]), warnings=("RuntimeWarning: overflow",), overwritten=("forward",)),)
    strict, loose = settled(trace), settled(trace, strictly=False)
    assert (strict[0].warnings, strict[0].overwritten) == (trace[0].warnings, trace[0].overwritten)
    assert (loose[0].warnings, loose[0].overwritten) == ((), ())
    assert np.isfinite(strict[0].value).all()
    assert np.isfinite(loose[0].value).all()


class OneNaN(LastMaximum):
    """Right except for one entry."""

    def forward(self, x):
        y = super().forward(x)
        y.flat[0] = np.nan
        return y


class OwnReadOnlyArray(MaximumReLU):
    """Writes into an array that NumPy made read-only but that is not an argument."""

    def backward(self, grad_out):
        dx = np.broadcast_to(0.0, grad_out.shape)
        dx[self.x > 0] = 1
        return dx * grad_out


def test_the_number_that_replaces_nan_never_equals_a_right_answer():
    assert judge_part(Here(OneNaN), Answers(find("MaxPool2d"), "forward", SEED)).misconceptions == ()


def test_writing_into_ones_own_read_only_array_is_not_a_changed_input():
    assert judge_part(Here(OwnReadOnlyArray), Answers(find("ReLU"), "backward", SEED)).misconceptions == ()


class LogarithmOfLogits:
    """NaN for every negative logit, and not only if exponentials overflow."""

    def forward(self, logits, labels):
        with np.errstate(all="ignore"):
            return np.log(logits[np.arange(len(labels)), labels] - 3000).mean()


def test_nan_in_every_case_is_not_named_an_overflow():
    answers = Answers(find("CrossEntropyLoss"), "forward", SEED)
    assert judge_part(Here(LogarithmOfLogits), answers).misconceptions == ()


class ReturnForgotten(MatmulLinear):
    def forward(self, x):
        super().forward(x)


def test_a_forgotten_return_is_not_named_a_copy_of_the_weights():
    assert judge_part(Here(ReturnForgotten), Answers(find("Linear"), "forward", SEED)).misconceptions == ()


class Quotient(Layer):
    """eˣ / (1 + eˣ), which is NaN at 1000."""

    def forward(self, x):
        e = np.exp(x)
        self.y = e / (1 + e)
        return self.y

    def backward(self, grad_out):
        return grad_out * self.y * (1 - self.y)


class NotANumberBelow(Quotient):
    """NaN at −1000 instead of 1000."""

    def forward(self, x):
        return np.where(x < -700, np.nan, 1 / (1 + np.exp(-np.maximum(x, -700))))


class Warns(Quotient):
    """Right, but an overflow occurs on the way."""

    def forward(self, x):
        return 1 / (1 + np.exp(-x))


def of_sigmoid(answer):
    return judge_part(Here(answer), Answers(find("Sigmoid"), "forward", SEED)).misconceptions


def test_an_overflow_is_named_if_the_misconception_overflows_in_the_same_places():
    assert of_sigmoid(Quotient) == ("sigmoid-infinity",)
    assert of_sigmoid(NotANumberBelow) == ()


def test_right_values_with_a_warning_are_named_only_for_the_warning():
    assert of_sigmoid(Warns) == ("warning",)


class WarningLoss(Layer):
    """Right, but an overflow occurs on the way."""

    def forward(self, logits, labels):
        np.exp(logits)
        most = logits.max(axis=1)
        lse = most + np.log(np.exp(logits - most[:, None]).sum(axis=1))
        return float((lse - logits[np.arange(len(labels)), labels]).mean())


def test_a_mistake_of_the_backward_pass_does_not_explain_a_warning_of_the_forward_pass():
    answers = Answers(find("CrossEntropyLoss"), "forward", SEED)
    assert judge_part(Here(WarningLoss), answers).misconceptions == ("warning",)


# ---- rules ------------------------------------------------------------------------------------------------------


class DrawnOnce(Layer):
    """Inverted dropout that uses its first mask forever."""

    def __init__(self, keep_prob, rng=None):
        self.p, self.rng, self.mask = keep_prob, rng or np.random.default_rng(), None

    def forward(self, x):
        if not self.training:
            return x
        if self.mask is None or self.mask.shape != x.shape:
            self.mask = self.rng.random(x.shape) < self.p
        return (x * self.mask / self.p).astype(x.dtype)


@pytest.fixture(scope="module")
def broken():
    """Return dropout's cases, the number of one in which ``DrawnOnce`` breaks a rule, and its trace."""
    answers = Answers(find("Dropout"), "forward", SEED)
    for number, case in enumerate(answers.cases):
        trace = play(DrawnOnce, case.script)
        found = answers.difference(number, trace)
        if found is not None and found.fault is Fault.RULE and found.remark.name == "mask-drawn-once":
            return answers, number, trace, found
    raise AssertionError("no case sees that a mask is used again")


def number_of(answers, name):
    return [one.name for one in answers.exercise.misconceptions].index(name)


def test_a_misconception_that_breaks_the_same_rule_in_the_same_place_explains_it(broken):
    answers, number, trace, found = broken
    assert breaks_the_rule(answers, number_of(answers, "mask-drawn-once"), number, found)
    assert explains(answers, number_of(answers, "mask-drawn-once"), number, trace)


@pytest.mark.parametrize("name", ["not-scaled", "mask-exact-count", "keep-prob-not-used"])
def test_a_misconception_that_keeps_the_rule_or_breaks_another_does_not_explain_it(broken, name):
    answers, number, _, found = broken
    assert not breaks_the_rule(answers, number_of(answers, name), number, found)


def test_a_misconception_that_breaks_the_rule_at_another_step_or_with_another_remark_does_not_explain_it(broken):
    answers, number, _, found = broken
    once = number_of(answers, "mask-drawn-once")
    elsewhere = Difference(Fault.RULE, found.case, found.step - 2, remark=found.remark)
    otherwise = Difference(Fault.RULE, found.case, found.step, remark=Remark("mask_constant", {}, found.remark.name))
    values = Difference(Fault.VALUES, found.case, found.step)
    assert not any(breaks_the_rule(answers, once, number, other) for other in (elsewhere, otherwise, values))


# ---- part of the cases ------------------------------------------------------------------------------------------


def among(*wrong):
    """Return the toy's answer with these wrong numbers at −1, −2 and −3."""
    return lambda x: dict(zip((-1, -2, -3), wrong, strict=True)).get(x, 2 * x)


def test_a_name_that_explains_all_cases_but_one_is_given_if_it_is_wrong_in_that_one_too():
    assert named(among(2, 4, 7)) == ("absolute",)


def test_a_name_that_explains_half_of_the_cases_or_is_right_in_another_is_not_given():
    assert named(among(2, 5, 7)) == ()
    assert named(among(2, 4, -6)) == ()


FOUND = {0: "warning", 1: "warning", 2: "dtype-drift"}


def of_faults(known, count=3, fault=Fault.VALUES, smallest=0):
    """Return the name that failing cases show by themselves."""
    failing = {n: Difference(fault, TWICE_CASE, 0) for n in range(count)}
    return by_itself(failing, known, smallest)


TWICE_CASE = Case("any", ())


def test_the_fault_that_most_failing_cases_show_is_named():
    assert of_faults(FOUND) == ("warning",)


def test_else_that_of_the_smallest_case_is_named():
    assert of_faults({2: "dtype-drift"}, count=4, smallest=2) == ("dtype-drift",)


def test_else_the_only_one_if_half_of_the_cases_or_a_rule_shows_it():
    assert of_faults({1: "warning", 2: "warning"}, count=4) == ("warning",)
    assert of_faults({2: "warning"}, count=4) == ()
    assert of_faults({2: "warning"}, count=4, fault=Fault.RULE) == ("warning",)
    assert of_faults({1: "warning", 2: "dtype-drift"}, count=4) == ()


# ---- nearly all cases -------------------------------------------------------------------------------------------


def test_more_than_a_quarter_of_the_cases_is_too_much_to_leave_unexplained():
    assert [cases for cases in range(1, 13) if is_nearly_all(cases - 1, cases)] == [*range(3, 13)]
    assert [is_nearly_all(*pair) for pair in ((12, 16), (11, 16), (26, 35), (18, 25))] == [True, False, False, False]


class SkipsPieceZero(Layer):
    """The maximum of all pieces but the first; the gradient goes to the place in the shorter list, which is often 0."""

    def __init__(self, in_features, out_features, pieces=2, rng=None):
        rng = rng or np.random.default_rng()
        self.params["weight"] = rng.normal(size=(pieces, out_features, in_features))
        self.params["bias"] = np.zeros((pieces, out_features))

    def forward(self, x):
        scores = np.einsum("ni,poi->npo", x, self.params["weight"]) + self.params["bias"]
        self.x, self.won = x, scores[:, 1:].argmax(1) if scores.shape[1] > 1 else np.zeros(scores[:, 0].shape, int)
        return scores[:, 1:].max(1).astype(x.dtype) if scores.shape[1] > 1 else scores[:, 0].astype(x.dtype)

    def backward(self, grad_out):
        pieces = np.arange(len(self.params["bias"]))
        sent = (self.won[:, None] == pieces[None, :, None]) * grad_out[:, None]
        self.grads["weight"] = np.einsum("npo,ni->poi", sent, self.x)
        self.grads["bias"] = sent.sum(0)
        return np.einsum("npo,poi->ni", sent, self.params["weight"]).astype(self.x.dtype)


@pytest.mark.parametrize("seed", [0, 1, 7])
def test_a_gradient_that_follows_from_an_unnamed_output_gets_no_name_that_fits_only_most_cases(seed):
    """With two pieces, the gradient goes to piece 0; "only the first piece is used" is the opposite of the mistake."""
    exercise = find("Maxout")
    result = judge(exercise, Here(SkipsPieceZero), [Answers(exercise, part, seed) for part in ("forward", "backward")])
    assert [(part.verdict, part.misconceptions) for part in result.parts] == [("failed", ()), ("failed", ())]


class VarianceForAlpha(BN):
    """The running mean shrinks by the running variance, which is 1 at first, instead of by α."""

    def update(self, mean, var):
        self.running_mean[...] = self.running_var * self.running_mean + (1 - self.running_var) * mean
        self.running_var[...] = self.alpha * self.running_var + (1 - self.alpha) * var


def test_a_mistake_that_looks_like_another_one_only_after_a_single_step_gets_no_name():
    exercise = find("BatchNorm2d")
    part = judge_part(Here(VarianceForAlpha), Answers(exercise, "running", 7))
    assert (part.verdict, "running-never-updated" in part.misconceptions) == ("failed", False)


EXTREME = [
    ("GroupNorm", "eps-as-floor"),
    ("LeakyReLU", "leaky-default"),
    ("LeakyReLU", "upstream-forgotten"),
    ("ELU", "upstream-forgotten"),
    ("CrossEntropyLoss", "binary-cross-entropy"),
    ("MaxPool2d", "gradient-overwritten"),
    ("Dropout", "divided-by-drop"),
]
"""Answers that differ from each altered oracle of their mistake at 0, at ties, or at extreme arguments."""


@pytest.mark.parametrize(("exercise", "name"), EXTREME, ids=map(".".join, EXTREME))
def test_a_mistake_that_is_written_differently_in_a_few_cases_is_still_named(exercise, name, monkeypatch):
    """The rule of every case alone would take each of these names away, from a part at least."""
    task = find(exercise)
    answers = [Answers(task, part.name, 7) for part in task.parts]
    written = [answer for mistake, answer in WRONG[exercise] if mistake == name]

    def parts_named():
        results = [judge(task, Here(answer), answers) for answer in written]
        return sum(name in part.misconceptions for result in results for part in result.parts)

    named = parts_named()
    monkeypatch.setattr("ncl_course.checking.naming.diagnose.is_nearly_all", lambda explained, cases: False)
    assert parts_named() < named
