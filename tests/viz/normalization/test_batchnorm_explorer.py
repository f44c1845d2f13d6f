"""The explorer of batch normalization: the input's place hardly matters, γ and β determine the output's."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from ncl_course.viz import batchnorm_explorer
from ncl_course.viz.normalization.batchnorm_explorer import (
    EPSILONS,
    LEFT,
    RIGHT,
    SPREADS,
    BatchnormExplorer,
    draw_normalized,
)
from ncl_course.viz.normalization.normalized import PENCIL, Normalized, normalized
from tests.viz.explored import same_picture, sentence, stands_inside


@pytest.fixture
def explorer() -> BatchnormExplorer:
    return batchnorm_explorer()


def rows(explorer: BatchnormExplorer) -> np.ndarray:
    """Return the places of the dots: X, X̂ and Y, with a column for each number."""
    dots = [line for line in explorer.ax.lines if line.get_linestyle() == "-" and line.get_marker() == "o"]
    return np.transpose([np.asarray(line.get_xdata(), float) for line in dots])


@pytest.mark.parametrize("eps", EPSILONS)
@pytest.mark.parametrize(("gamma", "beta"), [(1.0, 0.0), (-0.5, 3.0)])
def test_it_is_the_lectures_normalization(gamma: float, beta: float, eps: float) -> None:
    right = gamma * (PENCIL - 4) / np.sqrt(5 + eps) + beta
    assert normalized(PENCIL, gamma, beta, eps).y == pytest.approx(right)


def test_it_opens_with_the_pencils_numbers(explorer: BatchnormExplorer) -> None:
    x, x_hat, y = rows(explorer)
    assert x.tolist() == [1, 3, 5, 7]
    assert x_hat == pytest.approx([-1, -1 / 3, 1 / 3, 1])
    assert y.tolist() == pytest.approx([7, 9, 11, 13])
    assert sentence(explorer) == (
        "X: mean 4, standard deviation 2.24. Minus its mean and divided by 3, it becomes X̂: mean 0, standard deviation "
        "0.745. Y: mean 10, standard deviation 2.24."
    )


def test_a_moved_mean_moves_nothing_behind_the_normalization(explorer: BatchnormExplorer) -> None:
    before = rows(explorer)
    explorer.mean.value = -4
    after = rows(explorer)
    assert after[0].tolist() == [-7, -5, -3, -1]
    assert after[1:] == pytest.approx(before[1:])


def test_the_spread_is_forgotten_where_epsilon_is_small_and_not_where_it_is_large(explorer: BatchnormExplorer) -> None:
    explorer.spread.value = 2.0
    assert "standard deviation 0.913." in sentence(explorer)
    explorer.eps.value = 1e-5
    wide = rows(explorer)[2]
    explorer.spread.value = 1.0
    assert "standard deviation 1." in sentence(explorer)
    assert rows(explorer)[2] == pytest.approx(wide, abs=1e-4)


ENDS = {
    "same": ({"beta": 4}, "Y = X: the layer does nothing."),
    "moved on": ({"beta": 4, "mean": 5}, "Y: mean 4, standard deviation 2.24."),
    "constant": ({"spread": 0.0}, "All numbers of X are equal: only β is left."),
    "forgotten": ({"gamma": 0}, "With γ = 0 only β is left."),
    "reversed": ({"gamma": -3}, "With a negative γ the largest number becomes the smallest."),
}


@pytest.mark.parametrize(("moves", "said"), ENDS.values(), ids=ENDS)
def test_what_there_is_to_learn_is_said_in_the_end(
    explorer: BatchnormExplorer, moves: dict[str, float], said: str
) -> None:
    for control, value in moves.items():
        getattr(explorer, control).value = value
    assert sentence(explorer).endswith(said)


def test_equal_numbers_all_become_beta(explorer: BatchnormExplorer) -> None:
    explorer.spread.value = 0.0
    assert rows(explorer)[1].tolist() == [0] * 4
    assert rows(explorer)[2].tolist() == [10] * 4


def test_each_number_has_its_own_colour_and_a_bar_marks_every_mean() -> None:
    ax = Figure().subplots()
    dots = draw_normalized(Normalized(np.array([0.0, 2.0]), np.array([-1.0, 1.0]), np.array([3.0, 7.0]), 1.0), ax)
    assert [line.get_xdata().tolist() for line in dots] == [[0, -1, 3], [2, 1, 7]]
    assert [line.get_ydata().tolist() for line in dots] == [[2, 1, 0]] * 2
    assert len({line.get_color() for line in dots}) == 2
    assert [float(line.get_xdata()[0]) for line in ax.lines if line.get_marker() == "|"] == [1, 0, 5]
    assert [text.get_text() for text in ax.texts] == ["X", "1 ± 1", "X̂", "0 ± 1", "Y", "5 ± 2"]


@pytest.mark.parametrize(
    ("control", "value"), [("mean", -2), ("spread", 0.5), ("gamma", 1.5), ("beta", 0), ("eps", 0.1)]
)
def test_moving_a_slider_changes_picture_and_sentence_and_leaves_nothing_behind(
    explorer: BatchnormExplorer, control: str, value: float
) -> None:
    image, said, before = explorer.image.value, sentence(explorer), getattr(explorer, control).value
    getattr(explorer, control).value = value
    assert explorer.image.value != image
    assert sentence(explorer) != said
    getattr(explorer, control).value = before
    assert same_picture(explorer, batchnorm_explorer())


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_words_are_the_readers_and_all_numbers_stand_inside_at_every_end(
    lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NCL_LANG", lang)
    explorer = batchnorm_explorer()
    assert sentence(explorer).startswith("X: среднее 4, стандартное отклонение 2,24." if lang == "ru" else "X: mean 4,")
    explorer.spread.value, explorer.eps.value = SPREADS[-1], EPSILONS[0]
    for low in (True, False):
        for control in (explorer.mean, explorer.gamma, explorer.beta):
            control.value = control.min if low else control.max
        assert rows(explorer).min() > LEFT
        assert rows(explorer).max() < RIGHT
        stands_inside(explorer)
