"""The softmax explorer without a browser: bars of logits and of probabilities, and the comparison of two classes."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from ncl_course.viz import softmax_explorer
from ncl_course.viz.linear.softmax_explorer import SoftmaxExplorer, draw_bars, softmax_in_words
from ncl_course.viz.palette import window_colour
from tests.viz.inside import words_that_leave


@pytest.fixture
def explorer() -> SoftmaxExplorer:
    return softmax_explorer()


def heights(explorer: SoftmaxExplorer) -> list[float]:
    return [bar.get_height() for bar in explorer.right.patches]  # type: ignore[attr-defined]


def drag(explorer: SoftmaxExplorer, *logits: float) -> None:
    for one, value in zip(explorer.logits, logits, strict=True):
        one.value = value


def test_it_opens_with_the_probabilities_of_its_logits(explorer: SoftmaxExplorer) -> None:
    assert explorer.picture.alt == (
        "Probabilities 0.644; 0.237; 0.087; 0.032; their sum is 1. "
        "Class 1 is 2.7 times as probable as class 2: e to the power of 1 / 1."
    )
    assert heights(explorer) == pytest.approx([0.644, 0.237, 0.087, 0.032], abs=5e-4)


def test_a_logit_lifts_its_own_probability_and_lowers_the_others(explorer: SoftmaxExplorer) -> None:
    before, image = heights(explorer), explorer.image.value
    explorer.logits[2].value = 4.0
    assert explorer.image.value != image
    assert [after > was for after, was in zip(heights(explorer), before, strict=True)] == [False, False, True, False]
    assert "Class 3 is 7.4 times as probable as class 1: e to the power of 2 / 1." in explorer.picture.alt


def test_only_differences_count_and_only_their_quotient_by_the_temperature(explorer: SoftmaxExplorer) -> None:
    before = heights(explorer)
    drag(explorer, 1.0, 0.0, -1.0, -2.0)
    assert heights(explorer) == pytest.approx(before)
    drag(explorer, 4.0, 2.0, 0.0, -2.0)
    explorer.temperature.value = 2.0
    assert heights(explorer) == pytest.approx(before)
    assert explorer.right.get_title() == "probabilities at T = 2"


def test_even_the_last_one_is_never_0(explorer: SoftmaxExplorer) -> None:
    drag(explorer, 5.0, 5.0, 5.0, -5.0)
    explorer.temperature.value = explorer.temperature.min
    assert heights(explorer)[3] == pytest.approx(np.exp(-40) / 3)
    assert explorer.picture.alt.endswith("Classes 1 and 2 have the same logit and are equally probable.")


def test_a_bar_has_the_colour_of_its_class_and_its_number_beyond_its_end() -> None:
    ax = Figure().subplots()
    bars = draw_bars([2.0, -1.0], ["2", "−1"], ax)
    assert [bar.get_height() for bar in bars] == [2, -1]
    assert [bar.get_facecolor() for bar in ax.bar([0, 1], [1, 1], color=[window_colour(0), window_colour(1)])] == [
        bar.get_facecolor() for bar in bars
    ]
    assert [(said.get_text(), said.get_va()) for said in ax.texts] == [("2", "bottom"), ("−1", "top")]


@pytest.mark.parametrize("temperature", [0.25, 5.0])
@pytest.mark.parametrize("logits", [(5.0, -5.0, -5.0, -5.0), (5.0, 5.0, 5.0, 5.0), (-5.0, -5.0, -5.0, -5.0)])
def test_the_ends_of_the_sliders_stay_on_the_page_and_are_said_in_russian(
    logits: tuple[float, ...], temperature: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NCL_LANG", "ru")
    explorer = softmax_explorer(logits)
    explorer.temperature.value = temperature
    assert explorer.picture.alt.startswith("Вероятности ")
    assert words_that_leave(explorer.picture) == []


def test_a_ratio_of_many_digits_is_said_as_a_power_of_ten() -> None:
    p = np.array([1.0, np.exp(-40)])
    assert "Class 1 is 2.4·10¹⁷ times as probable" in softmax_in_words(np.array([5.0, -5.0]), p, 0.25)
