"""A student's own layer on the photograph: its picture if it works, and a sentence if it does not."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.language import language
from ncl_course.nn import Layer
from ncl_course.viz import show_own_layer
from ncl_course.viz.picture import Picture
from ncl_course.viz.pooling.own_layer import draw_own_layer
from tests.answers.pooling_right import ShiftedSlices

PHOTO = np.random.default_rng(0).random((8, 12, 3))


class Unwritten(Layer):
    def __init__(self, kernel_size):
        pass


class Broken(Layer):
    def __init__(self, kernel_size):
        pass

    def forward(self, x):
        return x[0, 0]


def drawn(layer):
    return draw_own_layer(layer, 2, PHOTO, Picture(2, 2, "").place(0, 0, 2, 2))


def words(said):
    return " ".join(said.get_text().split())


def test_what_the_layer_returns_is_drawn_and_its_shape_said():
    image = drawn(ShiftedSlices)
    assert np.array_equal(image.get_array(), PHOTO.reshape(4, 2, 6, 2, 3).max((1, 3)))
    assert image.axes.get_title() == "yours 2×2 → 4×6"


@pytest.mark.parametrize(("lang", "said"), [("en", "not written yet"), ("ru", "ещё не написано")])
def test_a_layer_that_is_not_written_is_said_gently(lang, said):
    language(lang)
    assert words(drawn(Unwritten)) == said


def test_a_layer_that_returns_no_picture_is_said_and_nothing_raises():
    assert words(drawn(Broken)) == "shape (8, 12) is not a picture"


def test_the_figure_holds_the_photo_and_one_picture_for_each_kernel_size():
    picture = show_own_layer(ShiftedSlices, PHOTO, pools=(2, 4))
    assert [ax.get_title() for ax in picture.axes] == ["original 8×12", "yours 2×2 → 4×6", "yours 4×4 → 2×3"]
    assert picture.alt == "A photograph, and the output of ShiftedSlices for it with the kernel sizes 2, 4."
