"""The trial of pooling: the same net without and with one POOL, read on learned, new and moved digits."""

from __future__ import annotations

import pytest

from ncl_course import viz
from ncl_course.experiments.by_torch import normalization_trials
from ncl_course.experiments.by_torch.normalization_trials import Course, Trial, net


def test_each_net_is_read_on_learned_new_and_moved_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(trial: Trial, own: object) -> Course:
        """Be right on 90 % of the learned digits with pooling, on half of them without, and vary with the seed."""
        right = 0.9 if trial.pools else 0.5
        return Course(trained=right + trial.seed / 100, tested=right - 0.1, moved=right - 0.3)

    monkeypatch.setattr(normalization_trials, "run", run)
    said = viz.show_pooling_trial().alt
    assert "learned: without POOL 51 (50, 51, 52), with POOL 91 (90, 91, 92)" in said
    assert "new: without POOL 40 (40, 40, 40), with POOL 80 (80, 80, 80)" in said
    assert "moved by one pixel: without POOL 20 (20, 20, 20), with POOL 60 (60, 60, 60)" in said


def test_the_two_nets_differ_by_one_pool_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    trained: list[Trial] = []
    monkeypatch.setattr(normalization_trials, "run", lambda trial, own: trained.append(trial) or Course())
    viz.show_pooling_trial()
    with_pooling, without = trained[0], trained[3]
    kinds = [[type(layer).__name__ for layer in net(trial)] for trial in (without, with_pooling)]
    assert kinds[1].count("MaxPool2d") == 1
    assert [kind for kind in kinds[1] if kind != "MaxPool2d"] == kinds[0]
    weights = [net(trial)[-1].weight.numel() for trial in (without, with_pooling)]  # type: ignore[union-attr]
    assert weights == [7680, 1920]  # as the lesson says
