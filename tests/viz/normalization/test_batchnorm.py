"""The pictures of batch normalization: the pencil example's numbers, verdicts on steps, bars, curves."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from torch import nn

from ncl_course import viz
from ncl_course.experiments.by_torch.normalization_trials import Trial, run
from ncl_course.oracles.normalization.batchnorm import BatchNorm2d
from ncl_course.viz.dropout.drawings import draw_curves
from ncl_course.viz.normalization.batchnorm import draw_paths, pencil_steps, state_of
from ncl_course.viz.normalization.drift_explorer import COLOURS
from ncl_course.viz.normalization.modes import draw_mode
from ncl_course.viz.normalization.normalized import BETA, EPS, GAMMA, PENCIL, running_means
from ncl_course.viz.normalization.stored import CELL, draw_stored, draw_weights
from ncl_course.viz.normalization.trials import named
from ncl_course.viz.palette import WITH, WITHOUT
from ncl_course.viz.runs import draw_shares
from ncl_course.viz.training import claims_gap
from ncl_course.viz.training.claims import LINES


def test_the_pencils_gradient_is_the_oracles() -> None:
    layer = BatchNorm2d(1, eps=EPS)
    layer.params["gamma"][...], layer.params["beta"][...] = GAMMA, BETA
    assert layer.forward(PENCIL.reshape(2, 1, 1, 2)).ravel() == pytest.approx([7, 9, 11, 13])
    assert layer.backward(np.array([9.0, 0, 0, 0]).reshape(2, 1, 1, 2)).ravel() == pytest.approx(pencil_steps()["dx"])


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (None, "missing"),
        ([4.5, -3, -1.5, 0], "right"),
        ([[4.5, -3], [-1.5, 0]], "right"),
        ([1, 2], "wrong"),
        ("?", "wrong"),
    ],
)
def test_a_step_of_the_pencils_gradient_has_a_state_whatever_stands_there(answer: object, state: str) -> None:
    assert state_of(answer, pencil_steps()["dx"]) == state  # type: ignore[arg-type]


def test_a_blank_row_of_steps_says_that_all_is_still_to_do() -> None:
    assert viz.show_batchnorm_steps().alt.count("still to do") == 5


def test_the_running_value_starts_at_0_and_keeps_the_share_alpha() -> None:
    assert running_means(np.array([4.0, 4.0]), 0.75) == pytest.approx([1, 1.75])


def test_the_gradients_three_paths_are_named() -> None:
    words = [said.get_text() for said in draw_paths(Figure().subplots())]
    assert words == ["directly", "through the mean", "through the variance", "γ, β"]


def test_each_bar_says_its_percentage() -> None:
    ax = Figure().subplots()
    draw_shares(["a", "b"], (("one", "#101010", [0.5, 1.0]), ("two", "#202020", [0.25, 0.0])), ax)
    assert [said.get_text() for said in ax.texts] == ["50", "100", "25", "0"]


def test_a_network_without_and_one_with_have_the_same_colours_in_lessons_04_05_and_06() -> None:
    lines = draw_curves(Figure().subplots(), np.ones(2), np.ones(2), (np.ones(2), np.ones(2)), "")
    without, _, with_dropout, _ = (line.get_color() for line in lines)
    assert [colour for _, colour, _ in named((0.5,), (0.9,))] == [without, with_dropout]
    assert [COLOURS["none"], COLOURS["batch"]] == [without, with_dropout]
    assert [LINES["plain"][0], LINES["bn"][0]] == [without, with_dropout]
    assert list(claims_gap.COLOURS) == [without, with_dropout]


def test_the_lectures_table_has_each_model_in_its_row_and_batch_normalization_in_one_colour() -> None:
    steps, _ = viz.show_batchnorm_table().axes
    assert [said.get_text() for said in steps.get_yticklabels()] == ["Inception", "BN-Baseline", "BN-x5", "BN-x30"]
    assert [to_hex(bar.get_facecolor()).upper() for bar in steps.patches] == [WITHOUT, WITH, WITH, WITH]


@pytest.mark.parametrize(
    ("training", "said"),
    [
        (True, ["of this batch", "running: updated, not used", "used and trained"]),
        (False, ["of the batch: not used", "running: used, not updated", "used, not changed"]),
    ],
)
def test_the_two_modes_say_what_is_used_and_what_changes(training: bool, said: list[str]) -> None:
    drawn = draw_mode(Figure().subplots(), 0, training=training)
    assert [drawn[part].get_text() for part in ("batch", "running", "trained")] == said


def test_the_test_mode_of_the_picture_is_what_the_oracle_does() -> None:
    """Nothing changes, and a sample's output is the same alone and with others; in training it is not."""
    layer, x = BatchNorm2d(1), PENCIL.reshape(2, 1, 1, 2)
    layer.forward(x)
    layer.eval()
    before = [layer.running_mean.copy(), layer.running_var.copy(), *(p.copy() for p in layer.params.values())]
    assert layer.forward(x[:1]) == pytest.approx(layer.forward(x)[:1])
    after = [layer.running_mean, layer.running_var, *layer.params.values()]
    assert [np.array_equal(a, b) for a, b in zip(before, after, strict=True)] == [True] * 4
    layer.train()
    assert layer.forward(x[:1]) != pytest.approx(layer.forward(x)[:1])
    assert not np.array_equal(layer.running_mean, before[0])


def test_a_square_is_drawn_for_each_stored_number_and_all_are_of_one_size() -> None:
    weights, stored = draw_weights(Figure().subplots()), draw_stored(Figure().subplots())
    layer = nn.Conv2d(64, 1, 3, bias=False)
    assert len(weights) == layer.weight.numel() == 144 * len(stored)
    assert {(cell.get_width(), cell.get_height()) for cell in [*weights, *stored]} == {(CELL, CELL)}


def test_the_lectures_table_has_bars_from_0_and_dots_where_an_axis_begins_elsewhere() -> None:
    steps, best = viz.show_batchnorm_table().axes
    assert steps.get_xlim()[0] == 0
    assert [bar.get_width() for bar in steps.patches] == [31.0, 13.3, 2.1, 2.7]
    assert not best.patches
    assert best.collections[0].get_offsets()[:, 0].tolist() == [72.2, 72.7, 73.0, 74.8]


def test_all_panels_of_the_shift_have_one_scale_and_the_picture_says_that_peaks_are_equal() -> None:
    picture = viz.show_covariate_shift()
    assert len({ax.get_xlim() for ax in picture.axes}) == 1
    assert any("scaled to its own peak" in said.get_text() for said in picture.texts)


def test_the_same_trial_gives_the_same_course() -> None:
    trial = Trial("batch", depth=2, steps=3, samples=64)
    first, again = run(trial, watch=(0, 2)), run(trial, watch=(0, 2))
    assert first.losses == again.losses
    assert sorted(first.seen) == [0, 2]
    assert len(first.seen[0]) == 2


@pytest.mark.parametrize(
    "show",
    [
        "show_normalized_map",
        "show_batchnorm_modes",
        "show_batchnorm_paths",
        "show_batchnorm_table",
        "show_stored_numbers",
    ],
)
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_each_figure_is_described_in_the_readers_language(
    show: str, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NCL_LANG", lang)
    picture = getattr(viz, show)()
    assert len(picture.alt) > 40
    assert picture.png(quick=True)[:4] == b"\x89PNG"
