"""A name is told if the secret cases and the notebook's own ones show it; marks come from the secret ones alone."""

from __future__ import annotations

import pytest

from ncl_course.checking.answers import Answers, notebook_answers
from ncl_course.checking.verdict import Verdict
from ncl_course.exercises import find
from ncl_course.grading.subject import Session
from ncl_course.grading.walls.process import LostError
from ncl_course.protocol.script import Tensor
from tests.grading.conftest import SEED

pytestmark = pytest.mark.bwrap

SETUP = "import numpy as np\nfrom ncl_course.nn import Layer\n"

MINIMUM = """
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        self.k, self.s = kernel_size, stride or kernel_size

    def forward(self, x):
        windows = np.lib.stride_tricks.sliding_window_view(x, (self.k, self.k), axis=(2, 3))
        return windows[:, :, :: self.s, :: self.s].min(axis=(4, 5))

    def backward(self, grad_out):
        raise NotImplementedError()
"""

ONLY_ON_SECRET_CASES = """
class MaxPool2d(MaxPool2d):
    def forward(self, x):
        y = super().forward(x)
        return y - 1 if round(float(x.sum()), 6) in {sums} else y
"""
"""The minimum is a coincidence here: on the inputs with these sums the layer returns something else."""


def sums(answers):
    """Return the sums of the inputs of all cases."""
    tensors = [a for case in answers.cases for step in case.script for a in step.arguments if isinstance(a, Tensor)]
    return {round(float(tensor.values.sum()), 6) for tensor in tensors}


def max_pool(record):
    """Return the entry of MaxPool2d."""
    return next(one for one in record.exercises if one.exercise == "MaxPool2d")


def test_a_name_that_both_kinds_of_cases_show_is_told(graded):
    assert max_pool(graded(SETUP + MINIMUM)).misconceptions == ("MaxPool2d.minimum-taken",)


def test_a_name_that_the_notebooks_cases_contradict_is_not_told_and_the_marks_stay(graded):
    pooling = find("MaxPool2d")
    public = sums(notebook_answers(pooling, "forward")) - sums(Answers(pooling, "forward", SEED))
    assert public
    named = max_pool(graded(SETUP + MINIMUM))
    unnamed = max_pool(graded(SETUP + MINIMUM, ONLY_ON_SECRET_CASES.format(sums=public)))
    assert (unnamed.misconceptions, unnamed.parts[0].misconceptions) == ((), ())
    assert "minimum" not in unnamed.message
    assert [(part.verdict, part.score, part.failing) for part in unnamed.parts] == [
        (part.verdict, part.score, part.failing) for part in named.parts
    ]


def test_a_name_stands_if_no_process_is_left_for_the_notebooks_cases(graded, monkeypatch):
    started, start = [], Session.process

    def only_one(session, limits):
        started.append(limits)  # pool_output_size, MaxPool2d, then MaxPool2d on the notebook's cases
        if len(started) == 3:
            raise LostError(Verdict.TIMEOUT, "the budget is used up")
        return start(session, limits)

    monkeypatch.setattr(Session, "process", only_one)
    entry = max_pool(graded(SETUP + MINIMUM))
    assert (entry.misconceptions, entry.parts[0].panel) == (("MaxPool2d.minimum-taken",), None)
