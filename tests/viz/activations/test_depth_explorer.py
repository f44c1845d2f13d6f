"""The depth explorer without a browser: ten layers with any activation and scale of weights."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from ncl_course.experiments.deep_toy import LAYERS, measure_depth
from ncl_course.viz import depth_explorer
from ncl_course.viz.activations.depth_explorer import ACTIVATIONS, draw_gradients, draw_spread, measured
from tests.viz.inside import words_that_leave


def ratio(name: str, scale: float) -> float:
    gradients = measured(name, scale).gradients
    return float(gradients[0] / gradients[-1])


def test_it_opens_at_a_sigmoid_that_loses_the_gradient() -> None:
    explorer = depth_explorer()
    assert "Sigmoid, weights N(0, 1.0²/100)" in explorer.picture.alt
    assert explorer.picture.alt.endswith("2.1·10⁻⁶ times as long as in layer 10: it vanishes on its way down.")


@pytest.mark.parametrize(
    ("name", "scale", "words"),
    [
        ("ReLU", 1.0, "vanishes"),
        ("ReLU", 1.4, "it does not vanish"),
        ("ReLU", 2.0, "explodes"),
        ("Tanh", 4.0, "47 times as long as in layer 10: it explodes"),
        ("Sigmoid", 4.0, "0.012 times as long as in layer 10: it vanishes"),
    ],
)
def test_both_controls_change_picture_and_sentence(name: str, scale: float, words: str) -> None:
    explorer = depth_explorer("ELU", 0.5)
    before = explorer.image.value
    explorer.name.value, explorer.scale.value = name, scale
    assert explorer.image.value != before
    assert words in explorer.picture.alt


def test_the_lessons_answers_are_measured() -> None:
    assert all(ratio("Sigmoid", scale / 10) < 0.1 for scale in range(5, 41)), "no scale brings it through"
    assert 0.5 < ratio("ReLU", 1.4) < 2
    assert 40 < ratio("Tanh", 4.0) < 50


def test_without_a_scale_the_weights_are_those_of_the_picture_at_a_glance() -> None:
    assert np.array_equal(measure_depth("Tanh").gradients, measure_depth("Tanh", scale=1.0).gradients)
    assert np.array_equal(measure_depth("ReLU").gradients, measure_depth("ReLU", scale=np.sqrt(2)).gradients)


def test_a_histogram_counts_every_activation_and_its_ends_are_named() -> None:
    ax = Figure().subplots()
    steps = draw_spread(np.array([[-0.5, 0.0, 0.0], [0.0, 0.25, 1.5]]), ax)
    assert steps.get_data().values.sum() == 6
    assert [label.get_text() for label in ax.get_xticklabels()] == ["−0.5", "1.5"]


def test_gradients_are_drawn_as_powers_of_ten_below_that_of_the_top_layer() -> None:
    (line,) = draw_gradients(10.0 ** np.arange(-LAYERS, 0), Figure().subplots())
    assert line.get_ydata() == pytest.approx(np.arange(-9, 1))


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("scale", [0.5, 4.0])
def test_every_gradient_stays_on_the_axes_and_every_word_on_the_page(
    name: str, scale: float, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NCL_LANG", lang)
    explorer = depth_explorer(name, scale)
    assert any("а" <= letter <= "я" for letter in explorer.picture.alt) == (lang == "ru")
    low, high = explorer.right.get_ylim()
    powers = np.asarray(explorer.right.lines[-1].get_ydata())
    assert low < powers.min() <= powers.max() < high
    assert words_that_leave(explorer.picture) == []
