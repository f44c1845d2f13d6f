"""A student's images and diagnoses are drawn as they are."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.experiments.by_torch.patients import DIAGNOSES
from ncl_course.viz import instead, show_diagnosis, show_images, three_patients


@pytest.fixture
def shown(monkeypatch):
    """Collect everything that a notebook would show."""
    sentences = []
    monkeypatch.setattr(instead, "show", sentences.append)
    return sentences


def missing():
    raise NotImplementedError


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
    assert "not written" in shown[0]


def test_there_are_three_patients():
    assert [patient.__name__ for patient in three_patients()] == ["PatientA", "PatientB", "PatientC"]
