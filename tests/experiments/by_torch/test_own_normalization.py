"""Normalizations of the course train inside torch's net like torch's own."""

from __future__ import annotations

from functools import partial

import pytest

from ncl_course.experiments.by_torch.normalization_trials import Trial, run
from ncl_course.oracles.normalization.batchnorm import BatchNorm2d
from ncl_course.oracles.normalization.right import GroupNorm, WeightStandardization

SHORT = Trial("batch", depth=2, steps=4)


class WithoutScale(BatchNorm2d):
    """A wrong layer, whose γ and β never learn."""

    def backward(self, grad_out):
        grad_x = super().backward(grad_out)
        self.grads = {name: 0 * grad for name, grad in self.grads.items()}
        return grad_x


def test_the_losses_are_those_of_torchs_layer():
    assert run(SHORT, own={"batch": BatchNorm2d}).losses == pytest.approx(run(SHORT).losses, rel=1e-4)


def test_the_students_group_normalization_takes_the_place_of_torchs_and_not_of_batch_normalization():
    own = {"group": partial(GroupNorm, 4)}
    grouped = Trial("group", depth=2, steps=4)
    assert run(grouped, own=own).losses == pytest.approx(run(grouped).losses, rel=1e-4)
    halved = {"group": partial(GroupNorm, 2)}
    assert run(grouped, own=halved).losses[0] != pytest.approx(run(grouped).losses[0], rel=1e-4)
    assert run(SHORT, own=halved).losses == run(SHORT).losses


class WithoutGradient(WeightStandardization):
    """A wrong standardization, whose weights never learn."""

    def backward(self, grad_out):
        return 0 * super().backward(grad_out)


def test_the_students_weight_standardization_takes_the_place_of_torchs():
    standardized = Trial("group", depth=2, steps=4, standardize=True)
    losses = run(standardized).losses
    assert run(standardized, own={"weights": WeightStandardization}).losses == pytest.approx(losses, rel=1e-4)
    assert run(standardized, own={"weights": WithoutGradient}).losses[-1] != pytest.approx(losses[-1], rel=1e-4)


def test_gamma_and_beta_learn_so_a_layer_without_their_gradients_has_other_losses():
    assert run(SHORT, own={"batch": WithoutScale}).losses[-1] != pytest.approx(run(SHORT).losses[-1], rel=1e-4)


def test_a_net_of_two_convolutions_may_have_a_pooling_layer_or_none():
    assert [len(run(Trial(depth=2, pools=pools, steps=1)).losses) for pools in (0, 1)] == [1, 1]
