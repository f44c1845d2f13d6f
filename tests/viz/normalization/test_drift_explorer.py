"""The explorer of drifting distributions: frames of a real training, with the start behind each of them."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from ncl_course.viz import drift_explorer
from ncl_course.viz.normalization.drift_explorer import (
    LAYERS,
    DriftExplorer,
    draw_distribution,
    edges_of,
    mean_and_width,
)
from ncl_course.viz.normalization.trials import FRAMES, MOMENTS, drifting
from tests.viz.explored import same_picture, sentence, stands_inside


@pytest.fixture
def explorer() -> DriftExplorer:
    return drift_explorer()


def test_every_stop_of_the_slider_is_a_frame_of_the_training(explorer: DriftExplorer) -> None:
    stops = range(explorer.step.min, explorer.step.max + 1, explorer.step.step)
    assert set(stops) | set(MOMENTS) == set(FRAMES)
    assert (explorer.play.min, explorer.play.max, explorer.play.step) == (stops[0], stops[-1], stops.step)
    assert all(len(frame) == LAYERS == explorer.layer.max for frame in drifting("none").values())


def test_at_the_start_both_distributions_are_their_own_outlines(explorer: DriftExplorer) -> None:
    said = sentence(explorer)
    assert said.startswith("Step 0, layer 6, mean ± standard deviation. Without normalization: ")
    assert "With batch normalization: 0.00 ± 1.00, at the start 0.00 ± 1.00." in said


def test_the_sixth_layer_drifts_without_normalization_and_stays_with_it(explorer: DriftExplorer) -> None:
    explorer.step.value = 60
    now, start = drifting("none")[60][5], drifting("none")[0][5]
    assert now.std() > 5 * start.std()
    assert f"Without normalization: {mean_and_width(now)}, at the start {mean_and_width(start)}." in sentence(explorer)
    normalized = drifting("batch")[60][5]
    assert abs(normalized.mean()) < 0.3
    assert 0.7 < normalized.std() < 1.5


def test_the_first_layer_hardly_moves_in_either_net() -> None:
    for norm in ("none", "batch"):
        now, start = drifting(norm)[60][0], drifting(norm)[0][0]
        assert abs(now.mean() - start.mean()) < 0.2
        assert abs(now.std() / start.std() - 1) < 0.2


@pytest.mark.parametrize(("control", "value"), [("step", 20), ("layer", 1)])
def test_moving_a_slider_changes_picture_and_sentence(explorer: DriftExplorer, control: str, value: int) -> None:
    image, said = explorer.image.value, sentence(explorer)
    getattr(explorer, control).value = value
    assert explorer.image.value != image
    assert sentence(explorer) != said


def test_a_histogram_is_drawn_over_the_outline_of_the_start() -> None:
    ax = Figure().subplots()
    now, first = draw_distribution(
        np.array([2.5, 2.5, 0.5]), np.array([1.5, 1.5, 0.5, 0.5]), np.arange(4.0), "#0072B2", ax
    )
    assert now.tolist() == [0.5, 0, 1]
    assert first.tolist() == [1, 1, 0]
    (mean,) = ax.lines
    assert mean.get_xdata() == pytest.approx([11 / 6] * 2)


def test_the_bins_stay_from_frame_to_frame_and_hold_nearly_all_values() -> None:
    edges = edges_of(6)
    for norm in ("none", "batch"):
        values = np.concatenate([frame[5] for frame in drifting(norm).values()])
        assert ((values > edges[0]) & (values < edges[-1])).mean() > 0.99


def test_both_nets_are_drawn_on_one_axis_so_that_widths_can_be_compared(explorer: DriftExplorer) -> None:
    for layer in (1, LAYERS):
        explorer.layer.value = layer
        without, with_norm = explorer.axes.values()
        assert without.get_xlim() == with_norm.get_xlim()


def test_a_mean_of_minus_nothing_is_nothing() -> None:
    assert mean_and_width(np.array([-0.001, 0.0])) == "0.00 ± 0.00"


def test_a_frame_leaves_nothing_of_the_one_before(explorer: DriftExplorer) -> None:
    explorer.step.value = 30
    explorer.step.value = 0
    assert same_picture(explorer, drift_explorer())


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_words_are_the_readers_and_stand_inside(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NCL_LANG", lang)
    explorer = drift_explorer()
    assert ("Шаг 0, слой 6" in sentence(explorer)) == (lang == "ru")
    assert ("0,00 ± 1,00" in sentence(explorer)) == (lang == "ru")
    stands_inside(explorer)
