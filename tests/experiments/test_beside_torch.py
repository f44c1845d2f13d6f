"""Two trainings side by side: right pieces stay equal to torch, and wrong ones diverge from it."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.experiments.beside_torch import CONFIG, beside_torch
from ncl_course.nn import Sequential
from tests.answers.linear_right import RIGHT as LINEAR
from tests.answers.training_right import RIGHT, Flatten, Linear


@pytest.mark.parametrize("build", RIGHT["build_cnn"], ids=lambda build: build.__name__)
def test_right_pieces_stay_equal_to_torch_for_twenty_steps(build):
    run = beside_torch(build, RIGHT["train_step"][0], LINEAR["CrossEntropyLoss"][0]())
    assert len(run.own) == len(run.torch) == len(run.differences) == 20
    assert run.own == pytest.approx(run.torch, rel=1e-9)
    assert max(run.differences) < 1e-9
    assert np.mean(run.own[-5:]) < 0.6 * run.own[0], "it learns"


def test_a_slightly_wrong_learning_rate_shows_from_the_first_step_on():
    def impatient(model, loss, optimizer, x, labels):
        optimizer.lr = 0.0501
        return RIGHT["train_step"][0](model, loss, optimizer, x, labels)

    run = beside_torch(RIGHT["build_cnn"][0], impatient, LINEAR["CrossEntropyLoss"][0](), steps=3)
    assert run.own[0] == pytest.approx(run.torch[0], rel=1e-9), "the first loss is before any update"
    assert min(run.differences) > 1e-6
    assert run.own[2] != pytest.approx(run.torch[2], rel=1e-9)


def test_a_network_that_differs_from_the_template_is_refused_with_both_lists_of_parameters():
    def flat(config, rng):
        return Sequential(Flatten(), Linear(64, 10, rng=rng))

    with pytest.raises(ValueError, match=r"parameters are .*1\.weight.*; the template's are .*0\.weight"):
        beside_torch(flat, RIGHT["train_step"][0], LINEAR["CrossEntropyLoss"][0]())


def test_the_network_has_batch_normalization_and_two_blocks():
    assert CONFIG.batch_norm
    assert len(CONFIG.filters) == 2
