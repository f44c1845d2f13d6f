"""The activation explorer without a browser: the curve, its slope at x, alpha, and the feature map."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from ncl_course.viz import activation_explorer
from ncl_course.viz.activations.curves import alpha_slope, curve
from ncl_course.viz.activations.curves_explorer import CURVES, ActivationExplorer, curve_in_words, draw_curve, draw_map
from ncl_course.viz.photo import edge_map
from tests.viz.inside import words_that_leave


@pytest.fixture
def explorer() -> ActivationExplorer:
    return activation_explorer()


def test_it_opens_at_a_leaky_relu_below_0(explorer: ActivationExplorer) -> None:
    assert explorer.picture.alt.startswith(
        "LeakyReLU at x = −2: the value is −0.2; of a gradient of 1, 0.1 comes back. The slope is below"
    )


def test_alpha_bends_the_curve_and_the_feature_map(explorer: ActivationExplorer) -> None:
    before = explorer.image.value
    explorer.alpha.value = 0.5
    assert explorer.image.value != before
    assert "the value is −1; of a gradient of 1, 0.5 comes back" in explorer.picture.alt
    drawn = np.asarray(explorer.after.images[0].get_array())
    assert np.allclose(drawn, np.where(explorer.map < 0, explorer.map / 2, explorer.map))


def test_each_activation_begins_at_its_own_alpha_and_one_without_leaves_the_slider_off(
    explorer: ActivationExplorer,
) -> None:
    for name, alpha in (("ELU", 1.0), ("PReLU", 0.25), ("LeakyReLU", 0.1)):
        explorer.name.value = name
        assert (explorer.alpha.value, explorer.alpha.disabled) == (alpha, False)
        assert explorer.ax.get_title() == f"{name}, alpha = {alpha:g}"
    for name in ("Sigmoid", "Tanh", "ReLU", "Maxout"):
        explorer.name.value = name
        assert explorer.alpha.disabled
        assert explorer.ax.get_title() == name


def test_a_relu_leaves_nothing_negative_and_a_third_of_the_map_without_a_gradient(explorer: ActivationExplorer) -> None:
    explorer.name.value = "ReLU"
    assert np.asarray(explorer.after.images[0].get_array()).min() == 0
    share = 100 * (explorer.map <= 0).mean()
    assert f"In {share:.0f}% of the feature map's cells" in explorer.picture.alt
    assert share > 30


def test_frames_do_not_pile_up(explorer: ActivationExplorer) -> None:
    count = len(explorer.picture.findobj())
    for x in (-1.0, 0.0, 1.0):
        explorer.x.value = x
    assert len(explorer.picture.findobj()) == count


def test_a_place_on_the_curve_is_marked_with_its_value_and_its_slope() -> None:
    *_, value, slope = draw_curve("ELU", (2.0,), -np.log(2), Figure().subplots())
    assert value.get_ydata() == pytest.approx([-1])
    assert slope.get_ydata() == pytest.approx([1])


def test_a_prelu_answers_to_its_alpha_with_x_below_0_alone() -> None:
    assert alpha_slope(0.25, np.array([-3.0, -0.5, 2.0])) == pytest.approx([-3, -0.5, 0])
    assert "the derivative of the value with respect to alpha is −3 here" in curve_in_words(
        "PReLU", (0.25,), -3.0, np.ones(1)
    )
    assert curve("PReLU", 0.4, x=np.array([-2.0, 2.0]))[0] == pytest.approx([-0.8, 2])


def test_a_map_is_drawn_with_0_in_the_middle_of_its_colours() -> None:
    image = draw_map(np.array([[-1.0, 0.0, 1.0]]), Figure().subplots(), "words")
    assert (image.norm(0.0), image.norm(3.0)) == (0.5, 1)  # type: ignore[comparison-overlap]


def test_the_filter_answers_at_edges_with_both_signs() -> None:
    photo = np.zeros((2, 6, 3))
    photo[:, 2:4] = 1
    assert edge_map(photo).tolist() == [[0, 1, 1, -1, -1, 0]] * 2


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("name", CURVES)
def test_every_activation_is_said_in_the_readers_language_and_stays_on_the_page(
    name: str, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NCL_LANG", lang)
    explorer = activation_explorer(name)
    assert any("а" <= letter <= "я" for letter in explorer.picture.alt) == (lang == "ru")
    assert explorer.picture.alt.startswith(name)
    assert words_that_leave(explorer.picture) == []
