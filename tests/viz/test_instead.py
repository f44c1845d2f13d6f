"""Cells that need the student's code show a note if it is not written, and never stop a notebook."""

from __future__ import annotations

import pytest

from ncl_course.language import language
from ncl_course.nn import SGD, Layer
from ncl_course.viz import instead, show_images, when_written


@pytest.fixture
def shown(monkeypatch):
    """Collect everything that a notebook would show."""
    sentences = []
    monkeypatch.setattr(instead, "show", sentences.append)
    return sentences


def missing():
    raise NotImplementedError


def broken():
    raise ValueError("shapes (2,) and (3,)\nand more")


def test_what_is_written_is_done():
    assert when_written(lambda: 7) == 7


@pytest.mark.parametrize(
    ("action", "said"), [(missing, "not written yet"), (broken, "ValueError: shapes (2,) and (3,). Its check")]
)
def test_what_is_not_right_yet_is_said(action, said, shown):
    assert when_written(action) is None
    assert said in shown[0]


def test_a_cell_that_defines_a_name_and_has_not_run_is_no_error_of_the_students_code(shown):
    assert when_written(lambda: build_cnn) is None  # noqa: F821 - nothing defines it
    assert shown[0].startswith("build_cnn is not defined yet: run the cell that defines it")


def test_an_error_of_a_picture_of_the_course_is_not_called_the_students(shown):
    when_written(lambda: show_images([1], [0], ()))
    assert "did not arise in your code" in shown[0]
    assert "Your code raised" not in shown[0]


def test_what_needs_an_earlier_cell_waits_for_it(shown):
    assert when_written(lambda: 7, None) is None
    assert "not written yet" in shown[0]


def test_an_error_without_words_is_said_too(shown):
    def silent():
        raise ValueError

    when_written(silent)
    assert "ValueError" in shown[0]


def test_an_error_of_a_given_piece_is_said_in_the_readers_language(shown):
    language("ru")
    when_written(lambda: SGD(Layer(), lr=-1))
    assert "ValueError: SGD ждёт темп обучения (learning rate) не меньше 0, а получил lr=-1" in shown[0]


def test_a_note_is_a_picture_in_a_notebook_and_a_line_elsewhere(monkeypatch, capsys):
    when_written(missing)
    said = capsys.readouterr().out.strip()
    assert said.startswith("Code that this cell needs is not written yet")

    displayed = []
    monkeypatch.setattr(instead, "in_notebook", lambda: True)
    monkeypatch.setattr("IPython.display.display", displayed.append)
    when_written(missing)
    assert [picture.alt for picture in displayed] == [said]
