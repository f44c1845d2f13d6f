"""A student's code in a picture: its result is drawn, and a sentence replaces any error."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.errors import NoTorchError
from ncl_course.language import language, text
from ncl_course.nn import Conv2d
from ncl_course.viz.picture import Picture
from ncl_course.viz.students_code import NotDrawableError, Tried, name_of, tried, write_instead


def raising(error):
    def action():
        raise error

    return action


def test_what_went_well_is_handed_on():
    assert tried(lambda: 7) == Tried(7)


def test_without_torch_the_cell_says_so_in_one_line_and_no_picture_is_left():
    with pytest.raises(NoTorchError, match="not installed here"):
        tried(raising(NoTorchError(text("course.no_torch", "en"))))


@pytest.mark.parametrize(("lang", "said"), [("en", "not written yet"), ("ru", "ещё не написано")])
def test_code_that_is_not_written_yet_is_missing_and_no_error(lang, said):
    language(lang)
    assert tried(raising(NotImplementedError())) == Tried(trouble=said, missing=True)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError("shapes (2,) and (3,)"), "ValueError: shapes (2,) and (3,)"),
        (ValueError(), "ValueError"),
        (KeyError("weight"), "KeyError: 'weight'"),
        (NotDrawableError("the answer is a cube"), "the answer is a cube"),
    ],
)
def test_whatever_is_raised_is_said(error, said):
    assert tried(raising(error)) == Tried(trouble=said)


def test_an_error_of_a_given_piece_is_said_in_the_readers_language():
    language("ru")
    assert tried(lambda: Conv2d(3, 4, 3)(np.zeros((2, 8, 8)))).trouble.startswith("ValueError: Conv2d ждёт x формы")


@pytest.mark.parametrize("error", [KeyboardInterrupt("stop"), SystemExit("stop")])
def test_an_interruption_is_no_error_of_a_student(error):
    with pytest.raises(type(error), match="stop"):
        tried(raising(error))


def test_a_long_sentence_is_written_in_lines_that_stay_in_their_place():
    picture = Picture(2, 2, "")
    ax = picture.place(0.05, 0.05, 1.9, 1.9)
    said = write_instead(ax, "operands could not be broadcast together with shapes (1,8,8) (8,) " * 9, 20)
    picture.canvas.draw()
    box, room = said.get_window_extent(), ax.get_window_extent()
    assert room.x0 <= box.x0 <= box.x1 <= room.x1
    assert room.y0 <= box.y0 <= box.y1 <= room.y1
    assert said.get_text().endswith("…")


def test_a_class_has_its_name_and_anything_else_a_question_mark():
    assert (name_of(Picture), name_of(7)) == ("Picture", "?")
