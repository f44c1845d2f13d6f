"""Trials with several seeds: each is trained once with every seed, and its picture shows and says every number."""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure

from ncl_course.experiments.by_torch import normalization_trials
from ncl_course.experiments.by_torch.normalization_trials import Course, Trial
from ncl_course.viz.runs import SEEDS, courses, draw_runs, draw_shares, in_words, picture_of

RUNS = (("one", "#101010", [(0.5, 0.6, 0.1), (0.9, 0.9, 1.0)]), ("two", "#202020", [(0.2, 0.4, 0.3), (0, 0, 0)]))
"""Two series at two ticks with three runs each; the means of the first are 0.4 and 0.933."""


LAYER = object()


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[Trial]:
    """Take the place of the training: a run is right by its seed, and the list has the trials in their order."""
    found: list[Trial] = []

    def run(trial: Trial, own: object) -> Course:
        found.append(trial)
        return Course(tested=trial.lr + trial.seed, trained=1.0 if own is LAYER else 0.0)

    monkeypatch.setattr(normalization_trials, "run", run)
    return found


def test_every_trial_is_trained_with_every_seed_and_the_answers_keep_the_order(trained: list[Trial]) -> None:
    found = courses([[Trial(lr=10), Trial(lr=20)], [Trial("batch", lr=30)]])
    assert [[[run.tested for run in runs] for runs in trials] for trials in found] == [
        [[10, 11, 12], [20, 21, 22]],
        [[30, 31, 32]],
    ]
    assert [(one.norm, one.lr, one.seed) for one in trained] == [
        *(("batch", 30, seed) for seed in SEEDS),
        *(("none", lr, seed) for lr in (10, 20) for seed in SEEDS),
    ], "the last series first"


def test_the_students_layer_comes_to_every_training(trained: list[Trial]) -> None:
    found = courses([[Trial("batch")], [Trial("batch", after=True)]], LAYER)
    assert {run.trained for trials in found for runs in trials for run in runs} == {1.0}
    assert {run.trained for run in courses([[Trial("batch")]])[0][0]} == {0.0}
    assert len(trained) == 3 * 3


def test_a_bar_is_the_mean_of_its_runs_and_each_run_has_a_dot() -> None:
    ax = Figure().subplots()
    draw_runs(["a", "b"], RUNS, ax)
    heights = [bar.get_height() for bars in ax.containers for bar in bars]  # type: ignore[attr-defined]
    assert heights == pytest.approx([40, 280 / 3, 30, 0])
    assert [said.get_text() for said in ax.texts] == ["40", "93", "30", "0"]
    dots = [place.tolist() for scattered in ax.collections for place in scattered.get_offsets()]  # type: ignore[attr-defined]
    assert [height for _, height in dots] == pytest.approx([50, 60, 10, 90, 90, 100, 20, 40, 30, 0, 0, 0])
    edges = [(bar.get_x(), bar.get_x() + bar.get_width()) for bars in ax.containers for bar in bars]  # type: ignore[attr-defined]
    owners = [edges[number // 3] for number in range(len(dots))]
    assert all(left < place < right for (place, _), (left, right) in zip(dots, owners, strict=True))


def test_the_numbers_of_all_bars_fit_above_the_highest_dot() -> None:
    ax = Figure().subplots()
    draw_runs(["a", "b"], RUNS, ax)
    assert {said.get_position()[1] for said in ax.texts} == {104}
    assert ax.get_ylim()[1] > 104
    draw_shares(["a"], (("one", "#101010", [0.5]),), alone := Figure().subplots())
    assert [said.get_position()[1] for said in alone.texts] == [52]


def test_every_mean_and_every_run_is_said_in_words() -> None:
    assert in_words(["0.1", "0.3"], RUNS) == (
        "In per cent: 0.1: one 40 (50, 60, 10), two 30 (20, 40, 30); 0.3: one 93 (90, 90, 100), two 0 (0, 0, 0)."
    )


def test_a_single_run_is_said_once() -> None:
    assert in_words(["0.1"], [("one", "#101010", [(0.256,)])]) == "In per cent: 0.1: one 26."


def test_a_pictures_description_has_its_seeds_and_its_numbers() -> None:
    said = picture_of("pooling.trial.digits", ["new", "moved"], RUNS).alt
    assert "3" in said.split("In per cent")[0]
    assert "one 93 (90, 90, 100)" in said
