"""The right answers of a part are kept, and a free case is compared with the right answer nearest to the student's."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.checking.answers import Answers, generator
from ncl_course.checking.verdict import Fault
from ncl_course.exercises import find
from ncl_course.nn import Layer
from ncl_course.protocol.play import play

SEED = 11


@pytest.fixture(scope="module")
def relu():
    return Answers(find("ReLU"), "backward", SEED)


@pytest.fixture(scope="module")
def dropout():
    return Answers(find("Dropout"), "backward", SEED)


def numbers(answers, *, free):
    """Return the numbers of the cases that are free, or of those that are not."""
    return [number for number, case in enumerate(answers.cases) if case.free is free]


def misconception(answers, name):
    """Return the number of the first misconception with that name."""
    return [one.name for one in answers.exercise.misconceptions].index(name)


class SlopeOneAtZero(Layer):
    """A valid subgradient, but not torch's."""

    def forward(self, x):
        self.x = x
        return np.maximum(x, 0)

    def backward(self, grad_out):
        return grad_out * (self.x >= 0)


class SlopeTwoAtZero(SlopeOneAtZero):
    """Not a valid subgradient."""

    def backward(self, grad_out):
        return super().backward(grad_out) * (1 + (self.x == 0))


class KeepsOthers(Layer):
    """Inverted dropout with masks that are not the oracle's, and with a wrong scale if ``scale`` is not 1."""

    scale = 1.0

    def __init__(self, keep_prob, rng=None):
        self.p, self.rng = keep_prob, rng or np.random.default_rng()

    def forward(self, x):
        self.trained = self.training
        if not self.training:
            return x
        self.mask = self.rng.permuted(self.rng.random(x.shape)) < self.p
        return x * self.mask / self.p

    def backward(self, grad_out):
        return grad_out * self.mask / self.p * self.scale if self.trained else grad_out


class ScaledOnceMore(KeepsOthers):
    """The mistake of ``Dropout.backward-not-scaled``, with masks of its own."""

    def backward(self, grad_out):
        return grad_out * self.mask if self.trained else grad_out


def test_a_free_case_accepts_every_right_answer_and_no_other(relu):
    for number in numbers(relu, free=True):
        trace = play(SlopeOneAtZero, relu.cases[number].script)
        assert relu.difference(number, trace) is None
        wrong = relu.difference(number, play(SlopeTwoAtZero, relu.cases[number].script))
        assert wrong.fault is Fault.VALUES


def test_a_free_case_is_compared_with_the_nearest_right_answer(relu):
    number = numbers(relu, free=True)[0]
    case = relu.cases[number]
    x, g = case.script[1].args[0].values, case.script[2].args[0].values
    found = relu.difference(number, play(SlopeTwoAtZero, case.script))
    assert found.expected[x == 0].tolist() == g[x == 0].tolist()


def test_a_case_with_a_single_right_answer_does_not_adapt_to_the_student(relu):
    for number in numbers(relu, free=False):
        trace = play(SlopeOneAtZero, relu.cases[number].script)
        assert relu.adapted(number, trace) is relu.right[number]


def test_a_misconception_about_a_mask_is_played_with_the_students_own_mask(dropout):
    number = numbers(dropout, free=True)[0]
    wrong = misconception(dropout, "backward-not-scaled")
    trace = play(ScaledOnceMore, dropout.cases[number].script)
    beside = dropout.altered_beside(wrong, number, trace)
    judged = [i for i, step in enumerate(dropout.cases[number].script) if step.label and step.rule is None]
    assert judged
    for step in judged:
        np.testing.assert_allclose(beside[step].value, trace[step].value)
    alone = dropout.altered(wrong, number)
    assert not all(np.array_equal(alone[step].value, trace[step].value) for step in judged)


def test_a_misconception_that_does_not_depend_on_the_student_is_played_once(relu):
    for number in (*numbers(relu, free=False)[:1], *numbers(relu, free=True)[:1]):
        trace = play(SlopeOneAtZero, relu.cases[number].script)
        assert relu.altered_beside(0, number, trace) is relu.altered(0, number)


def test_the_difference_of_a_misconception_is_computed_once_and_kept(relu):
    number, wrong = numbers(relu, free=False)[0], misconception(relu, "upstream-forgotten")
    first = relu.altered_difference(wrong, number)
    assert first.fault is Fault.VALUES
    assert relu.altered_difference(wrong, number) is first


def test_a_misconception_shows_only_where_it_is_wrong(relu):
    stale = misconception(relu, "stale-cache")
    shown = {case.name for number, case in enumerate(relu.cases) if relu.shows(stale, number)}
    assert "latest-forward" in shown
    assert "both-signs" not in shown


def test_a_misconception_does_not_show_in_a_free_case_in_which_its_answer_is_right():
    answers = Answers(find("MaxPool2d"), "backward", SEED)
    to_all, free = misconception(answers, "gradient-to-all-maxima"), numbers(answers, free=True)
    assert any(answers.shows(to_all, number) for number in free)
    assert all(answers.difference(number, answers.right[number]) is None for number in free)


def test_each_part_draws_from_its_own_generator():
    draws = {generator(3, *names).integers(2**62) for names in (("ReLU", "forward"), ("ReLU", "backward"), ("ELU",))}
    assert len(draws) == 3
    assert generator(3, "ReLU").integers(2**62) == generator(3, "ReLU").integers(2**62)
