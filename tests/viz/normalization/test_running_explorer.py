"""The explorer of the running mean: α determines how it follows the batches and how long its start counts."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from ncl_course.oracles.normalization.batchnorm import BatchNorm2d
from ncl_course.viz import running_explorer
from ncl_course.viz.normalization.running_explorer import (
    ALPHAS,
    STEPS,
    RunningExplorer,
    draw_running,
    mean_of_all,
    percent,
)
from tests.viz.explored import same_picture, sentence, stands_inside


@pytest.fixture
def explorer() -> RunningExplorer:
    return running_explorer()


def line(explorer: RunningExplorer) -> np.ndarray:
    return np.asarray(explorer.ax.lines[-1].get_ydata(), dtype=float)


@pytest.mark.parametrize("alpha", [0.0, 0.9, 1.0])
def test_the_line_is_the_oracles_running_mean(explorer: RunningExplorer, alpha: float) -> None:
    explorer.alpha.value = alpha
    layer = BatchNorm2d(1, alpha=alpha)
    right = [0.0]
    for mean in explorer.means:
        layer.forward(np.array([mean - 1, mean + 1]).reshape(2, 1, 1, 1))
        right.append(float(layer.running_mean[0]))
    assert line(explorer) == pytest.approx(right)


def test_alpha_0_is_the_last_batch_and_alpha_1_never_leaves_the_start(explorer: RunningExplorer) -> None:
    explorer.alpha.value = 0.0
    assert line(explorer)[1:] == pytest.approx(explorer.means)
    explorer.alpha.value = 1.0
    assert not line(explorer).any()
    assert "The start 0 still has a weight of 100%." in sentence(explorer)


def test_the_larger_alpha_the_smoother_the_line_and_the_later_it_arrives(explorer: RunningExplorer) -> None:
    jumps, ends = [], []
    for alpha in (0.5, 0.9, 0.99):
        explorer.alpha.value = alpha
        jumps.append(np.abs(np.diff(line(explorer)[-30:])).mean())
        ends.append(line(explorer)[20])
    assert jumps == sorted(jumps, reverse=True)
    assert ends == sorted(ends, reverse=True)


def test_the_sentence_tells_where_the_running_mean_is_and_where_it_belongs(explorer: RunningExplorer) -> None:
    explorer.alpha.value, explorer.steps.value = 0.5, 2
    first, second = explorer.means[:2]
    assert sentence(explorer) == (
        f"α = 0.5, step 2. The last batch's mean is {second:.3g}, the running mean is {first / 4 + second / 2:.3g}, "
        f"the mean of all digits is {mean_of_all():.3g}. The start 0 still has a weight of 25%. In "
        f"the last steps (3) the running mean lay between 0 and {first / 4 + second / 2:.3g}."
    )


@pytest.mark.parametrize(("control", "value"), [("alpha", 0.99), ("steps", 10)])
def test_moving_a_slider_changes_picture_and_sentence(explorer: RunningExplorer, control: str, value: float) -> None:
    image, said = explorer.image.value, sentence(explorer)
    getattr(explorer, control).value = value
    assert explorer.image.value != image
    assert sentence(explorer) != said


def test_dots_are_the_batches_and_the_dotted_line_is_the_whole_set() -> None:
    ax = Figure().subplots()
    dots, running = draw_running(np.array([4.0, 4.0]), 0.75, 3.0, ax)
    assert dots.get_ydata().tolist() == [4, 4]
    assert running.get_ydata().tolist() == pytest.approx([0, 1, 1.75])
    assert list(ax.lines[0].get_ydata()) == [3, 3]


@pytest.mark.parametrize(
    ("share", "said"), [(1.0, "100"), (0.366, "37"), (2.656e-5, "0.0027"), (1e-9, "< 0.001"), (0.0, "0")]
)
def test_a_share_is_told_with_two_digits(share: float, said: str) -> None:
    assert percent(share) == f"{said}%"


def test_all_of_it_is_in_sight_at_every_alpha(explorer: RunningExplorer) -> None:
    low, high = explorer.ax.get_ylim()
    assert [value for _, value in explorer.alpha.options] == list(ALPHAS)
    assert explorer.steps.max == STEPS
    assert low <= 0 < explorer.means.max() < high


def test_a_frame_leaves_nothing_of_the_one_before(explorer: RunningExplorer) -> None:
    explorer.alpha.value = 0.5
    explorer.alpha.value = 0.9
    assert same_picture(explorer, running_explorer())


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_words_are_the_readers_and_stand_inside(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NCL_LANG", lang)
    explorer = running_explorer()
    assert ("α = 0,9, шаг 100." in sentence(explorer)) == (lang == "ru")
    stands_inside(explorer)
