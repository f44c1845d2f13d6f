"""Cells that need the student's code show a note if it is not written, and never stop a notebook."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.experiments.by_torch.patients import DIAGNOSES
from ncl_course.language import language
from ncl_course.nn import SGD, Layer
from ncl_course.viz import show_diagnosis, show_images, three_patients, when_written
from ncl_course.viz.training import own_network


@pytest.fixture
def shown(monkeypatch):
    """Collect everything that a notebook would show."""
    pictures = []
    monkeypatch.setattr(own_network, "display", pictures.append)
    return pictures


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
    assert said in shown[0].alt


def test_a_cell_that_defines_a_name_and_has_not_run_is_no_error_of_the_students_code(shown):
    assert when_written(lambda: build_cnn) is None  # noqa: F821 - nothing defines it
    assert shown[0].alt.startswith("build_cnn is not defined yet: run the cell that defines it")


def test_an_error_of_a_picture_of_the_course_is_not_called_the_students(shown):
    when_written(lambda: show_images([1], [0], ()))
    assert "did not arise in your code" in shown[0].alt
    assert "Your code raised" not in shown[0].alt


def test_what_needs_an_earlier_cell_waits_for_it(shown):
    assert when_written(lambda: 7, None) is None
    assert "not written yet" in shown[0].alt


def test_an_error_without_words_is_said_too(shown):
    def silent():
        raise ValueError

    when_written(silent)
    assert "ValueError" in shown[0].alt


def test_an_error_of_a_given_piece_is_said_in_the_readers_language(shown):
    language("ru")
    when_written(lambda: SGD(Layer(), lr=-1))
    assert "ValueError: SGD ждёт темп обучения (learning rate) не меньше 0, а получил lr=-1" in shown[0].alt


@pytest.mark.parametrize("channels", [1, 3])
def test_images_are_drawn_with_their_classes(channels):
    x = np.random.default_rng(0).random((5, channels, 4, 4))
    picture = show_images(x, np.array([1, 0, 1, 1, 0]), ("cat", "dog"), columns=3, rows=2)
    assert [ax.get_title() for ax in picture.axes] == ["dog", "cat", "dog", "dog", "cat"]
    shown = picture.axes[0].images[0].get_array()
    np.testing.assert_allclose(shown, np.moveaxis(x[0], 0, -1).squeeze() if channels == 1 else np.moveaxis(x[0], 0, -1))


def test_a_diagnosis_is_marked_without_being_told(shown):
    picture = show_diagnosis(lambda: {"A": DIAGNOSES["A"], "B": 1})
    assert "Patient A: diagnosed." in picture.alt
    assert "Patient B: not this one" in picture.alt
    assert "Patient C: not this one" in picture.alt
    assert show_diagnosis(missing) is None
    assert "not written" in shown[0].alt


def test_there_are_three_patients():
    assert [patient.__name__ for patient in three_patients()] == ["PatientA", "PatientB", "PatientC"]
