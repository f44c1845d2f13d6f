"""An exception of a student's layer gets the name of its mistake, and shapes in its message get their axes."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.checking import render
from ncl_course.checking.answers import Answers
from ncl_course.checking.run import Here, judge
from ncl_course.exercises import find
from ncl_course.language import language
from ncl_course.nn import Layer
from tests.answers.activations_right import MaximumReLU
from tests.answers.pooling_right import LastMaximum


class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        self.k, self.s = kernel_size, stride or kernel_size

    def forward(self, x):
        N, C, H, W = x.shape
        self.x = x
        y = np.zeros((N, C, *self.sizes(H, W)), x.dtype)
        for i in range(y.shape[2]):
            for j in range(y.shape[3]):
                window = x[:, :, i * self.s : i * self.s + self.k, j * self.s : j * self.s + self.k]
                y[:, :, i, j] = self.reduced(window)
        return y

    def sizes(self, H, W):
        return (H - self.k) // self.s + 1, (W - self.k) // self.s + 1

    def reduced(self, window):
        return window.mean((2, 3))


class NoSelf(AvgPool2d):
    def reduced(self, window):
        return window.sum((2, 3)) / kernel_size**2  # noqa: F821 - the mistake


class SelfNotInBrackets(AvgPool2d):
    def reduced(window):  # noqa: N805 - the mistake
        return window.mean((2, 3))


class NotKept(AvgPool2d):
    def reduced(self, window):
        return window.sum((2, 3)) / self.kernel_size**2


class Undefined(AvgPool2d):
    def reduced(self, window):
        return averaged(window)  # noqa: F821 - the mistake


class HelperWithoutReturn(AvgPool2d):
    def reduced(self, window):
        return self.summed(window) / self.k**2

    def summed(self, window):
        window.sum((2, 3))


class WithoutReturn(AvgPool2d):
    def forward(self, x):
        super().forward(x)


class IfOnArray(AvgPool2d):
    def reduced(self, window):
        mean = window.mean((2, 3))
        return np.maximum(mean, 0) if mean > 0 else mean


class FloatSize(AvgPool2d):
    def sizes(self, H, W):
        return (H - self.k) / self.s + 1, (W - self.k) / self.s + 1


class FloatIndex(AvgPool2d):
    def reduced(self, window):
        return window[:, :, self.k / 2, 0]


class WrongAxes(AvgPool2d):
    def reduced(self, window):
        return window.mean((0, 1))


def result(name, answer, part="forward"):
    exercise = find(name)
    answer.__name__ = name
    return judge(exercise, Here(answer), [Answers(exercise, part, 0)])


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (NoSelf, "self-forgotten"),
        (SelfNotInBrackets, "self-forgotten"),
        (NotKept, "attribute-not-kept"),
        (Undefined, "name-undefined"),
        (HelperWithoutReturn, "none-used"),
        (WithoutReturn, "return-forgotten"),
        (IfOnArray, "if-on-array"),
        (FloatSize, "float-as-index"),
        (FloatIndex, "float-as-index"),
        (WrongAxes, "shapes-do-not-fit"),
    ],
)
def test_an_exception_gets_the_name_of_its_mistake(answer, name):
    assert result("AvgPool2d", answer).misconceptions == (f"AvgPool2d.{name}",)


def test_both_shapes_are_shown_with_their_axes():
    class MaxPool2d(LastMaximum):
        def forward(self, x):
            return x + np.zeros((x.shape[1], 1000))

    language("en")
    shown = render.plain(result("MaxPool2d", MaxPool2d))
    assert "has the axes (N, C, H, W)" in shown or "(N/C" in shown
    assert ", 1000)" in shown


def test_an_exception_of_another_kind_gets_no_name():
    class ReLU(MaximumReLU):
        def forward(self, x):
            raise ValueError("x is not to my taste")

    assert result("ReLU", ReLU).misconceptions == ()
